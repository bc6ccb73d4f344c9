import type { SecretFormat, Span } from './maintained-formats.ts';

/**
 * Formats that the maintained set lacks or finds only in whole files: by the prefix that the issuer documents, or by their frame. Each has
 * a fixed beginning, so that a text is passed over quickly.
 */
export const ownFormats: SecretFormat[] = [
  format('aws-access-key-id', /(?<![A-Za-z0-9])(?:AKIA|ASIA|AGPA|AROA)[A-Z2-7]{16}(?![A-Za-z0-9])/g),
  format('google-api-key', /(?<![\w-])AIza[\w-]{35}(?![\w-])/g),
  format('pypi-token', /(?<![\w-])pypi-AgE[\w-]{50,}/g),
  format('openai', /(?<![\w-])sk-(?:proj-|svcacct-|admin-)?[A-Za-z0-9_-]{40,200}(?![\w-])/g),
  format('json-web-token', /(?<![\w-])eyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}/g),
  format('bearer-token', /\b[Bb]earer\s{1,3}(?=[\w.~+/=-]{0,300}\d)([\w.~+/-]{24,500}={0,2})(?![\w.~+/-])/g),
  format('basic-authorization', /\b[Aa]uthorization["']{0,2}\s{0,2}[:=]\s{0,2}["']{0,2}[Bb]asic\s{1,3}([A-Za-z0-9+/]{12,200}={0,2})/g),
  format('twilio-key', /(?<![A-Za-z0-9])SK[0-9a-f]{32}(?![A-Za-z0-9])/g),
  format('telegram-bot-token', /(?<![\w:])\d{8,10}:AA[\w-]{33}(?![\w-])/g),
  format('age-key', /AGE-SECRET-KEY-1[0-9A-Z]{58}/g),
  { name: 'privatekey', find: privateKeys },
];

/** What the pattern matches, or its first group, which ends the match: words before a secret are none. */
function format(name: string, pattern: RegExp): SecretFormat {
  return {
    name,
    find: (text) =>
      [...text.matchAll(pattern)].map(
        ({ index, 0: whole, 1: secret = whole }): Span => [index + whole.length - secret.length, index + whole.length],
      ),
  };
}

/** Longer than any key that is written as text. */
const longestKey = 20_000;

/** Private keys between their two marks, also in a diff, where every line has a sign before it. One without its end is cut off. */
function privateKeys(text: string): Span[] {
  const spans: Span[] = [];
  for (const { index, 0: begin } of text.matchAll(/-----BEGIN [A-Z0-9 ]{0,30}PRIVATE KEY(?: BLOCK)?-----/g)) {
    const body = text.slice(index + begin.length, index + longestKey);
    const end = /-----END [A-Z0-9 ]{0,30}PRIVATE KEY(?: BLOCK)?-----/.exec(body);
    const whole = end === null ? (/^(?:[\s+>|-]*[A-Za-z0-9+/=]{16,})+/.exec(body)?.[0].length ?? 0) : end.index + end[0].length;
    const size = body.slice(0, whole).replaceAll(/[^A-Za-z0-9]/g, '').length;
    // The two marks alone, as code that reads keys has them, or with a word between them.
    if (size > 100) spans.push([index, index + begin.length + whole]);
  }
  return spans;
}
