import { setImmediate as nextTurn } from 'node:timers/promises';
import { z } from 'zod';
import { LedgerEntry } from '../../../schemas/ledger-entry.ts';
import { type Funnel, LedgerRecord, type LedgerRecordOf, Revision, TaskChange, TaskRecord } from '../../../schemas/ledger-record.ts';
import { HarnessName, Mode, type RolloutKey } from '../../../schemas/names.ts';
import { Problem } from '../../../schemas/problem.ts';
import { rolloutId } from '../../../schemas/rollout-id.ts';
import type { RunKind, RunRecord } from '../../../schemas/run-record.ts';
import { countFunnel } from '../funnel.ts';
import type { CampaignEnd, FoundRollout, Ledger, ListChanges, ListPlace } from '../ledger.ts';
import { readListChanges } from './list-changes.ts';
import type { QueryName } from './queries.ts';
import { RECORDS_A_BATCH } from './requests.ts';
import { type Row, rowOf } from './row.ts';
import { ThreadLink } from './thread-link.ts';

/** Documents that are parsed between two turns of the event loop: a few milliseconds of work. */
const ENTRIES_A_PAGE = 50;
const RECORDS_A_PAGE = 500;

/**
 * Opens the ledger in the SQLite file at `path`, making it where it is missing: from the records beside it, if there are
 * any. It works in a thread of its own. Nothing is opened before the first call, which throws `Problem` ledger_failed when
 * the file cannot be opened.
 */
export function openLocalLedger(path: string): Ledger {
  return new LocalLedger(path);
}

class LocalLedger implements Ledger {
  readonly location: string;
  readonly #thread: ThreadLink;
  readonly #writing = new Set<Promise<unknown>>();
  #closing: Promise<void> | undefined;

  constructor(path: string) {
    this.location = path;
    this.#thread = new ThreadLink(path);
  }

  async recordCampaign(record: Omit<LedgerRecordOf<'campaign'>, 'type'>): Promise<void> {
    await this.#record([{ type: 'campaign', ...record }]);
  }

  async recordCampaignEnd(end: CampaignEnd): Promise<void> {
    await this.#record([{ type: 'campaign_end', ...end }]);
  }

  async planTasks(tasks: readonly Omit<TaskRecord, 'type'>[]): Promise<void> {
    await this.#record(
      tasks.map((task) => ({ type: 'task', ...task })),
      { unlessKnown: true },
    );
  }

  async changeTask(campaign: string, instanceId: string, change: TaskChange): Promise<void> {
    const write = { kind: 'change_task', campaign, instanceId, change: TaskChange.parse(change) } as const;
    await this.#write(() => this.#thread.ask({ kind: 'write', write }));
  }

  async planRollouts(rollouts: readonly Omit<LedgerRecordOf<'rollout'>, 'type'>[]): Promise<void> {
    await this.#record(rollouts.map((rollout) => ({ type: 'rollout', ...rollout })));
  }

  async recordAttempt(record: Omit<LedgerRecordOf<'attempt'>, 'type'>): Promise<void> {
    await this.#record([{ type: 'attempt', ...record }]);
  }

  async recordEntries(entries: readonly LedgerEntry[], reason = 'campaign'): Promise<number> {
    return await this.#record(entries.map((entry) => ({ type: 'entry', reason, entry })));
  }

  async recordRun(run: Omit<RunRecord, 'type'>): Promise<void> {
    await this.#record([{ type: 'run', ...run }]);
  }

  async campaigns(): Promise<LedgerRecordOf<'campaign'>[]> {
    return (await this.#documents('campaigns')).map((json) => only(json, 'campaign'));
  }

  async campaign(campaign: string): Promise<LedgerRecordOf<'campaign'> | null> {
    const [json] = await this.#documents('campaign', campaign);
    return json === undefined ? null : only(json, 'campaign');
  }

  async hasCampaign(campaign: string): Promise<boolean> {
    return (await this.#read(z.unknown(), 'has_campaign', campaign)).length > 0;
  }

  async campaignEnd(campaign: string): Promise<CampaignEnd | null> {
    const [json] = await this.#documents('campaign_end', campaign);
    return json === undefined ? null : only(json, 'campaign_end');
  }

  async task(campaign: string, instanceId: string): Promise<TaskRecord | null> {
    const [json] = await this.#documents('task', campaign, instanceId);
    return json === undefined ? null : only(json, 'task');
  }

  async tasks(campaign: string): Promise<TaskRecord[]> {
    return await collected(this.#paged('tasks', campaign, RECORDS_A_PAGE, (json) => only(json, 'task')));
  }

  async rollouts(campaign: string): Promise<LedgerRecordOf<'rollout'>[]> {
    return await collected(this.#paged('rollouts', campaign, RECORDS_A_PAGE, (json) => only(json, 'rollout')));
  }

  async attempts(key: RolloutKey): Promise<LedgerRecordOf<'attempt'>[]> {
    return (await this.#documents('attempts', rolloutId(key))).map((json) => only(json, 'attempt'));
  }

  entries(campaign: string): AsyncIterable<LedgerEntry> {
    return this.#paged('entries', campaign, ENTRIES_A_PAGE, entryOf);
  }

  async *entriesByTask(campaign: string): AsyncGenerator<LedgerEntry[]> {
    const ask = (instanceId: string, id: string) => this.#read(EntryOfTask, 'entries_by_task', campaign, instanceId, id, ENTRIES_A_PAGE);
    let rows: LedgerEntry[] = [];
    for (let page = await ask('', ''); page.length > 0; ) {
      const last = page.at(-1);
      const next = last === undefined ? Promise.resolve([]) : ask(last.instance_id, last.trajectory_id);
      next.catch(() => undefined);
      for (const { instance_id, json } of page) {
        if (rows[0] !== undefined && rows[0].key.instance_id !== instance_id) {
          yield rows;
          rows = [];
        }
        rows.push(entryOf(json));
      }
      page = await nextPage(next);
    }
    if (rows.length > 0) yield rows;
  }

  async entry(id: string): Promise<LedgerEntry | null> {
    const [json] = await this.#documents('entry', id);
    return json === undefined ? null : entryOf(json);
  }

  async revisions(id: string): Promise<Revision[]> {
    const rows = await this.#read(RevisionRow, 'revisions', id);
    return rows.map(({ number, reason, json }) => Revision.parse({ number, reason, entry: JSON.parse(json) }));
  }

  async campaignFunnel(campaign: string): Promise<Funnel> {
    // Of a rollout of this home everything is known; to look would read every entry of a large campaign.
    const isOthers = (await this.campaign(campaign))?.plan === null;
    const notJudged = isOthers ? await this.#read(NotJudgedRow, 'not_judged', campaign) : [];
    return countFunnel(await this.#read(FunnelRow, 'funnel', campaign), notJudged);
  }

  async run(kind: RunKind, name: string): Promise<RunRecord | null> {
    return (await this.runHistory(kind, name)).at(-1) ?? null;
  }

  async runs(kind: RunKind): Promise<RunRecord[]> {
    return (await this.#documents('runs', kind)).map((json) => only(json, 'run'));
  }

  async runHistory(kind: RunKind, name: string): Promise<RunRecord[]> {
    return (await this.#documents('run_history', kind, name)).map((json) => only(json, 'run'));
  }

  async find(text: string, limit = 50): Promise<FoundRollout[]> {
    const rows = await this.#read(FoundRow, 'find', text, limit);
    const exact = rows.filter((row) => row.exact === 1);
    return (exact.length > 0 ? exact : rows).map((row) => ({
      rollout: only(row.rollout, 'rollout'),
      entry: row.entry === null ? null : entryOf(row.entry),
    }));
  }

  async plannedRollout(id: string): Promise<FoundRollout | null> {
    const [row] = await this.#read(PlannedDocument, 'rollout', id);
    if (row === undefined) return null;
    return { rollout: only(row.rollout, 'rollout'), entry: row.entry === null ? null : entryOf(row.entry) };
  }

  async listChanges(campaign: string, since: ListPlace | null): Promise<ListChanges> {
    return await readListChanges((query, ...values) => this.#thread.ask({ kind: 'read', query, values }), campaign, since);
  }

  async removeCampaign(campaign: string): Promise<void> {
    await this.#write(() => this.#thread.ask({ kind: 'remove', campaign }));
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    while (this.#writing.size > 0) await Promise.allSettled(this.#writing);
    await this.#thread.end();
  }

  /** Returns how many records were new or different. Refuses a record of the wrong shape before its batch is written. */
  #record(records: readonly LedgerRecord[], options: Pick<Row, 'unlessKnown'> = {}): Promise<number> {
    return this.#write(() => this.#recordBatches(records, options));
  }

  async #recordBatches(records: readonly LedgerRecord[], options: Pick<Row, 'unlessKnown'>): Promise<number> {
    let changed = 0;
    let writing: Promise<unknown> = Promise.resolve(0);
    for (let from = 0; from < records.length; from += RECORDS_A_BATCH) {
      const rows = records.slice(from, from + RECORDS_A_BATCH).map((record) => ({ ...rowOf(LedgerRecord.parse(record)), ...options }));
      // The thread writes one batch while the next is made ready, and no batch beyond it.
      const next = this.#thread.ask({ kind: 'write', write: { kind: 'rows', rows } });
      next.catch(() => undefined);
      changed += z.int().parse(await writing);
      writing = next;
    }
    return changed + z.int().parse(await writing);
  }

  async #write<T>(work: () => Promise<T>): Promise<T> {
    if (this.#closing !== undefined) throw new Problem('ledger_closed', `the ledger at ${this.location} is closed`);
    const writing = work();
    this.#writing.add(writing);
    try {
      return await writing;
    } finally {
      this.#writing.delete(writing);
    }
  }

  async #read<T extends z.ZodType>(schema: T, query: QueryName, ...values: (string | number)[]): Promise<z.infer<T>[]> {
    return z.array(schema).parse(await this.#thread.ask({ kind: 'read', query, values }));
  }

  async #documents(query: QueryName, ...values: string[]): Promise<string[]> {
    return (await this.#read(Document, query, ...values)).map(({ json }) => json);
  }

  /** The next page is read while the reader works on this one, and no page beyond it. */
  async *#paged<T>(query: 'tasks' | 'rollouts' | 'entries', campaign: string, size: number, parse: (json: string) => T): AsyncGenerator<T> {
    const ask = (after: string) => this.#read(Keyed, query, campaign, after, size);
    for (let page = await ask(''); page.length > 0; ) {
      const last = page.at(-1);
      const next = last === undefined || page.length < size ? Promise.resolve([]) : ask(last.last);
      // A reader that stops leaves it unread.
      next.catch(() => undefined);
      for (const { json } of page) yield parse(json);
      page = await nextPage(next);
    }
  }
}

const Document = z.object({ json: z.string() });
const Keyed = z.object({ last: z.string(), json: z.string() });
const EntryOfTask = z.object({ instance_id: z.string(), trajectory_id: z.string(), json: z.string() });
const RevisionRow = z.object({ number: z.int(), reason: z.string(), json: z.string() });
const FoundRow = z.object({ rollout: z.string(), entry: z.string().nullable(), exact: z.int().nullable() });
const PlannedDocument = FoundRow.pick({ rollout: true, entry: true });
const NotJudgedRow = z.object({ harness: HarnessName, mode: Mode, language: z.string(), rule: z.string(), rollouts: z.int() });
const FunnelRow = z.object({
  harness: HarnessName,
  mode: Mode,
  language: z.string(),
  task_state: TaskRecord.shape.state.nullable(),
  kept: z.int().nullable(),
  lost: z.int().nullable(),
  resolved: z.int().nullable(),
  decided_by: z.string().nullable(),
  ambiguous: z.int().nullable(),
  rollouts: z.int(),
});

/**
 * A page that came while the reader worked is delivered before the event loop goes on. Without waiting for a turn, a slow
 * reader would go through all pages in one turn.
 */
async function nextPage<T>(page: Promise<T>): Promise<T> {
  const [found] = await Promise.all([page, nextTurn()]);
  return found;
}

async function collected<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

function entryOf(json: string): LedgerEntry {
  return LedgerEntry.parse(JSON.parse(json));
}

function only<T extends LedgerRecord['type']>(json: string, type: T): LedgerRecordOf<T> {
  const record = LedgerRecord.parse(JSON.parse(json));
  if (isOf(record, type)) return record;
  throw new Error(`the ledger holds a record of type ${record.type} where ${type} belongs`);
}

function isOf<T extends LedgerRecord['type']>(record: LedgerRecord, type: T): record is LedgerRecordOf<T> {
  return record.type === type;
}
