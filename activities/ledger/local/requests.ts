import type { QueryName } from './queries.ts';
import type { Row } from './row.ts';

/**
 * Records in one transaction and one append to the log at most: the lock on the database is then held for some tens of
 * milliseconds, and other processes get their turn between two batches.
 */
export const RECORDS_A_BATCH = 500;

/** A change that stands or fails as a whole; at most {@link RECORDS_A_BATCH} rows. */
export type Write =
  | { kind: 'rows'; rows: Row[] }
  | { kind: 'change_task'; campaign: string; instanceId: string; change: Record<string, unknown> };

/** What the ledger's thread is asked for. A read gives rows of the database, a write how many rows it changed. */
export type Request =
  | { kind: 'read'; query: QueryName; values: (string | number)[] }
  | { kind: 'write'; write: Write }
  | { kind: 'remove'; campaign: string }
  | { kind: 'close' };

export interface Asked {
  id: number;
  request: Request;
}

/** A `Problem` on its way between threads. */
export interface SentProblem {
  code: string;
  message: string;
  hint: string | undefined;
}

export type Answer = { id: number; value: unknown } | { id: number; problem: SentProblem };
