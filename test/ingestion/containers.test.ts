import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { largestValue } from '../../activities/tables/json-rows.ts';
import { lineBlocks } from '../../activities/scanning/inputs/line-blocks.ts';
import { loadGrammars } from '../../activities/syntax/grammars.ts';
import { scanInProcess } from '../scanning/scan-in-process.ts';
import { collect } from './collect.ts';

let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tracemill-containers-'));
  await loadGrammars();
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  return path;
}

const row = (id: string, more: Record<string, unknown> = {}) => ({
  id,
  messages: [
    { role: 'user', content: 'Mend the parser.' },
    {
      role: 'assistant',
      content: 'Größe and 试验',
      tool_calls: [{ id: 'c', type: 'function', function: { name: 'bash', arguments: '{"command":"git reflog"}' } }],
    },
    { role: 'tool', tool_call_id: 'c', content: '4be1d07 HEAD@{0}: commit: Mend' },
  ],
  ...more,
});

const lines = (...ids: string[]) => `${ids.map((id) => JSON.stringify(row(id))).join('\n')}\n`;

function stream(name: string, bytes: Uint8Array) {
  return {
    name,
    stream: (async function* () {
      for (let at = 0; at < bytes.length; at += 100) yield bytes.subarray(at, at + 100);
    })(),
  };
}

/** The ids that both commands read of a path, and what they say of the rest. They must agree. */
async function both(path: string) {
  const ingested = await collect(path);
  const scanned = await scanInProcess(path);
  const ids = ingested.trajectories.map(({ id }) => id);
  expect(scanned.reports.map(({ id }) => id)).toEqual(ids);
  expect(scanned.reports.every(({ git_hack_attempted }) => git_hack_attempted)).toBe(true);
  return { ids, ingested, scanned };
}

async function parquetOf(rows: ReturnType<typeof row>[]): Promise<Uint8Array> {
  const writer = new ByteWriter();
  const columnData = [
    { name: 'id', data: rows.map(({ id }) => id) },
    { name: 'messages', data: rows.map(({ messages }) => JSON.stringify(messages)) },
  ];
  const parquet = new ParquetWriter({
    writer,
    schema: [
      { name: 'root', num_children: 2 },
      ...columnData.map(({ name }) => ({
        name,
        type: 'BYTE_ARRAY' as const,
        converted_type: 'UTF8' as const,
        repetition_type: 'OPTIONAL' as const,
      })),
    ],
  });
  await parquet.write({ columnData });
  await parquet.finish();
  return writer.getBytes();
}

describe('packed files', () => {
  const packings: [string, (text: string) => Uint8Array][] = [
    ['jsonl.gz', (text) => gzipSync(text)],
    ['jsonl.zst', (text) => zstdCompressSync(text)],
    ['jsonl', (text) => gzipSync(text)],
    ['jsonl.gz', (text) => Buffer.concat(text.split(/(?<=\n)/).map((line) => gzipSync(line)))],
    ['json.zst', (text) => Buffer.concat(text.split(/(?<=\n)/).map((line) => zstdCompressSync(line)))],
    ['jsonl.gz', (text) => gzipSync(zstdCompressSync(text))],
  ];

  it.each(packings)('%s of lines are read, as a file, in a folder and as a stream', async (ending, packed) => {
    const bytes = packed(lines('a', 'b', 'c'));
    const path = file(`lines/${packings.findIndex((one) => one[1] === packed)}/rows.${ending}`, bytes);
    expect((await both(path)).ids).toEqual(['a', 'b', 'c']);
    expect((await both(dirname(path))).ids).toEqual(['a', 'b', 'c']);
    expect((await collect(stream('stdin', bytes))).trajectories.map(({ id }) => id)).toEqual(['a', 'b', 'c']);
    expect((await scanInProcess(stream('stdin', bytes))).reports.map(({ id }) => id)).toEqual(['a', 'b', 'c']);
  });

  it.each(['json.gz', 'json.zst', 'traj.gz'])('%s of documents and lists are read', async (ending) => {
    const pack = ending.endsWith('zst') ? zstdCompressSync : gzipSync;
    expect((await both(file(`one.${ending}`, pack(JSON.stringify(row('one'), null, 2))))).ids).toEqual(['one']);
    expect((await both(file(`list.${ending}`, pack(JSON.stringify([row('x'), row('y')]))))).ids).toEqual(['x', 'y']);
  });

  it('Parquet is read within gzip and from a stream', async () => {
    const bytes = gzipSync(await parquetOf([row('p'), row('q')]));
    expect((await both(file('rows.parquet.gz', bytes))).ids).toEqual(['p', 'q']);
    expect((await scanInProcess(stream('stdin', bytes))).reports).toHaveLength(2);
  });

  it('that are cut give what is whole, and say that they are cut', async () => {
    const whole = gzipSync(lines(...Array.from({ length: 300 }, (_, index) => `r${index}`)));
    const { ids, ingested, scanned } = await both(file('cut.jsonl.gz', whole.subarray(0, whole.length - 200)));
    expect(ids.length).toBeGreaterThan(10);
    expect(ids.length).toBeLessThan(300);
    expect(ingested.bad.map(({ problem }) => problem)).toContain('unexpected end of file');
    expect(scanned.bad.map(({ problem }) => problem)).toContain('unexpected end of file');
  });

  it('that something else follows give what is packed, and say so', async () => {
    const { ids, ingested, scanned } = await both(
      file('behind.jsonl.zst', Buffer.concat([zstdCompressSync(lines('a')), Buffer.from('{}\n')])),
    );
    expect([ids, ingested.bad.length, scanned.bad.length]).toEqual([['a'], 1, 1]);
  });

  it.each([
    ['rows.jsonl.xz', '\xfd7zXZ\0', 'packed by xz, which is not read'],
    ['rows.jsonl.br', '\x8b\x03\x80abc', 'packed by br, which is not read'],
    ['rows.jsonl.bz2', 'BZh91AY', 'packed by bzip2, which is not read'],
    ['runs.zip', `PK\x05\x06${'\0'.repeat(18)}`, 'an empty ZIP archive, which is not read'],
    ['chats.json', 'SQLite format 3\0', 'an SQLite database, which is not read'],
  ])('%s that are not read are named, in a folder too', async (name, content, said) => {
    const path = file(`other/${name}/${name}`, Buffer.from(content, 'latin1'));
    for (const input of [path, dirname(path)]) {
      const { bad } = await collect(input);
      expect(bad).toEqual([{ place: path, problem: expect.stringContaining(said) }]);
      expect((await scanInProcess(input)).bad).toEqual(bad);
    }
  });
});

describe('text', () => {
  it('as Python writes it may have NaN and Infinity, in lines and documents', async () => {
    const odd = JSON.stringify(row('n', { score: 'SCORE', best: 'BEST', word: 'NaN' }))
      .replace('"SCORE"', 'NaN')
      .replace('"BEST"', '-Infinity');
    expect((await both(file('nan.jsonl', `${odd}\n${lines('m')}`))).ids).toEqual(['n', 'm']);
    expect((await both(file('nan.json', odd))).ids).toEqual(['n']);
  });

  it.each([
    ['a byte order mark', Buffer.from(`\uFEFF${lines('a', 'b')}`)],
    ['ends of lines of Windows', Buffer.from(lines('a', 'b').replaceAll('\n', '\r\n'))],
    ['UTF-16 with its mark', Buffer.from(`\uFEFF${lines('a', 'b')}`, 'utf16le')],
    ['UTF-16 without one', Buffer.from(lines('a', 'b'), 'utf16le')],
    ['UTF-16 of the other byte order', Buffer.from(`\uFEFF${lines('a', 'b')}`, 'utf16le').swap16()],
    ['UTF-16, packed', gzipSync(Buffer.from(`\uFEFF${lines('a', 'b')}`, 'utf16le'))],
  ])('with %s is read', async (_, bytes) => {
    const { ids, ingested } = await both(file('text.jsonl', bytes));
    expect(ids).toEqual(['a', 'b']);
    expect(ingested.trajectories[0]?.messages[1]?.content).toBe('Größe and 试验');
    expect(ingested.trajectories[0]?.reported).toEqual([]);
  });

  it('that is not UTF-8 is read with U+FFFD, and both commands say where', async () => {
    const latin = Buffer.from(lines('a', 'b').replaceAll('试验', ''), 'latin1');
    const path = file('latin.jsonl', Buffer.concat([Buffer.from(lines('ok')), latin]));
    const { ingested, scanned } = await both(path);
    expect(ingested.trajectories.map(({ reported }) => reported)).toEqual([
      [],
      [expect.stringMatching(/^bytes that are not UTF-8 stand as U\+FFFD: byte 0xf6 behind/)],
      [expect.stringContaining('U+FFFD')],
    ]);
    expect(scanned.damaged).toEqual([`${path}:2`, `${path}:3`]);
    const document = await both(file('latin.json', Buffer.from(JSON.stringify(row('d'), null, 1).replace('试验', ''), 'latin1')));
    expect(document.ingested.trajectories[0]?.reported).toEqual([expect.stringContaining('U+FFFD')]);
    expect(document.scanned.damaged).toHaveLength(1);
  });

  it('on one line after a line that is a document itself is lines, whatever the name says', async () => {
    expect((await both(file('lines.json', lines('a', 'b')))).ids).toEqual(['a', 'b']);
    const pretty = JSON.stringify(row('p')).replace('{', '{ ').replace(',"messages"', ',\n"messages"');
    expect((await collect(stream('stdin', Buffer.from(pretty)))).trajectories.map(({ id }) => id)).toEqual(['p']);
  });
});

describe('documents one after another', () => {
  const pretty = (id: string) => `${JSON.stringify(row(id), null, 2)}\n`;

  it.each(['jsonl', 'json', 'jsonl.gz'])('are read from .%s, each at its line', async (ending) => {
    const text = pretty('a') + pretty('b') + pretty('c');
    const path = file(`pretty.${ending}`, ending.endsWith('gz') ? gzipSync(text) : text);
    const { ids, ingested } = await both(path);
    expect(ids).toEqual(['a', 'b', 'c']);
    expect(ingested.trajectories.map(({ place }) => place?.number)).toEqual([1, 29, 57]);
    expect((await collect(stream('stdin', Buffer.from(text)))).trajectories.map(({ id }) => id)).toEqual(['a', 'b', 'c']);
  });

  it('but for one that is broken, which is named', async () => {
    const path = file('broken.json', `${pretty('a')}${pretty('b').replace('"user",', '"user')}${pretty('c')}`);
    const { ids, ingested } = await both(path);
    expect(ids).toEqual(['a', 'c']);
    expect(ingested.bad).toEqual([{ place: `${path}:29`, problem: expect.stringMatching(/^not JSON/) }]);
  });
});

describe('a list', () => {
  it('that something follows is read, and the rest is said', async () => {
    const path = file('two.json', `${JSON.stringify([row('a')], null, 1)}\n${JSON.stringify([row('b')], null, 1)}`);
    const { trajectories, bad } = await collect(path);
    expect(trajectories.map(({ id }) => id)).toEqual(['a']);
    expect(bad).toEqual([{ place: path, problem: expect.stringMatching(/^something follows the list, on line \d+$/) }]);
  });
});

describe('long lines', () => {
  it('are read whole', async () => {
    const long = { ...row('long'), filler: 'x'.repeat(70 * 1024 * 1024) };
    const path = file('long.jsonl', lines('before'));
    appendFileSync(path, `${JSON.stringify(long)}\n${lines('after')}`);
    expect((await both(path)).ids).toEqual(['before', 'long', 'after']);
  });

  it('beyond the bound are left out with their number, and what follows is read', async () => {
    const pieces = ['{"a":1}\n{"b', '":"', 'x'.repeat(50), 'y'.repeat(50), '"}\n{"c":1}\n', '{"d":1}'];
    const chunks = async function* () {
      for (const piece of pieces) yield new TextEncoder().encode(piece);
    };
    const blocks = [];
    for await (const { bytes, firstLine, tooLong } of lineBlocks(chunks(), { block: 10, longestLine: 64 }))
      blocks.push([Buffer.from(bytes).toString(), firstLine, tooLong]);
    expect(blocks).toEqual([
      ['{"a":1}\n', 1, false],
      ['', 2, true],
      ['{"c":1}\n', 3, false],
      ['{"d":1}', 4, false],
    ]);
    expect(largestValue).toBe(256 * 1024 * 1024);
  });
});

describe('what is wrong with every line', () => {
  it('is said once a file, with how often and where', async () => {
    const path = file('reviews.jsonl', Array.from({ length: 30 }, () => '{"stars": 5, "words": "fine"}\n').join(''));
    const problem = expect.stringMatching(/^of no known format .*\(30 such lines: 1, 2, 3, 4, 5, 6, 7, 8, …\)$/);
    expect((await collect(path)).bad).toEqual([{ place: `${path}:1`, problem }]);
    const noJson = file('log.jsonl', '{"a": oops\n'.repeat(3));
    expect((await collect(noJson)).bad).toEqual([
      { place: `${noJson}:1`, problem: expect.stringMatching(/^not JSON: .*\(3 such lines: 1, 2, 3\)$/) },
    ]);
  });

  it('of a folder is that nothing in it could be a trajectory, with what is there', async () => {
    file('prose/a.md', '# Notes');
    file('prose/b.md', '# More');
    const path = dirname(file('prose/c.vscdb', 'x'));
    const problem = 'there is no file in it that could hold trajectories (there are 2 of .md, 1 of .vscdb)';
    expect((await collect(path)).bad).toEqual([{ place: path, problem }]);
    expect((await scanInProcess(path)).bad).toEqual([{ place: path, problem }]);
  });
});
