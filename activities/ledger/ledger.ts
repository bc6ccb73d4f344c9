import type { LedgerEntry } from '../../schemas/ledger-entry.ts';
import type { Funnel, LedgerRecordOf, Revision, TaskChange, TaskRecord } from '../../schemas/ledger-record.ts';
import type { RolloutKey } from '../../schemas/names.ts';
import type { RunKind, RunRecord } from '../../schemas/run-record.ts';

type Unmarked<T> = Omit<T, 'type'>;

/** How a campaign ended, and what plan it ran. */
export type CampaignEnd = Unmarked<LedgerRecordOf<'campaign_end'>>;

/** A planned rollout with what is known of it. */
export interface FoundRollout {
  rollout: LedgerRecordOf<'rollout'>;
  entry: LedgerEntry | null;
}

/** How far a reader of lists has read; only the ledger knows what the numbers mean. */
export interface ListPlace {
  rollouts: number;
  entries: number;
  changed: number;
  tasks: number;
}

/** A planned rollout in short. */
export interface PlannedRow {
  rollout_id: string;
  instance_id: string;
  harness: string;
  mode: string;
  sample: number;
  teacher: string;
}

/** A decided row in short; `resolved` is its verdict, whatever became of the row. */
export interface DecidedRow {
  rollout_id: string;
  kept: boolean;
  /** Infrastructure kept it from ending, or its task did not pass the gate. */
  lost: boolean;
  decided_by: string | null;
  resolved: number;
  repo: string;
  language: string;
  license: string;
  model: string;
  ending: string;
  turns: number;
  prompt_tokens: number;
  completion_tokens: number;
  cost_usd: number;
  /** Of its trajectory; null where it has none. */
  bytes: number | null;
  findings: number;
  /** Categories of its findings, sorted, each once. */
  categories: string[];
}

export interface ListChanges {
  place: ListPlace;
  planned: PlannedRow[];
  decided: DecidedRow[];
  tasks: TaskState[];
  /** Rollouts and entries of the campaign now. */
  sizes: { rollouts: number; entries: number };
}

/** A task in short. */
export type TaskState = Pick<TaskRecord, 'instance_id' | 'state' | 'language' | 'repo' | 'license'>;

/**
 * The record of everything planned and of every row ever produced. Any backend that keeps these promises will do:
 * what was recorded is durable when the call resolves, recording the same thing twice changes nothing, any number of
 * processes use one ledger at once, and neither a write nor a read ever blocks the event loop of the caller. Many
 * records are best given in one call; a backend writes them, and those of other calls at the same time, in batches.
 * Throws `Problem` ledger_busy, ledger_failed, ledger_closed or disk_full where the backend cannot do its work.
 */
export interface Ledger {
  /** Where the ledger lies, for people: a path or a URL. */
  readonly location: string;

  recordCampaign(record: Unmarked<LedgerRecordOf<'campaign'>>): Promise<void>;
  /** How a campaign ended; replaces an earlier end of the same campaign. */
  recordCampaignEnd(end: CampaignEnd): Promise<void>;
  /** Notes the tasks of a campaign. One that is on record already keeps all that is known of it. */
  planTasks(tasks: readonly Unmarked<TaskRecord>[]): Promise<void>;
  /** Changes what is known of a planned task, and nothing else of it. Throws `Problem` unknown_task. */
  changeTask(campaign: string, instanceId: string, change: TaskChange): Promise<void>;
  /** Notes every rollout a campaign will make before the first begins, so that totals add up from the start. */
  planRollouts(rollouts: readonly Unmarked<LedgerRecordOf<'rollout'>>[]): Promise<void>;
  /** Notes how an attempt at a rollout's stage ended; infrastructure failures stay visible after a later success. */
  recordAttempt(record: Unmarked<LedgerRecordOf<'attempt'>>): Promise<void>;
  /**
   * The entries of rows from now on. An equal one changes nothing; a different one supersedes what was there, which
   * {@link Ledger.revisions} still gives. Returns how many were new or different.
   */
  recordEntries(entries: readonly LedgerEntry[], reason?: string): Promise<number>;
  /**
   * A finished training, evaluation or pipeline. It supersedes what was recorded under its kind and name, which
   * {@link Ledger.runHistory} still gives; the same record in the store again changes nothing, whatever the time.
   */
  recordRun(run: Unmarked<RunRecord>): Promise<void>;

  /** All campaigns by name. */
  campaigns(): Promise<LedgerRecordOf<'campaign'>[]>;
  campaign(campaign: string): Promise<LedgerRecordOf<'campaign'> | null>;
  /** Whether a rollout was ever planned under this name. */
  hasCampaign(campaign: string): Promise<boolean>;
  /** How a campaign ended; null while it runs. */
  campaignEnd(campaign: string): Promise<CampaignEnd | null>;
  task(campaign: string, instanceId: string): Promise<TaskRecord | null>;
  /** Sorted by instance id. */
  tasks(campaign: string): Promise<TaskRecord[]>;
  /** Sorted by rollout id. */
  rollouts(campaign: string): Promise<LedgerRecordOf<'rollout'>[]>;
  attempts(key: RolloutKey): Promise<LedgerRecordOf<'attempt'>[]>;
  /** Every row of a campaign, sorted by trajectory id. Read in pages as the reader goes on; the event loop runs between them. */
  entries(campaign: string): AsyncIterable<LedgerEntry>;
  /** Rows of a campaign by task, one task at a time; tasks and rows sorted by id. Read in pages, as above. */
  entriesByTask(campaign: string): AsyncIterable<LedgerEntry[]>;
  /** The row with this trajectory id, if there is one. */
  entry(id: string): Promise<LedgerEntry | null>;
  /** All versions of one row's entry, the first first. */
  revisions(id: string): Promise<Revision[]>;
  /** Planned rollouts by fate; sums of cells equal the total. */
  campaignFunnel(campaign: string): Promise<Funnel>;
  /** The newest run of this kind and name. */
  run(kind: RunKind, name: string): Promise<RunRecord | null>;
  /** The newest run of each name, sorted by name. */
  runs(kind: RunKind): Promise<RunRecord[]>;
  /** All runs that were recorded under one kind and name, the first first. */
  runHistory(kind: RunKind, name: string): Promise<RunRecord[]>;
  /**
   * Rollouts whose trajectory id or rollout id is, or begins with, `text`; the campaign may be left out of a
   * rollout id. An exact match stands alone. At most `limit` (by default 50), in order of rollout ids.
   */
  find(text: string, limit?: number): Promise<FoundRollout[]>;

  /** The rollout with this id, if it was planned. */
  plannedRollout(rolloutId: string): Promise<FoundRollout | null>;
  /**
   * What lists show of a campaign's rollouts: of all with `since` null, else what was planned or decided after that place; and
   * the tasks that are new or different. Costs what changed, not what there is. `sizes` say when rows went away: a reader then starts again.
   */
  listChanges(campaign: string, since: ListPlace | null): Promise<ListChanges>;

  /** Removes everything recorded of a campaign. */
  removeCampaign(campaign: string): Promise<void>;
  /** Resolves when all writes under way are durable and the ledger is closed. */
  close(): Promise<void>;
}
