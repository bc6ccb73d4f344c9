import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parquetReadObjects } from 'hyparquet';
import { zstdDecompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { checkShard } from '../../activities/dataset/shards/check-shard.ts';
import { ReleaseEncoder } from '../../activities/dataset/shards/encoded-group.ts';
import { ParquetFile } from '../../activities/dataset/shards/parquet-file.ts';
import type { DatasetRow, RowMessage } from '../../schemas/dataset-row.ts';
import { scratchFolder } from '../scratch-folder.ts';

const said = (content: string, more: Partial<RowMessage> = {}): RowMessage => ({
  role: 'assistant',
  content,
  reasoning_content: null,
  tool_calls: null,
  ...more,
});

function row(number: number, trajectory: RowMessage[], more: Partial<DatasetRow> = {}): DatasetRow {
  const patch = { patch: `+${number}\n`, num_modified_files: number, num_modified_lines: -number };
  return {
    instance_id: `acme__parser-${number}`,
    repo: 'acme/parser',
    license: '',
    language: 'python',
    trajectory_id: `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`,
    trajectory,
    tools: [],
    resolved: number % 2 === 0 ? 1 : -1,
    metadata: {
      category: 'bug-fix',
      reference_patch: patch,
      model_patch: { ...patch, patch: '' },
      teacher_model: { name: 'Scripted', enable_thinking: number % 3 === 0, reasoning_effort: number % 4 === 0 ? 'high' : null },
      git_hack_attempted: false,
    },
    hf_dataset_name: 'local',
    ...more,
  };
}

const call = (name: string, text: string) => ({ type: 'function' as const, function: { name, arguments: text } });

/** Everything that a list, a text or a null can be, beside rows longer than a page. */
const rows: DatasetRow[] = [
  row(0, []),
  row(1, [said('')]),
  row(2, [said('é\u0000\u{1f600}', { reasoning_content: '' }), said('b', { tool_calls: [] })], { tools: ['{}', '{}', '{"é":1}'] }),
  row(3, [said('', { tool_calls: [call('run', '{}'), call('', '')] }), said('x', { tool_calls: [call('run', 'ß'.repeat(9))] })]),
  row(4, [said('0'.repeat(700_000)), said('é'.repeat(200_000))]),
  ...Array.from({ length: 40 }, (_, at) =>
    row(
      5 + at,
      Array.from({ length: at }, (_, turn) =>
        said(`${turn} `.repeat(at * 20), { tool_calls: turn % 3 === 0 ? null : [call(`t${at}`, '')] }),
      ),
    ),
  ),
];

async function file(encoder: ReleaseEncoder, parts: DatasetRow[][]) {
  const written: Uint8Array[] = [];
  const made = new ParquetFile(async (bytes) => void written.push(bytes.slice()), 'trajectory');
  const expected: { id: string; digest: string }[] = [];
  for (const part of parts) {
    for (const one of part) expected.push({ id: one.trajectory_id, digest: encoder.add(one) });
    await made.add(encoder.finish());
  }
  await made.finish();
  return { bytes: Buffer.concat(written), expected };
}

describe('row groups', () => {
  const halves = [rows.slice(0, 7), rows.slice(7)];

  it('hold any value for two other readers, whose digests are those of the encoder', async () => {
    const { bytes, expected } = await file(new ReleaseEncoder('trajectory'), halves);
    const path = join(scratchFolder('row-groups'), 'any.parquet');
    writeFileSync(path, bytes);
    await checkShard(path, expected, 'trajectory');
    const buffer = new Uint8Array(bytes).buffer;
    const read = await parquetReadObjects({ file: buffer, compressors: { ZSTD: (input) => zstdDecompressSync(input) } });
    // Null lists come as nothing from this reader.
    const plain = (values: unknown) => JSON.stringify(values, (_, value: unknown) => value ?? undefined);
    const wanted = rows.map(({ trajectory, tools }) => ({ tools, trajectory }));
    const found = read.map(({ trajectory, tools }) => ({ tools, trajectory }));
    expect(found.findIndex((one, at) => plain(one) !== plain(wanted[at]))).toBe(-1);
  });

  it('are the same bytes from an encoder that made others before', async () => {
    const fresh = await file(new ReleaseEncoder('trajectory'), halves);
    const used = new ReleaseEncoder('trajectory');
    await file(used, [[...rows].reverse()]);
    const again = await file(used, halves);
    expect(again.bytes.equals(fresh.bytes)).toBe(true);
    expect(again.expected).toEqual(fresh.expected);
  });

  it('give another digest for any other value', () => {
    const encoder = new ReleaseEncoder('trajectory');
    const base = row(6, [said('ab', { tool_calls: [call('run', 'x')] }), said('c')]);
    const others: DatasetRow[] = [
      { ...base, trajectory: [said('a', { tool_calls: [call('run', 'x')] }), said('bc')] },
      { ...base, trajectory: [said('ab', { tool_calls: [call('run', 'x')] }), said('c', { reasoning_content: '' })] },
      { ...base, trajectory: [said('ab'), said('c', { tool_calls: [call('run', 'x')] })] },
      { ...base, trajectory: [said('ab', { tool_calls: [call('run', 'x')] }), said('c', { tool_calls: [] })] },
      { ...base, tools: [''] },
      { ...base, repo: 'acme/parse', license: 'r' },
      { ...base, resolved: 0 },
    ];
    const digests = [base, ...others].map((one) => encoder.add(one));
    expect(new Set(digests).size).toBe(digests.length);
  });
});
