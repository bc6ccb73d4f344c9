import { createInterface } from 'node:readline/promises';
import { Problem } from '../schemas/problem.ts';

/** Throws `Problem` bad_arguments where there is no terminal to ask on. */
export function requireTerminal(): void {
  if (process.stdin.isTTY === true && process.stderr.isTTY === true) return;
  throw new Problem('bad_arguments', 'there is no terminal to ask on whether to start', { hint: 'give --yes' });
}

/** Asks a person on the terminal; only a yes is one. Ctrl-C, which interrupts the command as it does elsewhere, and Ctrl-D are a no. */
export async function confirm(question: string, signal: AbortSignal): Promise<boolean> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  // While it reads, the terminal gives Ctrl-C as a key.
  lines.on('SIGINT', () => process.kill(process.pid, 'SIGINT'));
  try {
    return /^y(es)?$/i.test((await lines.question(`${question} [y/N] `, { signal })).trim());
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'AbortError') throw error;
    process.stderr.write('\n');
    return false;
  } finally {
    lines.close();
  }
}
