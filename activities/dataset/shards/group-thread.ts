import { isMainThread, parentPort } from 'node:worker_threads';
import { messageOf, Problem } from '../../../schemas/problem.ts';
import { TaskFacts } from '../../../schemas/task.ts';
import { Trajectory } from '../../../schemas/trajectory.ts';
import { unpackNow } from '../../artifacts/unpack.ts';
import { rowHash } from './content-hash.ts';
import { ReleaseEncoder } from './encoded-group.ts';
import { GroupUnit, type GroupResult, type Packed } from './group-unit.ts';
import type { redactRow as RedactRow } from '../selection/redact-row.ts';
import { toRow } from './row.ts';

type MadeRows = Extract<GroupResult, { ok: true }>['rows'];

/** A thread of the pool: makes one row group after another until it is ended from outside. */
function serve(): void {
  let encoder: ReleaseEncoder | undefined;
  parentPort?.on('message', (message: unknown) => {
    const unit = GroupUnit.parse(message);
    encoder ??= new ReleaseEncoder(unit.form);
    void make(unit, encoder);
  });
}

async function make(unit: GroupUnit, encoder: ReleaseEncoder): Promise<void> {
  try {
    // The formats of keys are the largest module here, and most releases replace nothing.
    const redactRow = unit.redact.length === 0 ? undefined : (await import('../selection/redact-row.ts')).redactRow;
    const rows = rowsOf(unit, encoder, redactRow);
    report({ number: unit.number, done: true, ok: true, encoded: encoder.finish(), rows });
  } catch (error) {
    const { code, hint } =
      error instanceof Problem ? error : { code: 'release_failed', hint: `it happened with the rows from ${unit.rows[0]?.id} on` };
    report({ number: unit.number, done: true, ok: false, code, message: messageOf(error), hint: hint ?? '' });
  }
}

function report(result: GroupResult): void {
  parentPort?.postMessage(result, result.ok ? [result.encoded.bytes.buffer] : []);
}

/** Gives each row to the encoder; one row at a time is in memory as texts. */
function rowsOf({ rows, tasks, redact }: GroupUnit, encoder: ReleaseEncoder, redactRow: typeof RedactRow | undefined): MadeRows {
  const facts = tasks.map((artifact) => parsed(artifact, TaskFacts, 'its task'));
  return rows.map(({ id, trajectory, task, resolved, git_hack_attempted, clean }) => {
    const source = facts[task];
    if (source === undefined) throw new Error(`row ${id} comes without its task`);
    const whole = toRow(parsed(trajectory, Trajectory, `row ${id}`), source, { resolved }, { git_hack_attempted });
    const { row, redacted } = redactRow === undefined || clean ? { row: whole, redacted: null } : redactRow(whole, redact);
    return { id: row.trajectory_id, digest: encoder.add(row), sha256: rowHash(row), redacted };
  });
}

function parsed<T>({ ref, packed }: Packed, schema: { parse(value: unknown): T }, what: string): T {
  const bytes = unpackNow(packed, ref);
  try {
    return schema.parse(JSON.parse(bytes.toString()));
  } catch (error) {
    throw new Problem('artifact_unreadable', `the artifact of ${what} is not of the expected shape: ${messageOf(error)}`, {
      hint: 'it was written by another version of Tracemill, or the reference points to something else',
    });
  }
}

if (!isMainThread) serve();
