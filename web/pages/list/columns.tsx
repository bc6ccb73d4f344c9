import type { ComponentChildren } from 'preact';
import type { ViewRow } from '../../../schemas/view-row.ts';
import { Name } from '../parts/name.tsx';
import { State } from '../parts/state.tsx';
import { dollars, short, span, whole } from '../parts/units.ts';

export interface ListColumn {
  name: keyof ViewRow;
  title: string;
  /** Pixels. */
  width: number;
  number: boolean;
  show: (row: ViewRow) => ComponentChildren;
}

/** All columns of a list, in their order. */
export const listColumns: readonly ListColumn[] = [
  text('instance_id', 'task', 240),
  text('repo', 'repository', 170),
  text('language', 'language', 78),
  text('license', 'licence', 100),
  text('harness', 'harness', 106),
  text('mode', 'mode', 76),
  text('model', 'model', 160),
  number('sample', 'sample', 66, whole),
  { name: 'stage', title: 'stage', width: 100, number: false, show: ({ stage }) => state(stage) },
  text('ending', 'ending', 110),
  { name: 'fate', title: 'fate', width: 100, number: false, show: ({ fate }) => state(fate) },
  text('rule', 'dropped by', 150),
  { name: 'resolved', title: 'verdict', width: 112, number: false, show: ({ resolved }) => state(verdictWord(resolved)) },
  number('turns', 'turns', 66, whole),
  number('prompt_tokens', 'prompt tokens', 110, short),
  number('completion_tokens', 'reply tokens', 100, short),
  number('cost_usd', 'cost', 70, dollars),
  number('bytes', 'size', 80, (bytes) => `${short(Math.round(bytes / 1024))} KiB`),
  number('seconds', 'took', 80, (seconds) => span(seconds * 1000)),
  number('findings', 'findings', 80, whole),
  text('categories', 'categories', 160),
  text('id', 'id', 260),
];

/** Those that are shown where the reader chose none. */
export const usualColumns = [
  'instance_id',
  'language',
  'harness',
  'mode',
  'sample',
  'stage',
  'ending',
  'fate',
  'resolved',
  'turns',
  'cost_usd',
  'findings',
];

/** A verdict in a word, as filters of lists name it by number. */
export function verdictWord(resolved: number | null): string {
  if (resolved === null) return '';
  return { '1': 'resolved', '0': 'not resolved', '-1': 'unknown' }[String(resolved)] ?? String(resolved);
}

function text(name: keyof ViewRow, title: string, width: number): ListColumn {
  return { name, title, width, number: false, show: (row) => <Name text={String(row[name] ?? '')} most={100} /> };
}

function number(name: keyof ViewRow, title: string, width: number, format: (value: number) => string): ListColumn {
  const show = (row: ViewRow) => {
    const value = row[name];
    return typeof value === 'number' ? format(value) : <span class="soft">–</span>;
  };
  return { name, title, width, number: true, show };
}

function state(word: string): ComponentChildren {
  return word === '' ? <span class="soft">–</span> : <State state={word} />;
}
