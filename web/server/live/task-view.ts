import { sameCell } from '../../../client/live-detail.ts';
import type { ViewRow } from '../../../schemas/view-row.ts';
import type { TaskView } from '../../../schemas/web-live.ts';
import { collectionOf } from './home-source.ts';
import type { LiveContext } from './live-context.ts';
import { rolloutNow } from './rollout-now.ts';
import { taskNow } from './task-now.ts';
import type { Wait } from './waiting.ts';

/** A pull request with its rollouts: what the ledger has, and while it is under way what the server and worker tell. */
export async function taskView(context: LiveContext, campaign: string, instance_id: string): Promise<TaskView | undefined> {
  const { ledger, source } = context;
  const task = await ledger.task(campaign, instance_id);
  const list = await source.list(campaign);
  const rows = (list?.rows ?? []).filter((row) => row.instance_id === instance_id);
  if (task === null && rows.length === 0) return undefined;
  const missing: string[] = [];
  const under = task === null || task.state === 'planned';
  const { detail, waits } = under ? await taskNow(context, campaign, instance_id, missing) : { detail: null, waits: [] };
  const ids = [...new Set((list?.rows ?? []).map((row) => row.instance_id))].sort();
  const place = ids.indexOf(instance_id);
  return {
    missing,
    collection: collectionOf(campaign),
    detail,
    problem: task?.problem ?? null,
    rollouts: rows.sort(byCell).map((row) => rolloutOf(row, detail, waits)),
    before: place > 0 ? (ids[place - 1] ?? null) : null,
    after: place === -1 ? null : (ids[place + 1] ?? null),
  };
}

function byCell(a: ViewRow, b: ViewRow): number {
  const [left, right] = [`${a.harness} ${a.mode}`, `${b.harness} ${b.mode}`];
  return left === right ? a.sample - b.sample : left < right ? -1 : 1;
}

function rolloutOf(row: ViewRow, detail: TaskView['detail'], waits: readonly Wait[]): TaskView['rollouts'][number] {
  const { id, harness, mode, sample } = row;
  const live = detail?.rollouts.find(({ cell }) => sameCell(cell, row));
  const now = row.fate === 'open' && detail !== null && live !== undefined ? rolloutNow(live, detail, waits) : undefined;
  return {
    row: id,
    harness,
    mode,
    sample,
    stage: now?.stage ?? row.stage,
    ending: row.ending === '' ? (live?.ending ?? null) : row.ending,
    fate: row.fate === 'open' ? null : row.rule === '' ? row.fate : `${row.fate} · ${row.rule}`,
    resolved: row.resolved,
    turns: row.turns ?? now?.turns ?? null,
    cost_usd: row.cost_usd ?? live?.live?.cost_usd ?? live?.cost_usd ?? null,
    waiting_for: now?.waiting_for ?? null,
    since: now?.since ?? null,
  };
}
