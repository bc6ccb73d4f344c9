import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { DuckDBInstance } from '@duckdb/node-api';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { beforeEach, describe, expect, it } from 'vitest';
import { readTasks, type TaskReading } from '../../activities/source/read-tasks.ts';
import { scratchFolder } from '../scratch-folder.ts';
import { all, columnData, corpusSchema, parquetOf, rowLike } from './corpus.ts';

let folder: string;
beforeEach(() => {
  folder = scratchFolder('exporters');
});

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  return path;
}

const read = (path: string): Promise<TaskReading[]> => all(readTasks(path));

/** The task of a JSONL file with one row. */
async function taskOf(changes: Record<string, unknown>): Promise<unknown> {
  const [reading] = await read(file('one.jsonl', JSON.stringify(rowLike(1, changes))));
  return reading?.ok === true ? reading.task : reading?.problems;
}

const json = JSON.stringify;

describe('what exporters write', () => {
  it.each([
    ['an empty text', ''],
    ['an empty list as text', '[]'],
    ['null', null],
    ['null as text', 'null'],
    ['what pandas has for nothing', 'nan'],
    ['what Python has for nothing', 'None'],
  ])('for no tests is %s', async (_what, PASS_TO_PASS) => {
    expect(await taskOf({ PASS_TO_PASS })).toMatchObject({ PASS_TO_PASS: [] });
  });

  it.each([
    ['JSON', json(['a::b', "it's"])],
    ['JSON within JSON', json(json(['a::b', "it's"]))],
    ['a list of Python', `['a::b', "it's"]`],
    ['a tuple of Python', `('a::b', 'it\\'s',)`],
    ['an array of NumPy', `['a::b' "it's"]`],
    ['an array of NumPy over lines', `array(['a::b',\n       "it's"], dtype=object)`],
  ])('for a list is %s', async (_what, FAIL_TO_PASS) => {
    expect(await taskOf({ FAIL_TO_PASS })).toMatchObject({ FAIL_TO_PASS: ['a::b', "it's"] });
  });

  it.each([
    ['an array that NumPy shortened', "['a' 'b' ... 'y' 'z']"],
    ['a list that is cut', "['a', 'b"],
    ['a word', 'test_a'],
    ['an object', '{"a": 1}'],
  ])('is refused by its field where it is %s', async (_what, FAIL_TO_PASS) => {
    expect(await taskOf({ FAIL_TO_PASS })).toEqual([expect.stringMatching(/^FAIL_TO_PASS: neither a list of strings/)]);
  });

  it.each([
    ['one line as text', { install: 'pip install -e .', test_cmd: 'pytest' }],
    ['lists as text', { install: json(['pip install -e .']), test_cmd: "['pytest']" }],
    ['all of it as text', json({ install: ['pip install -e .'], test_cmd: ['pytest'], log_parsers: null })],
    ['a dictionary of Python', "{'install': ['pip install -e .', None], 'test_cmd': 'pytest', 'docker_specs': None, 'flag': True}"],
  ])('for the installation is %s', async (_what, given) => {
    const text =
      typeof given === 'string' ? given.replace('}', given.startsWith('{"') ? ',"log_parser":"p"}' : ", 'log_parser': 'p'}") : null;
    const task = await taskOf({ install_config: text ?? { ...(typeof given === 'object' ? given : {}), log_parser: 'p' } });
    expect(task).toMatchObject({ install_config: { install: ['pip install -e .'], test_cmd: ['pytest'], log_parser: 'p' } });
  });

  it('for no installation is nothing at all', async () => {
    for (const install of ['', null, [], 'nan']) {
      const task = await taskOf({ install_config: { install, test_cmd: '[ -f x ] && make', log_parser: 'p' } });
      expect(task).toMatchObject({ install_config: { test_cmd: ['[ -f x ] && make'] } });
      expect(json(task)).not.toMatch(/"install":\["?"/);
    }
  });

  it('for missing values is NaN, an empty text or a time of another kind', async () => {
    const row = json(rowLike(1, { license: '', workdir: '', created_at: 1609298073.25 }));
    const path = file(
      'nan.jsonl',
      `${row.replace('"license":""', '"license": NaN, "interface": Infinity, "pr_description": "NaN, -Infinity"')}\n`,
    );
    const [reading] = await read(path);
    expect(reading).toMatchObject({ ok: true, task: { created_at: 1609298073.25, pr_description: 'NaN, -Infinity' } });
    expect(Object.keys(reading?.ok === true ? reading.task : {})).not.toEqual(expect.arrayContaining(['license']));
    expect(await taskOf({ meta: '' })).toMatchObject({ instance_id: 'owner1__name-1' });
    const times = parquetWriteBuffer({
      columnData: Object.entries({
        ...rowLike(1, { meta: null, install_config: json({ test_cmd: 'a', log_parser: 'p' }), FAIL_TO_PASS: '["a"]', PASS_TO_PASS: '' }),
        created_at: new Date(5),
      })
        .filter(([, value]) => value !== null)
        .map(([name, value]) => ({ name, data: [value] })),
    });
    expect(await read(file('times.parquet', new Uint8Array(times)))).toMatchObject([
      { ok: true, task: { created_at: 5, PASS_TO_PASS: [] } },
    ]);
  });
});

const rows = [rowLike(1), rowLike(2)];
const lines = rows.map((row) => json(row)).join('\r\n');
const ids = (readings: TaskReading[]) =>
  readings.map((reading) => (reading.ok ? reading.task.instance_id : `${reading.code}: ${reading.problems.join('; ')}`));
const both = ['owner1__name-1', 'owner2__name-2'];

/** A row whose other characters than those of French are written as escapes. */
const ascii = (number: number, changes: Record<string, unknown> = {}) =>
  json(rowLike(number, changes)).replaceAll(/[^\0-\x7féï]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`);

describe('packed and otherwise encoded files', () => {
  it.each([
    ['a.jsonl.gz', gzipSync(`\uFEFF${lines}\r\n\r\n`)],
    ['b.jsonl.gz', Buffer.concat([gzipSync(`${json(rows[0])}\n`), gzipSync(json(rows[1]))])],
    ['c.jsonl.zst', zstdCompressSync(lines)],
    ['d.jsonl.zst', Buffer.concat([zstdCompressSync(`${json(rows[0])}\n`), zstdCompressSync(json(rows[1]))])],
    ['skippable.jsonl.zst', Buffer.concat([Buffer.from('502a4d1803000000616263', 'hex'), zstdCompressSync(lines)])],
    ['e.json.gz', gzipSync(json(rows, null, 2))],
    ['f.yaml.zst', zstdCompressSync(json(rows))],
    ['without-an-ending', gzipSync(lines)],
    ['g.jsonl', Buffer.from(`\uFEFF${lines}`, 'utf16le')],
    ['h.json', Buffer.from(`\uFEFF${json(rows)}`, 'utf16le').swap16()],
    ['i.json', `\uFEFF\n ${json(rows)}`],
  ])('%s are read', async (name, content) => {
    expect(ids(await read(file(name, content)))).toEqual(both);
  });

  it('are found in a folder', async () => {
    file('packed/a.jsonl.gz', gzipSync(json(rows[0])));
    file('packed/b.jsonl.zst', zstdCompressSync(json(rows[1])));
    file('packed/c.csv', 'a,b\n');
    expect(ids(await read(join(folder, 'packed')))).toEqual(both);
  });

  it('that are cut are read to where they are, and said to be cut', async () => {
    const many = Array.from({ length: 400 }, (_, number) => json(rowLike(number))).join('\n');
    for (const [ending, packed] of Object.entries({ gz: gzipSync(many), zst: zstdCompressSync(many) })) {
      const readings = await read(file(`cut.jsonl.${ending}`, packed.subarray(0, packed.length - 40)));
      expect(readings.filter(({ ok }) => ok).length).toBeGreaterThan(10);
      expect(readings.at(-1)).toMatchObject({ ok: false, code: 'source_unreadable', place: expect.stringContaining(', all after line ') });
    }
  });

  it('in Latin-1 are reported by line, field and byte, and never read with other characters', async () => {
    const latin1 = (text: string) => Buffer.from(text, 'latin1');
    const path = file(
      'latin1.jsonl',
      latin1([ascii(1), ascii(2, { problem_statement: 'Le café est fermé', license: 'naïf' }), '{"half é', ascii(3)].join('\n')),
    );
    const [first, second, third, fourth] = await read(path);
    expect([first, fourth]).toMatchObject([{ ok: true }, { ok: true }]);
    expect(second).toMatchObject({
      ok: false,
      code: 'not_utf8',
      place: expect.stringMatching(/line 2$/),
      hint: expect.stringContaining('iconv'),
    });
    expect(second?.ok === false && second.problems.join()).toMatch(/problem_statement.*: not UTF-8 \(byte 0xe9 behind ".*caf"\)/);
    expect(third).toMatchObject({ ok: false, code: 'not_utf8', problems: ['row: not UTF-8 (byte 0xe9 behind "{\\"half ")'] });
    const own = await read(file('own.jsonl', json(rowLike(1, { problem_statement: 'It prints \uFFFD.' }))));
    expect(own).toMatchObject([{ ok: true, task: { problem_statement: 'It prints \uFFFD.' } }]);
    expect(await read(file('latin1.yaml', latin1('instance_id: é')))).toMatchObject([
      { code: 'source_unreadable', problems: [expect.stringContaining('byte 0xe9')] },
    ]);
    const list = await read(file('latin1.json', latin1(`[${ascii(1, { repo: 'é/é' })},${ascii(2)}]`)));
    expect(ids(list)).toEqual([expect.stringContaining('not_utf8: repo: not UTF-8'), 'owner2__name-2']);
  });

  it('of one long row lose that row alone', async () => {
    const long = Buffer.alloc(257 * 1024 * 1024, 'x');
    const path = file('long.jsonl', Buffer.concat([Buffer.from(`${json(rows[0])}\n`), long, Buffer.from(`\n${json(rows[1])}`)]));
    expect(ids(await read(path))).toEqual(['owner1__name-1', expect.stringContaining('row_too_long'), 'owner2__name-2']);
  });

  it.each([
    ['a.csv', 'instance_id,repo\n', 'comma-separated'],
    ['a.zip', 'PK\x03\x04aaaa', 'a ZIP archive'],
    ['a.jsonl.xz', '\xfd7zXZ\0', 'packed by xz'],
    ['a.jsonl.bz2', 'BZh91AY', 'packed by bzip2'],
    ['a.arrow', '\xff\xff\xff\xff\x10\0\0\0', 'an Arrow stream'],
    ['b.arrow', 'ARROW1\0\0', 'an Arrow file'],
    ['a.pkl', '\x80\x04\x95', 'a pickle'],
    ['a.parquet', 'PARE1234PARE', 'an encrypted Parquet file'],
    ['a.tar', `${'x'.repeat(257)}ustar\0`, 'a tar archive'],
    ['a.tgz', gzipSync(`${'x'.repeat(257)}ustar\0`), 'a tar archive'],
    ['b.gz', gzipSync(parquetOf(rows)), 'a Parquet file packed by gzip'],
  ])('%s are refused by name', async (name, content, form) => {
    const bytes = typeof content === 'string' ? Buffer.from(content, 'latin1') : content;
    expect(await read(file(`other/${name}`, bytes))).toMatchObject([
      { ok: false, code: 'source_unreadable', problems: [expect.stringContaining(form)], hint: expect.stringMatching(/write|unpack|pack/) },
    ]);
  });
});

describe('Parquet', () => {
  it.each(['lz4_raw', 'brotli', 'gzip', 'zstd', 'snappy', 'uncompressed'])('as DuckDB packs it by %s is read', async (codec) => {
    const many = Array.from({ length: 60 }, (_, number) =>
      json(rowLike(number, { problem_statement: `${number} `.repeat(number * 40) + 'x' })),
    );
    const from = file('duck.jsonl', many.join('\n'));
    const path = join(folder, `${codec}.parquet`);
    const connection = await (await DuckDBInstance.create()).connect();
    await connection.run(`COPY (SELECT * FROM read_json('${from}')) TO '${path}' (FORMAT parquet, CODEC '${codec}')`);
    connection.closeSync();
    const readings = await read(path);
    expect(readings.map((reading) => reading.ok && reading.task.problem_statement)).toEqual(
      many.map((_, number) => `${number} `.repeat(number * 40) + 'x'),
    );
  });

  /** One block of LZ4 that holds the bytes as they are. */
  function literals(bytes: Uint8Array): Buffer {
    if (bytes.length < 15) return Buffer.from([bytes.length << 4, ...bytes]);
    const more = bytes.length - 15;
    return Buffer.concat([Buffer.from([0xf0, ...Array.from({ length: Math.floor(more / 255) }, () => 255), more % 255]), bytes]);
  }
  function hadoop(bytes: Uint8Array): Buffer {
    const half = Math.ceil(bytes.length / 2);
    return Buffer.concat(
      [bytes.subarray(0, half), bytes.subarray(half)].map((part) => {
        const block = literals(part);
        const sizes = Buffer.alloc(8);
        sizes.writeUInt32BE(part.length);
        sizes.writeUInt32BE(block.length, 4);
        return Buffer.concat([sizes, block]);
      }),
    );
  }
  const packed = (codec: 'LZ4' | 'LZO', pack: (bytes: Uint8Array) => Uint8Array) =>
    new Uint8Array(parquetWriteBuffer({ columnData: columnData(rows), schema: corpusSchema, codec, compressors: { [codec]: pack } }));

  it('of the older LZ4, in the blocks of Hadoop or in one, is read', async () => {
    expect(ids(await read(file('hadoop.parquet', packed('LZ4', hadoop))))).toEqual(both);
    expect(ids(await read(file('one-block.parquet', packed('LZ4', literals))))).toEqual(both);
  });

  it('of LZO is refused by name', async () => {
    expect(
      await read(
        file(
          'lzo.parquet',
          packed('LZO', (bytes) => bytes),
        ),
      ),
    ).toMatchObject([
      {
        code: 'source_unreadable',
        problems: [expect.stringMatching(/packed by LZO, which is not read/)],
        hint: expect.stringContaining('zstd'),
      },
    ]);
  });

  it('that is damaged inside a block is reported', async () => {
    const cut = (bytes: Uint8Array) => literals(bytes).fill(0xff, 2);
    expect(await read(file('damaged-lz4.parquet', packed('LZ4', cut)))).toMatchObject([{ ok: false, code: 'source_unreadable' }]);
  });

  it('with bytes that are not UTF-8 loses those rows alone, by field', async () => {
    const bytes = parquetOf([rowLike(1), rowLike(2, { problem_statement: 'QQcafeQQ' }), rowLike(3)], { codec: 'UNCOMPRESSED' });
    const at = bytes.indexOf('QQcafeQQ');
    bytes[at + 5] = 0xe9;
    expect(ids(await read(file('latin1.parquet', bytes)))).toEqual([
      'owner1__name-1',
      'not_utf8: problem_statement: not UTF-8',
      'owner3__name-3',
    ]);
  });
});
