import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Shows a text again and again until `ended` says so or the signal is aborted: redrawn in place on a terminal, one
 * `line` whenever it changed elsewhere. Goes to standard error, so that it never mixes with a command's result.
 */
export async function watch<T>(options: {
  read: () => Promise<T>;
  ended: (state: T) => boolean;
  screen: (state: T) => string;
  line: (state: T) => string;
  signal: AbortSignal;
  everyMs?: number;
}): Promise<T> {
  const { read, ended, screen, line, signal, everyMs = 1000 } = options;
  const terminal = process.stderr.isTTY === true;
  let drawn = 0;
  let last = '';
  for (;;) {
    const state = await read();
    const text = terminal ? screen(state) : line(state);
    if (terminal) {
      process.stderr.write(`${drawn > 0 ? `\u001B[${drawn}A\u001B[0J` : ''}${text}\n`);
      drawn = text.split('\n').length;
    } else if (text !== last) process.stderr.write(`${text}\n`);
    last = text;
    if (ended(state) || signal.aborted) return state;
    await sleep(everyMs, undefined, { signal }).catch(() => undefined);
  }
}
