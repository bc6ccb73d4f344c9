import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parquetMetadata } from 'hyparquet';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { readCandidates, readTasks, type TaskReading } from '../../activities/source/read-tasks.ts';
import { all, parquetOf, realRow, rowLike } from './corpus.ts';
import { serveRanges } from './range-server.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tracemill-source-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

async function read(input: string): Promise<TaskReading[]> {
  return all(readTasks(input));
}

function ids(readings: TaskReading[]): string[] {
  return readings.map((reading) => (reading.ok ? reading.task.instance_id : reading.problems.join('; ')));
}

describe('readTasks', () => {
  it('reads a Parquet file with structs, lists and 64-bit integers', async () => {
    const [reading] = await read(file('one.parquet', parquetOf([{ ...realRow, license: null }])));
    expect(reading).toMatchObject({ ok: true, place: expect.stringMatching(/one\.parquet row 1$/) });
    const task = reading?.ok === true ? reading.task : undefined;
    expect(task).toMatchObject({
      instance_id: 'unidata__netcdf-c-1925',
      created_at: 1609298073000,
      FAIL_TO_PASS: realRow['FAIL_TO_PASS'],
      PASS_TO_PASS: realRow['PASS_TO_PASS'],
      install_config: { test_cmd: ['make check'], log_parser: 'parse_log_jq' },
      meta: {
        num_modified_files: 6,
        num_modified_lines: 46,
        llm_metadata: [{ code: 'A', difficulty: 'medium', pr_categories: ['regression_bug'] }],
      },
    });
    expect(task?.test_patch).toBe(realRow['test_patch']);
  });

  it('reads the same rows however the file is cut into groups and pages', async () => {
    const rows = Array.from({ length: 150 }, (_, i) =>
      rowLike(i, { PASS_TO_PASS: Array.from({ length: i % 7 }, (_, k) => `test ${i} ${k}`) }),
    );
    for (const [index, options] of [
      {},
      { rowGroupSize: 7 },
      { pageSize: 300 },
      { rowGroupSize: 64, pageSize: 2000, codec: 'UNCOMPRESSED' as const },
    ].entries()) {
      const readings = await read(file(`cut-${index}.parquet`, parquetOf(rows, options)));
      expect(readings.map((reading) => reading.ok && [reading.task.instance_id, reading.task.PASS_TO_PASS])).toEqual(
        rows.map((row) => [row['instance_id'], row['PASS_TO_PASS']]),
      );
    }
  });

  it('accepts both forms of encoded fields, and JSONL, JSON lists and YAML', async () => {
    const encoded = rowLike(1, {
      FAIL_TO_PASS: JSON.stringify(['a']),
      install_config: JSON.stringify({ test_cmd: 'make check', log_parser: 'parse_log_jq' }),
      meta: JSON.stringify({ num_modified_files: 2 }),
    });
    const expected = {
      ok: true,
      task: { FAIL_TO_PASS: ['a'], install_config: { test_cmd: ['make check'] }, meta: { num_modified_files: 2 } },
    };
    for (const path of [
      file('a.jsonl', `\uFEFF${JSON.stringify(encoded)}\n\n`),
      file('a.json', JSON.stringify([encoded], null, 2)),
      file('b.json', JSON.stringify(encoded, null, 2)),
      file('a.yaml', stringify([encoded])),
      file('b.yaml', stringify(encoded)),
    ]) {
      expect(await read(path)).toMatchObject([expected]);
    }
  });

  it('reads a folder in the order of its names', async () => {
    const sub = join(folder, 'many', 'data');
    mkdirSync(sub, { recursive: true });
    writeFileSync(join(sub, 'train-00001.parquet'), parquetOf([rowLike(2)]));
    writeFileSync(join(sub, 'train-00000.parquet'), parquetOf([rowLike(1)]));
    writeFileSync(join(folder, 'many', 'README.md'), '#');
    writeFileSync(join(folder, 'many', 'z.jsonl'), JSON.stringify(rowLike(3)));
    expect(ids(await read(join(folder, 'many')))).toEqual(['owner1__name-1', 'owner2__name-2', 'owner3__name-3']);
  });

  it('reports a bad row with file, row and field, and goes on', async () => {
    const readings = await read(
      file(
        'bad.jsonl',
        [
          JSON.stringify(rowLike(1, { base_commit: 'main' })),
          '{"half',
          '[]',
          JSON.stringify(rowLike(2, { language: 'scala' })),
          JSON.stringify(rowLike(3)),
        ].join('\n'),
      ),
    );
    expect(readings.map(({ place }) => place.replace(/^.*\//, ''))).toEqual([
      'bad.jsonl line 1 (owner1__name-1)',
      'bad.jsonl line 2',
      'bad.jsonl line 3',
      'bad.jsonl line 4 (owner2__name-2)',
      'bad.jsonl line 5',
    ]);
    expect(readings.map((reading) => (reading.ok ? 'ok' : reading.problems.join()))).toEqual([
      expect.stringMatching(/^base_commit: /),
      expect.stringMatching(/^not JSON: /),
      'row: not an object',
      expect.stringMatching(/^language: /),
      'ok',
    ]);
  });

  it.each([
    ['cut short', () => parquetOf([rowLike(1)]).subarray(0, 3000)],
    ['without a footer', () => Buffer.from('PAR1 and nothing more')],
    ['empty', () => Buffer.alloc(0)],
    ['damaged inside', () => Buffer.concat([Buffer.from('PAR1'), Buffer.alloc(4000, 0xff), parquetOf([rowLike(1)]).subarray(4004)])],
  ])('reports a Parquet file %s in one line', async (name, bytes) => {
    const readings = await read(file(`${name.replaceAll(' ', '-')}.parquet`, bytes()));
    expect(readings).toHaveLength(1);
    expect(readings[0]).toMatchObject({ ok: false, place: expect.stringContaining('.parquet') });
  });

  it('says after which row a damaged Parquet file could not be read further', async () => {
    const bytes = parquetOf(
      Array.from({ length: 100 }, (_, i) => rowLike(i)),
      { rowGroupSize: 70, codec: 'UNCOMPRESSED' },
    );
    const second = parquetMetadata(Uint8Array.from(bytes).buffer).row_groups[1]?.columns[0]?.meta_data?.data_page_offset;
    const readings = await read(file('half.parquet', bytes.fill(0xff, Number(second), Number(second) + 60)));
    expect(readings.at(-1)).toMatchObject({
      ok: false,
      code: 'source_unreadable',
      place: expect.stringMatching(/half\.parquet, all after row 70$/),
    });
    expect(readings).toHaveLength(71);
  });

  it('names what holds no task at all', async () => {
    mkdirSync(join(folder, 'void'));
    const places = [join(folder, 'void'), file('void.jsonl', '\n'), file('void.json', '[]'), file('void.yaml', '# nothing\n')];
    for (const path of places) expect(await read(path)).toMatchObject([{ ok: false, code: 'source_empty', place: path }]);
  });

  it('reads files through links in a folder, as download caches lay them out', async () => {
    mkdirSync(join(folder, 'links'));
    symlinkSync(file('blob', parquetOf([rowLike(7)])), join(folder, 'links', 'train.parquet'));
    symlinkSync(join(folder, 'nowhere'), join(folder, 'links', 'broken.parquet'));
    expect(await read(join(folder, 'links'))).toMatchObject([{ code: 'source_not_found' }, { ok: true }]);
  });

  it('reads no file as a whole that is too large for a plain task file', async () => {
    const path = file('large.yaml', '# \n');
    truncateSync(path, 65 * 1024 * 1024);
    expect(await read(path)).toMatchObject([{ code: 'source_unreadable', problems: [expect.stringContaining('larger than')] }]);
  });

  it('reports wrong column types, missing files and lists without an end', async () => {
    expect(await read(file('types.json', JSON.stringify([rowLike(1, { patch: 7, FAIL_TO_PASS: [1] })])))).toMatchObject([
      { ok: false, problems: [expect.stringMatching(/^patch: /), expect.stringMatching(/^FAIL_TO_PASS.0: /)] },
    ]);
    expect(await read(join(folder, 'nowhere.parquet'))).toMatchObject([
      { ok: false, problems: [expect.stringContaining('cannot be opened')] },
    ]);
    expect(await read(file('cut.json', JSON.stringify([rowLike(1), rowLike(2)]).slice(0, -5)))).toMatchObject([
      { ok: true },
      { ok: false },
      { ok: false },
    ]);
  });

  it('leaves out what need not be read', async () => {
    const path = file('without.parquet', parquetOf([rowLike(1)]));
    const [reading] = await all(
      readCandidates(path, { without: ['interface', 'PASS_TO_PASS', 'meta.llm_metadata.reasoning', 'meta.pr_author'] }),
    );
    const candidate = reading?.ok === true ? reading.candidate : undefined;
    expect(candidate).not.toHaveProperty('interface');
    expect(candidate?.PASS_TO_PASS).toEqual([]);
    expect(candidate?.meta).toMatchObject({ num_modified_files: 6, llm_metadata: [{ code: 'A' }] });
    expect(JSON.stringify(candidate?.meta)).not.toContain('reasoning');
  });
});

describe('readTasks over HTTP', () => {
  const rows = Array.from({ length: 40 }, (_, i) => rowLike(i));

  it('reads Parquet in ranges, taking up answers that break off', async () => {
    const server = await serveRanges(parquetOf(rows, { codec: 'UNCOMPRESSED' }), { cutAfter: 5000, failFirst: 1 });
    try {
      expect(ids(await read(`${server.url}/train.parquet`))).toEqual(rows.map((row) => row['instance_id']));
      const starts = server.requests.map((range) => Number(/^bytes=(\d+)/.exec(range)?.[1]));
      expect(starts.some((start, i) => i > 0 && start === (starts[i - 1] ?? 0) + 5000)).toBe(true);
    } finally {
      await server.close();
    }
  });

  it('reads JSONL, and says so where a server knows no ranges or no such file', async () => {
    const text = Buffer.from(rows.map((row) => JSON.stringify(row)).join('\n'));
    const server = await serveRanges(text);
    const plain = await serveRanges(text, { ranges: false });
    try {
      expect(await read(`${server.url}/tasks.jsonl`)).toHaveLength(40);
      expect(await read(`${plain.url}/tasks.jsonl`)).toMatchObject([
        { ok: false, problems: [expect.stringContaining('not served in ranges')] },
      ]);
    } finally {
      await Promise.all([server.close(), plain.close()]);
    }
  });
});
