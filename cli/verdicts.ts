import type { FoundRow } from '../demo/final-table.ts';
import { type Column, table } from './table.ts';

const mostShown = 40;

const task: Column<FoundRow> = { title: 'task', value: (row) => row.task };
const language: Column<FoundRow> = { title: 'language', value: (row) => row.language };
const fate: readonly Column<FoundRow>[] = [
  { title: 'harness', value: ({ harness }) => harness },
  { title: 'mode', value: ({ mode }) => mode },
  { title: 'turns', value: ({ turns }) => turns, align: 'right' },
  { title: 'ending', value: ({ ending }) => ending },
  { title: 'resolved', value: ({ resolved }) => resolved, align: 'right' },
  { title: 'fate', value: (row) => row.fate },
  { title: 'row', value: ({ id }) => id.slice(0, 8) },
];

/** What became of each rollout, with the language of its task. */
export function fates(rows: readonly FoundRow[]): string {
  return table(rows, [task, language, ...fate]);
}

/** What became of each rollout, the verdict first among it; of many the first ones. */
export function verdicts(rows: readonly FoundRow[]): string {
  const text = table(rows.slice(0, mostShown), [task, ...fate]);
  const more = rows.length > mostShown ? [`and ${rows.length - mostShown} more`] : [];
  // A row that is still open has no id on record yet.
  const decided = rows.find((row) => row.fate !== 'open');
  const next = decided === undefined ? [] : [`why it is so: tracemill why ${decided.id.slice(0, 8)}`];
  return [text, ...more, ...next].join('\n');
}
