import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeShard } from '../../activities/dataset/shards/parquet-shard.ts';
import { readShard } from '../../activities/dataset/shards/read-shard.ts';
import { readRowGroups, rowGroupsOf } from '../../activities/tables/learnable-rows.ts';
import type { DatasetRow } from '../../schemas/dataset-row.ts';
import { scratchFolder } from '../scratch-folder.ts';
import { message, row } from '../training/rows.ts';

async function shard(count: number): Promise<string> {
  const path = join(scratchFolder('row-groups'), 'rows.parquet');
  async function* rows(): AsyncGenerator<DatasetRow> {
    for (let number = 0; number < count; number += 1) {
      const trajectory = [
        ...row().trajectory,
        message('tool', 'naïve 🦊\r\n'.repeat(number % 50)),
        message('assistant', '', { tool_calls: [] }),
      ];
      yield row({
        trajectory_id: `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`,
        trajectory,
        resolved: number % 2 === 0 ? 1 : -1,
      });
    }
  }
  await writeShard(async (bytes) => appendFileSync(path, bytes), rows());
  return path;
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

describe('row groups of a shard', () => {
  it('are known by their numbers of rows', async () => {
    expect(await rowGroupsOf(await shard(250))).toEqual([100, 100, 50]);
  });

  it('hold what the other reader reads, in order', async () => {
    const path = await shard(250);
    const wanted = (await collect(readShard(path))).map(
      ({ instance_id, trajectory_id, language, tools, resolved, trajectory, metadata: { teacher_model } }) => ({
        instance_id,
        trajectory_id,
        language,
        tools,
        resolved,
        trajectory,
        metadata: { teacher_model },
      }),
    );
    expect(await collect(readRowGroups(path, { from: 0, to: 3 }))).toEqual(wanted);
    expect(await collect(readRowGroups(path, { from: 1, to: 2 }))).toEqual(wanted.slice(100, 200));
  });

  it('of a file that is none are refused', async () => {
    const path = join(scratchFolder('row-groups'), 'rows.parquet');
    writeFileSync(path, 'PAR1 but not really PAR1');
    await expect(rowGroupsOf(path)).rejects.toMatchObject({ code: 'source_unreadable' });
    await expect(rowGroupsOf(`${path}.gone`)).rejects.toMatchObject({ code: 'source_not_found' });
  });
});
