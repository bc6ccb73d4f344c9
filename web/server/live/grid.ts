import { nameTable } from '../../../schemas/name-table.ts';
import type { ViewRow } from '../../../schemas/view-row.ts';
import type { CampaignGrid } from '../../../schemas/web-live.ts';
import type { RowList } from '../../model/rows/row-list.ts';
import type { LiveContext } from './live-context.ts';

/** A grid as an address asks for it. */
export interface GridQuery {
  /** Words of the instance id, in any case. */
  text: string;
  /** A task's state; empty for all. */
  state: string;
  after: string | null;
  limit: number;
}

type Cell = CampaignGrid['cells'][number];

/** Grids by the list that they were made of: a list of other rows is another list. */
const made = new WeakMap<RowList, { cells: Cell[]; codes: string[]; tasks: Map<string, number[]> }>();

/** Tasks × cells, one code a cell; what does not exist of a task is the code of an empty text. */
export async function campaignGrid(context: LiveContext, campaign: string, query: GridQuery): Promise<CampaignGrid | undefined> {
  const list = await context.source.list(campaign);
  if (list === undefined) return undefined;
  const grid = made.get(list) ?? gridOf(list.rows);
  made.set(list, grid);
  const states = context.source.tasks(campaign);
  const words = query.text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  const ids = [...grid.tasks.keys()].filter((id) => words.every((word) => id.toLowerCase().includes(word)));
  const matching = ids.filter((id) => query.state === '' || states.get(id)?.state === query.state).sort();
  const from = query.after === null ? 0 : matching.findIndex((id) => id > (query.after ?? ''));
  const shown = from === -1 ? [] : matching.slice(from, from + query.limit);
  const last = shown.at(-1);
  const { tasks: stages, missing } = context.source.stages(campaign);
  const stateOf = (id: string) => (states.get(id)?.state === 'planned' ? stages.get(id) : undefined) ?? states.get(id)?.state ?? 'unknown';
  return {
    missing: [...missing],
    cells: grid.cells,
    codes: grid.codes,
    tasks: shown.map((id) => ({ instance_id: id, state: stateOf(id), cells: grid.tasks.get(id) ?? [] })),
    matched: matching.length,
    total: grid.tasks.size,
    next: last !== undefined && last !== matching.at(-1) ? last : null,
  };
}

function gridOf(rows: readonly ViewRow[]) {
  const names = new Map(
    rows.map(({ harness, mode, sample }) => [`${harness}\0${mode}\0${String(sample).padStart(6, '0')}`, { harness, mode, sample }]),
  );
  const sorted = [...names.keys()].sort();
  const places = new Map(sorted.map((name, place) => [name, place]));
  const codes = new Map<string, number>([['', 0]]);
  const tasks = new Map<string, number[]>();
  for (const row of rows) {
    const text = codeOf(row);
    const code = codes.get(text) ?? codes.size;
    codes.set(text, code);
    const cells = tasks.get(row.instance_id) ?? sorted.map(() => 0);
    const place = places.get(`${row.harness}\0${row.mode}\0${String(row.sample).padStart(6, '0')}`);
    if (place !== undefined) cells[place] = code;
    tasks.set(row.instance_id, cells);
  }
  return { cells: sorted.flatMap((name) => names.get(name) ?? []), codes: [...codes.keys()], tasks };
}

const verdicts: Record<string, string> = nameTable({ '1': 'resolved', '0': 'not resolved', '-1': 'outcome unknown' });

function codeOf({ stage, fate, rule, resolved }: ViewRow): string {
  if (fate === 'kept') return `${stage} · kept · ${verdicts[String(resolved)] ?? 'outcome unknown'}`;
  if (fate === 'dropped') return `${stage} · dropped · ${rule}`;
  if (fate === 'open') return stage;
  return `${stage} · ${fate.replace('_', ' ')}`;
}
