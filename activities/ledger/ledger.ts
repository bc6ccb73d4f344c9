import { mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { z } from 'zod';
import { type Funnel, IndexRecord, type IndexRecordOf, Judgement } from '../../schemas/ledger-record.ts';
import { LedgerEntry } from '../../schemas/ledger-entry.ts';
import { HarnessName, Mode, type RolloutKey } from '../../schemas/names.ts';
import { rolloutId } from '../../schemas/rollout-id.ts';
import type { CampaignProgress } from '../../schemas/campaign-progress.ts';
import { countFunnel } from './funnel.ts';
import { applyRecord, createTables, forgetCampaign } from './tables.ts';
import { appendRecord, readRecords } from './record-log.ts';

/** How long a process waits for another one's write; milliseconds. */
const BUSY_TIMEOUT_MS = 30_000;

type Unmarked<T> = Omit<T, 'type'>;

/** A planned rollout with what is known of it. */
export interface FoundRollout {
  rollout: IndexRecordOf<'rollout'>;
  entry: LedgerEntry | null;
}

/**
 * What campaigns have planned and what became of it: one SQLite file that any number of processes use at once.
 * Each record is also appended to a log in `records/` beside it, from which {@link Index.rebuild} makes the file anew.
 * Recording the same thing twice changes nothing.
 */
export class Index {
  readonly #database: DatabaseSync;
  readonly #logs: string;

  private constructor(path: string) {
    mkdirSync(dirname(path), { recursive: true });
    this.#logs = join(dirname(path), 'records');
    this.#database = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS });
    this.#database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;');
    this.#write(() => createTables(this.#database));
  }

  /** Opens the file at `path`, making it where it is missing. */
  static open(path: string): Index {
    return new Index(path);
  }

  close(): void {
    this.#database.close();
  }

  recordCampaign(record: Unmarked<IndexRecordOf<'campaign'>>): void {
    this.#record([{ type: 'campaign', ...record }]);
  }

  /** What a campaign came to; replaces an earlier end of the same campaign. */
  recordCampaignEnd(progress: CampaignProgress): void {
    this.#record([{ type: 'campaign_end', progress }]);
  }

  /** Replaces what was known of the task. */
  recordTask(record: Unmarked<IndexRecordOf<'task'>>): void {
    this.#record([{ type: 'task', ...record }]);
  }

  /** Notes every rollout a campaign will make before the first begins, so that totals add up from the start. */
  planRollouts(rollouts: Unmarked<IndexRecordOf<'rollout'>>[]): void {
    this.#record(rollouts.map((rollout) => ({ type: 'rollout', ...rollout })));
  }

  /** Notes how an attempt at a rollout's stage ended; infrastructure failures stay visible after a later success. */
  recordAttempt(record: Unmarked<IndexRecordOf<'attempt'>>): void {
    this.#record([{ type: 'attempt', ...record }]);
  }

  /**
   * The row's judgement from now on. An equal one changes nothing; a different one supersedes what was there,
   * which stays readable by {@link Index.judgements}. Returns whether anything changed.
   */
  recordLedger(entry: LedgerEntry, reason = 'campaign'): boolean {
    return this.#record([{ type: 'judgement', reason, entry }]) > 0;
  }

  campaigns(): IndexRecordOf<'campaign'>[] {
    return this.#documents('SELECT json FROM campaigns ORDER BY campaign').map((json) => only(json, 'campaign'));
  }

  /** How a campaign ended; null while it runs. */
  campaignEnd(campaign: string): CampaignProgress | null {
    const [json] = this.#documents('SELECT json FROM campaign_ends WHERE campaign = ?', campaign);
    return json === undefined ? null : only(json, 'campaign_end').progress;
  }

  task(campaign: string, instanceId: string): IndexRecordOf<'task'> | null {
    const [json] = this.#documents('SELECT json FROM tasks WHERE campaign = ? AND instance_id = ?', campaign, instanceId);
    return json === undefined ? null : only(json, 'task');
  }

  tasks(campaign: string): IndexRecordOf<'task'>[] {
    return this.#documents('SELECT json FROM tasks WHERE campaign = ? ORDER BY instance_id', campaign).map((json) => only(json, 'task'));
  }

  rollouts(campaign: string): IndexRecordOf<'rollout'>[] {
    return this.#documents('SELECT json FROM rollouts WHERE campaign = ? ORDER BY rollout_id', campaign).map((json) =>
      only(json, 'rollout'),
    );
  }

  attempts(key: RolloutKey): IndexRecordOf<'attempt'>[] {
    return this.#documents('SELECT json FROM attempts WHERE rollout_id = ? ORDER BY stage, attempt', rolloutId(key)).map((json) =>
      only(json, 'attempt'),
    );
  }

  /** Every row of a campaign, sorted by trajectory id, one at a time. */
  *ledger(campaign: string): Generator<LedgerEntry> {
    const rows = this.#database.prepare('SELECT json FROM ledger WHERE campaign = ? ORDER BY trajectory_id').iterate(campaign);
    for (const row of rows) yield LedgerEntry.parse(JSON.parse(Document.parse(row).json));
  }

  /** The row with this trajectory id, if it was judged. */
  ledgerEntry(id: string): LedgerEntry | null {
    const [json] = this.#documents('SELECT json FROM ledger WHERE trajectory_id = ?', id);
    return json === undefined ? null : LedgerEntry.parse(JSON.parse(json));
  }

  /** Rows of a campaign by task, one task at a time; tasks and rows sorted by id. */
  *ledgerByTask(campaign: string): Generator<LedgerEntry[]> {
    const tasks = this.#database.prepare('SELECT DISTINCT instance_id FROM ledger WHERE campaign = ? ORDER BY instance_id').all(campaign);
    for (const row of tasks) {
      const { instance_id } = TaskId.parse(row);
      const sql = 'SELECT json FROM ledger WHERE campaign = ? AND instance_id = ? ORDER BY trajectory_id';
      yield this.#documents(sql, campaign, instance_id).map((json) => LedgerEntry.parse(JSON.parse(json)));
    }
  }

  /** All judgements of one row, the first first. */
  judgements(id: string): Judgement[] {
    return this.#database
      .prepare('SELECT number, reason, json FROM judgements WHERE trajectory_id = ? ORDER BY number')
      .all(id)
      .map((row) => {
        const { number, reason, json } = JudgementRow.parse(row);
        return Judgement.parse({ number, reason, entry: JSON.parse(json) });
      });
  }

  /** Planned rollouts by fate; sums of cells equal the total. */
  campaignFunnel(campaign: string): Funnel {
    const tasks = new Map(this.tasks(campaign).map((task) => [task.instance_id, task]));
    const rows = this.#database
      .prepare(
        `SELECT r.instance_id, r.harness, r.mode, l.kept, l.resolved, l.lost, l.decided_by, l.language
         FROM rollouts r LEFT JOIN ledger l ON l.rollout_id = r.rollout_id WHERE r.campaign = ?`,
      )
      .all(campaign)
      .map((row) => FunnelRow.parse(row));
    return countFunnel(
      rows.map((row) => {
        const task = tasks.get(row.instance_id);
        return { ...row, language: row.language ?? task?.language ?? 'unknown', task_state: task?.state ?? null };
      }),
    );
  }

  /**
   * Rollouts whose trajectory id or rollout id is, or begins with, `text`; the campaign may be left out of a
   * rollout id. An exact match stands alone. At most `limit`, in order of rollout ids.
   */
  find(text: string, limit = 50): FoundRollout[] {
    const rows = this.#database
      .prepare(
        `SELECT r.json AS rollout, l.json AS entry, (r.rollout_id = ?1 OR l.trajectory_id = ?1) AS exact
         FROM rollouts r LEFT JOIN ledger l ON l.rollout_id = r.rollout_id
         WHERE substr(r.rollout_id, 1, length(?1)) = ?1 OR substr(l.trajectory_id, 1, length(?1)) = ?1
            OR substr(r.rollout_id, length(r.campaign) + 2, length(?1)) = ?1
         ORDER BY exact DESC, r.rollout_id LIMIT ?2`,
      )
      .all(text, limit)
      .map((row) => FoundRow.parse(row));
    const exact = rows.filter((row) => row.exact === 1);
    return (exact.length > 0 ? exact : rows).map((row) => ({
      rollout: only(row.rollout, 'rollout'),
      entry: row.entry === null ? null : LedgerEntry.parse(JSON.parse(row.entry)),
    }));
  }

  /** Forgets everything recorded of a campaign, its log included. */
  removeCampaign(campaign: string): void {
    this.#write(() => {
      forgetCampaign(this.#database, campaign);
      rmSync(join(this.#logs, `${campaign}.jsonl`), { force: true });
    });
  }

  /** Empties the file and fills it again from the logs. Returns how many records came back and how many lines were torn. */
  rebuild(): { records: number; torn: number } {
    const { records, torn } = readRecords(this.#logs);
    this.#write(() => {
      createTables(this.#database, { afresh: true });
      for (const record of records) applyRecord(this.#database, record);
    });
    return { records: records.length, torn };
  }

  #record(records: IndexRecord[]): number {
    return this.#write(() => {
      const changed = z
        .array(IndexRecord)
        .parse(records)
        .filter((record) => applyRecord(this.#database, record));
      for (const record of changed) appendRecord(this.#logOf(record), record);
      return changed.length;
    });
  }

  #logOf(record: IndexRecord): string {
    return join(this.#logs, `${campaignOf(record)}.jsonl`);
  }

  /** Log lines are written inside the transaction, so that their order is that of the transactions. */
  #write<T>(change: () => T): T {
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      const result = change();
      this.#database.exec('COMMIT');
      return result;
    } catch (error) {
      this.#database.exec('ROLLBACK');
      throw error;
    }
  }

  #documents(sql: string, ...values: SQLInputValue[]): string[] {
    return this.#database
      .prepare(sql)
      .all(...values)
      .map((row) => Document.parse(row).json);
  }
}

const Document = z.object({ json: z.string() });
const TaskId = z.object({ instance_id: z.string() });
const JudgementRow = z.object({ number: z.int(), reason: z.string(), json: z.string() });
const FoundRow = z.object({ rollout: z.string(), entry: z.string().nullable(), exact: z.int().nullable() });
const FunnelRow = z.object({
  instance_id: z.string(),
  harness: HarnessName,
  mode: Mode,
  language: z.string().nullable(),
  kept: z.int().nullable(),
  lost: z.int().nullable(),
  resolved: z.int().nullable(),
  decided_by: z.string().nullable(),
});

function campaignOf(record: IndexRecord): string {
  switch (record.type) {
    case 'campaign':
    case 'task':
      return record.campaign;
    case 'campaign_end':
      return record.progress.campaign;
    case 'rollout':
    case 'attempt':
      return record.key.campaign;
    case 'judgement':
      return record.entry.key.campaign;
  }
}

function only<T extends IndexRecord['type']>(json: string, type: T): IndexRecordOf<T> {
  const record = IndexRecord.parse(JSON.parse(json));
  if (isOf(record, type)) return record;
  throw new Error(`the index holds a record of type ${record.type} where ${type} belongs`);
}

function isOf<T extends IndexRecord['type']>(record: IndexRecord, type: T): record is IndexRecordOf<T> {
  return record.type === type;
}
