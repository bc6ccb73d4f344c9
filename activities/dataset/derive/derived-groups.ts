import type { DatasetRow } from '../../../schemas/dataset-row.ts';
import { messageOf, Problem } from '../../../schemas/problem.ts';
import { rowHash } from '../shards/content-hash.ts';
import { ReleaseEncoder } from '../shards/encoded-group.ts';
import type { Redacted } from '../selection/redact-row.ts';
import { inGroups } from '../shards/row-groups.ts';
import type { DerivedGroup, DerivedUnit } from './derived-unit.ts';
import { rowsAt } from './rows-at.ts';

/** Reads the rows of a unit and encodes them, a row group at a time. Throws nothing: a row that is not what the ledger says is told. */
export async function* derivedGroups(unit: DerivedUnit): AsyncGenerator<DerivedGroup> {
  const { number, form, redact } = unit;
  // The formats of keys are a large module, and most releases replace nothing.
  const redactRow = redact.length === 0 ? undefined : (await import('../selection/redact-row.ts')).redactRow;
  const replaced = new Map<string, Redacted>();
  const clean = new Set(unit.rows.flatMap(({ id, clean }) => (clean ? [id] : [])));
  async function* rows(): AsyncGenerator<DatasetRow> {
    for await (const row of checkedRows(unit)) {
      if (redactRow === undefined || clean.has(row.trajectory_id)) {
        yield row;
        continue;
      }
      const done = redactRow(row, redact);
      replaced.set(row.trajectory_id, done.redacted);
      yield done.row;
    }
  }
  try {
    const encoder = new ReleaseEncoder(form);
    let left = unit.rows.length;
    for await (const group of inGroups(rows())) {
      left -= group.length;
      const digests = group.map((row) => encoder.add(row));
      const expected = group.map((row, index) => ({
        id: row.trajectory_id,
        digest: digests[index] ?? '',
        sha256: rowHash(row),
        redacted: replaced.get(row.trajectory_id) ?? null,
      }));
      yield { number, done: left === 0, ok: true, encoded: encoder.finish(), rows: expected };
    }
  } catch (error) {
    const code = error instanceof Problem ? error.code : 'release_damaged';
    const hint = (error instanceof Problem ? error.hint : undefined) ?? 'see: tracemill release verify';
    yield { number, done: true, ok: false, code, message: messageOf(error), hint };
  }
}

async function* checkedRows({ shards, rows, form }: DerivedUnit): AsyncGenerator<DatasetRow> {
  const reader = rowsAt(shards, form, rows);
  try {
    for (const { id, sha256, shard } of rows) {
      const next = await reader.next();
      const place = shards[shard] ?? 'its release';
      if (next.done === true || next.value.trajectory_id !== id) throw damaged(`row ${id} is not where ${place} has it`);
      if (rowHash(next.value) !== sha256) throw damaged(`row ${id} of ${place} is not the one that its ledger has the hash of`);
      yield next.value;
    }
  } finally {
    await reader.return(undefined);
  }
}

function damaged(what: string): Problem {
  return new Problem('release_damaged', what, { hint: 'see: tracemill release verify' });
}
