import { setTimeout as sleep } from 'node:timers/promises';
import { width } from './table.ts';

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
      const { columns, rows } = process.stderr;
      const shown = onScreen(text, { columns, rows: rows - 1 });
      process.stderr.write(`${drawn > 0 ? `\u001B[${drawn}A\u001B[0J` : ''}${shown.text}\n`);
      drawn = shown.rows;
    } else if (text !== last) process.stderr.write(`${text}\n`);
    last = text;
    if (ended(state) || signal.aborted) return state;
    await sleep(everyMs, undefined, { signal }).catch(() => undefined);
  }
}

/**
 * As much of a text, from its first line on, as can be drawn over later: a terminal breaks long lines, and what has left its top stays.
 * `rows` of the result: how many of the terminal's it takes. A terminal without a size has 0 columns: its lines do not break.
 */
export function onScreen(text: string, { columns, rows }: { columns: number; rows: number }): { text: string; rows: number } {
  const lines = text.split('\n');
  const rowsOf = (line: string) => (columns > 0 ? Math.max(1, Math.ceil(width(line) / columns)) : 1);
  let [taken, count] = [0, 0];
  for (const line of lines) {
    const more = rowsOf(line);
    if (count > 0 && rows > 0 && taken + more > rows) break;
    taken += more;
    count += 1;
  }
  return { text: lines.slice(0, count).join('\n'), rows: taken };
}
