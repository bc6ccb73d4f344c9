import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { quote } from '../../platform/quote.ts';

/** Answers the question on a real pseudo-terminal; gives all that is shown there. */
async function answered(keys: string): Promise<string> {
  const command = [process.execPath, '--disable-warning=ExperimentalWarning', join(import.meta.dirname, 'ask-to-start.ts')];
  const child = spawn('script', ['-qec', command.map(quote).join(' '), '/dev/null'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  let shown = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    if (!shown.includes('[y/N]') && `${shown}${text}`.includes('[y/N]')) child.stdin.write(keys);
    shown += text;
  });
  await ended;
  return shown;
}

it.each([
  ['y', 'y\n', 'answer true, interrupted false'],
  ['anything else', 'yo\n', 'answer false, interrupted false'],
  ['Ctrl-D', '\u0004', 'answer false, interrupted false'],
  ['Ctrl-C', '\u0003', 'answer false, interrupted true'],
])('takes %s for what it is', async (_name, keys, said) => {
  const shown = await answered(keys);
  expect(shown).toContain(said);
  expect(shown).not.toMatch(/Error| at /);
});
