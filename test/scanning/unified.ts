import { readRow } from '../../activities/scanning/inputs/row.ts';
import type { Message } from '../../schemas/message.ts';

/** Messages as rows hold them, in the one format that the scanner takes. */
export function unified(messages: readonly unknown[]): readonly Message[] {
  const { rows, problems } = readRow({ messages }, { file: 'rows.jsonl', unit: 'line', number: 1 });
  const [row] = rows;
  if (row === undefined) throw new Error(problems.map(({ problem }) => problem).join('\n'));
  return row.trajectory.messages;
}
