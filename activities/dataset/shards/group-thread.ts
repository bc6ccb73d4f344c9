import { isMainThread, parentPort } from 'node:worker_threads';
import { messageOf, Problem } from '../../../schemas/problem.ts';
import { TaskFacts } from '../../../schemas/task.ts';
import { Trajectory } from '../../../schemas/trajectory.ts';
import type { DatasetRow } from '../../../schemas/dataset-row.ts';
import { rowHash } from './content-hash.ts';
import { encodeGroup } from './encoded-group.ts';
import { GroupUnit, type GroupResult } from './group-unit.ts';
import type { Redacted } from '../selection/redact-row.ts';
import { toRow } from './row.ts';
import { rowDigest } from './row-digest.ts';

/** A thread of the pool: makes one row group after another until it is ended from outside. */
function serve(): void {
  parentPort?.on('message', (message: unknown) => void make(GroupUnit.parse(message)));
}

async function make(unit: GroupUnit): Promise<void> {
  try {
    const made = await rowsOf(unit);
    const encoded = encodeGroup(
      made.map(({ row }) => row),
      unit.form,
    );
    const expected = made.map(({ row, redacted }) => ({
      redacted,
      id: row.trajectory_id,
      digest: rowDigest(row),
      sha256: rowHash(row),
    }));
    report({ number: unit.number, done: true, ok: true, encoded, rows: expected });
  } catch (error) {
    const { code, hint } =
      error instanceof Problem ? error : { code: 'release_failed', hint: `it happened with the rows from ${unit.rows[0]?.id} on` };
    report({ number: unit.number, done: true, ok: false, code, message: messageOf(error), hint: hint ?? '' });
  }
}

function report(result: GroupResult): void {
  parentPort?.postMessage(result, result.ok ? [result.encoded.bytes.buffer] : []);
}

async function rowsOf({ rows, tasks, redact }: GroupUnit): Promise<{ row: DatasetRow; redacted: Redacted | null }[]> {
  // The formats of keys are the largest module here, and most releases replace nothing.
  const redactRow = redact.length === 0 ? undefined : (await import('../selection/redact-row.ts')).redactRow;
  const facts = tasks.map((bytes) => parsed(bytes, TaskFacts, 'its task'));
  return rows.map(({ id, trajectory, task, resolved, git_hack_attempted, clean }) => {
    const source = facts[task];
    if (source === undefined) throw new Error(`row ${id} comes without its task`);
    const row = toRow(parsed(trajectory, Trajectory, `row ${id}`), source, { resolved }, { git_hack_attempted });
    return redactRow === undefined || clean ? { row, redacted: null } : redactRow(row, redact);
  });
}

function parsed<T>(bytes: Uint8Array, schema: { parse(value: unknown): T }, what: string): T {
  try {
    return schema.parse(JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString()));
  } catch (error) {
    throw new Problem('artifact_unreadable', `the artifact of ${what} is not of the expected shape: ${messageOf(error)}`, {
      hint: 'it was written by another version of Tracemill, or the reference points to something else',
    });
  }
}

if (!isMainThread) serve();
