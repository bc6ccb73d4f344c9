import { z } from 'zod';
import { TaskRecord } from '../../../schemas/ledger-record.ts';
import type { DecidedRow, ListChanges, ListPlace } from '../ledger.ts';
import type { QueryName } from './queries.ts';

type Ask = (query: QueryName, ...values: (string | number)[]) => Promise<unknown>;

/** Rows that are read between two turns of the ledger's thread: some 20 ms of work. */
const rowsAPage = 2000;

/** What was planned and decided since a place. Nothing that is written meanwhile is missed: the next call gives it. */
export async function readListChanges(ask: Ask, campaign: string, since: ListPlace | null): Promise<ListChanges> {
  const sizes = Sizes.parse((await askRows(ask, 'list_sizes', campaign))[0]);
  const planned = await pages(ask, 'list_rollouts', PlannedLine, campaign, since?.rollouts ?? 0);
  const decided = await pages(ask, 'list_entries', DecidedLine, campaign, since?.entries ?? 0);
  // A first reading has every row as it is; only what changes after it is a change.
  const changed =
    since === null ? { rows: [], last: sizes.superseded } : await pages(ask, 'list_changed', DecidedLine, campaign, since.changed);
  const tasks = await pages(ask, 'list_tasks', TaskLine, campaign, since?.tasks ?? 0);
  return {
    place: { rollouts: planned.last, entries: decided.last, changed: changed.last, tasks: tasks.last },
    tasks: tasks.rows.map(({ last: _last, ...task }) => task),
    planned: planned.rows.map(({ last: _last, ...row }) => row),
    decided: [...decided.rows, ...changed.rows].map(decidedRow),
    sizes: { rollouts: sizes.rollouts, entries: sizes.entries },
  };
}

async function pages<Line extends { last: number }>(ask: Ask, query: QueryName, line: z.ZodType<Line>, campaign: string, after: number) {
  const rows: Line[] = [];
  for (let last = after; ; ) {
    const page = z.array(line).parse(await ask(query, campaign, last, rowsAPage));
    for (const row of page) rows.push(row);
    last = page.at(-1)?.last ?? last;
    if (page.length < rowsAPage) return { rows, last };
  }
}

async function askRows(ask: Ask, query: QueryName, ...values: string[]): Promise<unknown[]> {
  return z.array(z.unknown()).parse(await ask(query, ...values));
}

function decidedRow({ kept, lost, facts, rollout_id, decided_by, resolved }: z.infer<typeof DecidedLine>): DecidedRow {
  const [repo, language, license, model, ending, turns, prompt_tokens, completion_tokens, cost_usd, bytes, findings] = facts;
  return {
    rollout_id,
    kept: kept === 1,
    lost: lost === 1,
    decided_by,
    resolved,
    repo,
    language,
    license,
    model,
    ending: ending ?? '',
    turns,
    prompt_tokens,
    completion_tokens,
    cost_usd,
    bytes,
    findings: findings.length,
    categories: [...new Set(findings.map(({ category }) => category))].sort(),
  };
}

const Sizes = z.object({ rollouts: z.int(), entries: z.int(), superseded: z.int() });
const PlannedLine = z.object({
  last: z.int(),
  rollout_id: z.string(),
  instance_id: z.string(),
  harness: z.string(),
  mode: z.string(),
  sample: z.int(),
  teacher: z.string(),
});
const TaskLine = TaskRecord.pick({ instance_id: true, state: true, language: true, repo: true, license: true }).extend({ last: z.int() });
const Facts = z.tuple([
  z.string(),
  z.string(),
  z.string(),
  z.string(),
  z.string().nullable(),
  z.int(),
  z.int(),
  z.int(),
  z.number(),
  z.int().nullable(),
  z.array(z.object({ category: z.string() })),
]);
const DecidedLine = z.object({
  last: z.int(),
  rollout_id: z.string(),
  kept: z.int(),
  lost: z.int(),
  decided_by: z.string().nullable(),
  resolved: z.int(),
  facts: z.string().transform((text) => Facts.parse(JSON.parse(text))),
});
