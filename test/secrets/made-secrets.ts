import { createHash } from 'node:crypto';

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** A string like a key of an issuer, the same for the same seed; made here, so that no file of the project holds one. */
export function made(prefix: string, length: number, seed = prefix, characters = alphabet): string {
  let text = '';
  for (let block = 0; text.length < length; block += 1) {
    for (const byte of createHash('sha256').update(`${seed} ${block}`).digest()) text += characters[byte % characters.length] ?? '';
  }
  return `${prefix}${text.slice(0, length)}`;
}

export const madeKeys: Record<string, string> = {
  github: made('ghp_', 36),
  slack: made(`xoxb-${'2'.repeat(6)}413579-${'7'.repeat(5)}4135791-`, 24),
  'aws-access-key-id': made('AKIA', 16, 'aws', 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'),
  npm: made('npm_', 36),
  'google-api-key': made('AIza', 35),
  'pypi-token': made('pypi-AgE', 80),
  openai: made('sk-', 48),
  'json-web-token': `${made('eyJ', 30)}.${made('eyJ', 60)}.${made('', 43)}`,
  huggingface: made('hf_', 34, 'hf', 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'),
  stripe: made('sk_live_', 24),
};

export const privateKey = [
  '-----BEGIN RSA PRIVATE KEY-----',
  ...Array.from({ length: 6 }, (_, line) => made('', 64, `line ${line}`)),
  '-----END RSA PRIVATE KEY-----',
].join('\n');
