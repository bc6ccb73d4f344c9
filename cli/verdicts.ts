import type { FoundRow } from '../demo/final-table.ts';
import { table } from './table.ts';

const mostShown = 40;

/** What became of each rollout, the verdict first among it; of many the first ones. */
export function verdicts(rows: readonly FoundRow[]): string {
  const text = table(rows.slice(0, mostShown), [
    { title: 'task', value: ({ task }) => task },
    { title: 'harness', value: ({ harness }) => harness },
    { title: 'mode', value: ({ mode }) => mode },
    { title: 'turns', value: ({ turns }) => turns, align: 'right' },
    { title: 'ending', value: ({ ending }) => ending },
    { title: 'resolved', value: ({ resolved }) => resolved, align: 'right' },
    { title: 'fate', value: ({ fate }) => fate },
    { title: 'row', value: ({ id }) => id.slice(0, 8) },
  ]);
  const more = rows.length > mostShown ? [`and ${rows.length - mostShown} more`] : [];
  const next = rows.length === 0 ? [] : [`why it is so: tracemill why ${rows[0]?.id.slice(0, 8)}`];
  return [text, ...more, ...next].join('\n');
}
