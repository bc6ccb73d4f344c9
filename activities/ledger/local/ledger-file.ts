import { mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises';
import { Problem } from '../../../schemas/problem.ts';
import { appendRecords, logLine } from './append-records.ts';
import { RowWriter } from './apply-row.ts';
import { queries, type QueryName } from './queries.ts';
import { RECORDS_A_BATCH, type Write } from './requests.ts';
import type { Row } from './row.ts';
import { bringUpToDate, createTables, removeSome, TABLES_VERSION, tablesVersion } from './tables.ts';
import { untilFree } from './until-free.ts';

/**
 * After a batch the lock is left to other processes for a share of the time that the batch took, within these milliseconds.
 * They look for it each millisecond. Where disk and processor are slow, batches are longer and they look less often.
 */
const pause = { share: 0.25, leastMs: 3, mostMs: 25 };

interface QueuedWrite {
  write: Write;
  resolve: (changed: number) => void;
  reject: (error: unknown) => void;
}

interface WrittenBatch {
  /** Of each write: how many rows it changed, or why it was refused. */
  outcomes: (number | Problem)[];
  changed: boolean;
  tookMs: number;
}

interface Opened {
  database: DatabaseSync;
  writer: RowWriter;
}

/**
 * One SQLite file that any number of processes use at once, with a log in `records/` beside it: each record as a line,
 * in the order of the transactions. A file that is missing is made from the log. Blocks its thread while the disk works.
 */
export class LedgerFile {
  readonly #path: string;
  readonly #logs: string;
  #opening: Promise<Opened> | undefined;
  readonly #statements = new Map<QueryName, StatementSync>();
  readonly #queue: QueuedWrite[] = [];
  #draining: Promise<void> | undefined;

  constructor(path: string) {
    this.#path = path;
    this.#logs = join(dirname(path), 'records');
  }

  async read(query: QueryName, values: readonly (string | number)[]): Promise<unknown[]> {
    const { database } = await this.#open();
    return untilFree(this.#path, () => {
      const statement = this.#statements.get(query) ?? database.prepare(queries[query]);
      this.#statements.set(query, statement);
      return statement.all(...values);
    });
  }

  /** Durable when it resolves, with the number of rows that changed. Writes that are asked for meanwhile share a batch. */
  write(write: Write): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#queue.push({ write, resolve, reject });
      this.#draining ??= this.#drain();
    });
  }

  /** In batches; one that was interrupted goes on when it is asked for again. */
  async removeCampaign(campaign: string): Promise<void> {
    const { database } = await this.#open();
    const removeBatch = () =>
      transaction(database, () => {
        if (removeSome(database, campaign, RECORDS_A_BATCH)) return true;
        rmSync(this.#logOf(campaign), { force: true });
        return false;
      });
    while (await untilFree(this.#path, removeBatch)) await delay(pause.mostMs);
  }

  /** After the writes under way. */
  async close(): Promise<void> {
    await this.#draining;
    const opened = await this.#opening?.catch(() => undefined);
    opened?.database.close();
    this.#opening = undefined;
  }

  #open(): Promise<Opened> {
    if (this.#opening !== undefined) return this.#opening;
    const opening = this.#openFile();
    this.#opening = opening;
    opening.catch(() => {
      this.#opening = undefined;
    });
    return opening;
  }

  async #openFile(): Promise<Opened> {
    mkdirSync(dirname(this.#path), { recursive: true });
    const database = new DatabaseSync(this.#path, { timeout: 0 });
    try {
      await untilFree(this.#path, () => database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;'));
      if ((await untilFree(this.#path, () => tablesVersion(database))) === 0) await this.#makeTables(database);
      if (tablesVersion(database) < TABLES_VERSION) await untilFree(this.#path, () => transaction(database, () => bringUpToDate(database)));
      this.#checkVersion(database);
    } catch (error) {
      database.close();
      throw error;
    }
    return { database, writer: new RowWriter(database) };
  }

  async #makeTables(database: DatabaseSync): Promise<void> {
    // Needs schemas; a thread that opens an existing ledger does not load them.
    const { readRecords } = await import('./read-records.ts');
    await untilFree(this.#path, () =>
      transaction(database, () => {
        // Another process may have been faster.
        if (tablesVersion(database) !== 0) return;
        createTables(database);
        const writer = new RowWriter(database);
        for (const row of readRecords(this.#logs)) writer.apply(row);
      }),
    );
  }

  #checkVersion(database: DatabaseSync): void {
    const version = tablesVersion(database);
    if (version === TABLES_VERSION) return;
    throw new Problem('ledger_failed', `${this.#path} has the tables of another version of Tracemill (${version})`, {
      hint: 'delete the file while nothing uses it: it is made again from the records beside it',
    });
  }

  async #drain(): Promise<void> {
    // Requests of the same turn of the event loop join the first batch.
    await nextTurn();
    while (this.#queue.length > 0) {
      const batch = this.#nextBatch();
      try {
        const opened = await this.#open();
        const { outcomes, changed, tookMs } = await untilFree(this.#path, () => this.#writeBatch(opened, batch));
        for (const [at, { resolve, reject }] of batch.entries()) {
          const outcome = outcomes[at];
          if (typeof outcome === 'number') resolve(outcome);
          else reject(outcome);
        }
        if (changed) await delay(Math.min(pause.mostMs, Math.max(pause.leastMs, tookMs * pause.share)));
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    this.#draining = undefined;
  }

  #nextBatch(): QueuedWrite[] {
    const batch: QueuedWrite[] = [];
    for (let size = 0; this.#queue.length > 0; ) {
      const [next] = this.#queue;
      if (next === undefined) break;
      size += next.write.kind === 'rows' ? next.write.rows.length : 1;
      if (size > RECORDS_A_BATCH && batch.length > 0) break;
      batch.push(next);
      this.#queue.shift();
    }
    return batch;
  }

  /** Log lines are written inside the transaction, so that their order is that of the transactions. */
  #writeBatch({ database, writer }: Opened, batch: readonly QueuedWrite[]): WrittenBatch {
    const started = performance.now();
    const undo: (() => void)[] = [];
    const write = () => {
      const lines = new Map<string, string[]>();
      const outcomes = batch.map(({ write: asked }) => {
        const rows = rowsOf(writer, asked, this.#path);
        if (rows instanceof Problem) return rows;
        const changed = rows.filter((row) => writer.apply(row));
        for (const row of changed) {
          const known = lines.get(row.log);
          if (known === undefined) lines.set(row.log, [logLine(row)]);
          else known.push(logLine(row));
        }
        return changed.length;
      });
      for (const [log, added] of lines) undo.push(appendRecords(this.#logOf(log), added));
      return { outcomes, changed: lines.size > 0 };
    };
    const written = transaction(database, write, () => undo.forEach((takeOut) => takeOut()));
    return { ...written, tookMs: performance.now() - started };
  }

  #logOf(name: string): string {
    return join(this.#logs, `${name}.jsonl`);
  }
}

function rowsOf(writer: RowWriter, write: Write, path: string): Row[] | Problem {
  if (write.kind === 'rows') return write.rows;
  const { campaign, instanceId, change } = write;
  const row = writer.changedTask(campaign, instanceId, change);
  if (row !== null) return [row];
  return new Problem('unknown_task', `the ledger at ${path} knows no task ${instanceId} of campaign ${campaign}`, {
    hint: 'its campaign was removed, or was planned into another ledger: run the worker in the home that planned it',
  });
}

/** Nothing of `change` is left in the database when it throws; `undo` takes back what it did outside, under the same lock. */
function transaction<T>(database: DatabaseSync, change: () => T, undo: () => void = () => undefined): T {
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = change();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    // A failed commit may have given up the lock by itself. Lines then stay in the log; the refused caller records them again.
    if (database.isTransaction) {
      undo();
      database.exec('ROLLBACK');
    }
    throw error;
  }
}
