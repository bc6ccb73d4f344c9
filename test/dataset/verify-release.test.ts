import { createHash } from 'node:crypto';
import { appendFileSync, cpSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildRelease } from '../../activities/dataset/build-release.ts';
import { encodeGroup } from '../../activities/dataset/shards/encoded-group.ts';
import { localReleaseFolder } from '../../activities/dataset/local-release-folder.ts';
import { ParquetFile } from '../../activities/dataset/shards/parquet-file.ts';
import { writeShard } from '../../activities/dataset/shards/parquet-shard.ts';
import { readShard } from '../../activities/dataset/shards/read-shard.ts';
import { verifyRelease } from '../../activities/dataset/verify/verify-release.ts';
import type { DatasetRow } from '../../schemas/dataset-row.ts';
import { ReleaseManifest } from '../../schemas/release.ts';
import type { Damage } from '../../schemas/release-check.ts';
import { fillCampaign, idOf, type Workplace, workplace } from './campaign.ts';

let place: Workplace;
let whole: string;
beforeAll(async () => {
  place = workplace();
  await fillCampaign(place, 6);
  whole = join(place.folder, 'whole');
  const out = localReleaseFolder(whole);
  await buildRelease({ campaign: 'demo', version: 'v1', out, ledger: place.ledger, store: place.store, rowsPerShard: 4 });
});
afterAll(() => place.close());

const verified = (folder: string) => verifyRelease(localReleaseFolder(folder));

it('finds nothing wrong with a release that is whole, and reads all of it', async () => {
  expect(await verified(whole)).toMatchObject({ shards: 6, rows: 19, entries: 24, damages: 0, damage: [] });
});

/** A copy of the release that can be changed. */
class Copy {
  readonly folder: string;
  constructor(name: string) {
    this.folder = join(place.folder, `copy-${name}`);
    cpSync(whole, this.folder, { recursive: true });
  }

  path(file: string): string {
    return join(this.folder, file);
  }

  get manifest(): ReleaseManifest {
    return ReleaseManifest.parse(JSON.parse(readFileSync(this.path('manifest.json'), 'utf8')));
  }

  set manifest(manifest: ReleaseManifest) {
    writeFileSync(this.path('manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  }

  shard(index: number): string {
    return this.manifest.shards[index]?.path ?? '';
  }

  rows(index: number): Promise<DatasetRow[]> {
    return all(readShard(this.path(this.shard(index))));
  }

  /** Replaces a shard, so that the manifest's hash and count fit. */
  async write(index: number, rows: DatasetRow[]): Promise<void> {
    const parts: Uint8Array[] = [];
    await writeShard(async (bytes) => void parts.push(Uint8Array.from(bytes)), each(rows));
    writeFileSync(this.path(this.shard(index)), Buffer.concat(parts));
    this.named(this.shard(index), rows.length);
  }

  /** Makes the manifest name the bytes that are there. */
  named(file: string, rows?: number): void {
    const bytes = readFileSync(this.path(file));
    const facts = { size_bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
    const { manifest } = this;
    this.manifest = {
      ...manifest,
      shards: manifest.shards.map((shard) => (shard.path === file ? { ...shard, ...facts, rows: rows ?? shard.rows } : shard)),
      ledger: manifest.ledger.path === file ? { ...manifest.ledger, ...facts } : manifest.ledger,
      card: manifest.card.path === file ? { ...manifest.card, ...facts } : manifest.card,
    };
  }

  /** Changes a text file, so that the manifest's hash fits. */
  edit(file: string, change: (text: string) => string): void {
    const before = readFileSync(this.path(file), 'utf8');
    const after = change(before);
    if (after === before) throw new Error('nothing was changed');
    writeFileSync(this.path(file), after);
    if (file !== 'manifest.json') this.named(file);
  }
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

async function* each<T>(items: T[]) {
  yield* items;
}

function flip(path: string, at: number): void {
  const bytes = readFileSync(path);
  bytes[at] = (bytes[at] ?? 0) ^ 0x40;
  writeFileSync(path, bytes);
}

async function asOther(copy: Copy, select: string): Promise<void> {
  const path = copy.path(copy.shard(0));
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run(`COPY (${select.replace('$path', `'${path}'`)}) TO '${path}.new' (FORMAT parquet)`);
  instance.closeSync();
  renameSync(`${path}.new`, path);
  copy.named(copy.shard(0));
}

function first<T>(items: T[]): T {
  const [item] = items;
  if (item === undefined) throw new Error('there is none');
  return item;
}

const anyRow: unknown = expect.toSatisfy(() => true);
const shard = (number: number) => expect.stringMatching(`^data/openhands/.*train-0000${number}-of-00003.parquet$`);

/** What was done to the release → what has to be told of it: code, file, and row where it is about one. */
const kinds: [name: string, damage: (copy: Copy) => Promise<void> | void, told: [Damage['code'], unknown, (number | null)?][]][] = [
  ['a flipped bit in a page', (copy) => flip(copy.path(copy.shard(0)), 4000), [['wrong_hash', shard(0)]]],
  [
    'a shard that is gone',
    (copy) => rmSync(copy.path(copy.shard(1))),
    [
      ['missing_file', shard(1)],
      ['missing_row', 'ledger.jsonl'],
    ],
  ],
  [
    'a shard that is cut',
    (copy) => truncateSync(copy.path(copy.shard(0)), 5000),
    [
      ['wrong_size', shard(0)],
      ['unreadable_file', shard(0)],
    ],
  ],
  [
    'two shards that changed places',
    (copy) => {
      const [a, b] = [copy.path(copy.shard(0)), copy.path(copy.shard(1))];
      renameSync(a, `${a}.x`);
      renameSync(b, a);
      renameSync(`${a}.x`, b);
    },
    [
      ['wrong_hash', shard(0)],
      ['wrong_hash', shard(1)],
    ],
  ],
  [
    'another count of rows in the manifest',
    (copy) => {
      copy.manifest = { ...copy.manifest, rows: 20 };
    },
    [['wrong_number', 'manifest.json']],
  ],
  [
    'another number on the card',
    (copy) => copy.edit('README.md', (text) => text.replace('| 36.8 % |', '| 63.8 % |')),
    [['wrong_card', 'README.md', expect.any(Number)]],
  ],
  [
    'another hash in the manifest',
    (copy) => {
      const { manifest } = copy;
      copy.manifest = {
        ...manifest,
        shards: manifest.shards.map((each, index) => (index === 2 ? { ...each, sha256: 'a'.repeat(64) } : each)),
      };
    },
    [['wrong_hash', shard(2)]],
  ],
  [
    'another content hash',
    (copy) => {
      copy.manifest = { ...copy.manifest, content_sha256: 'b'.repeat(64) };
    },
    [['wrong_number', 'manifest.json']],
  ],
  [
    'a row twice',
    async (copy) => {
      const rows = await copy.rows(0);
      await copy.write(0, [first(rows), ...rows]);
    },
    [['duplicate_row', shard(0), 2]],
  ],
  ['rows in another order', async (copy) => await copy.write(0, (await copy.rows(0)).toReversed()), [['wrong_order', shard(0), 2]]],
  [
    'a row that is not on the ledger',
    async (copy) => {
      const [row, ...others] = await copy.rows(0);
      if (row !== undefined) await copy.write(0, [{ ...row, trajectory_id: '00000000-0000-4000-8000-000000000000' }, ...others]);
    },
    [
      ['unknown_row', shard(0), 1],
      ['missing_row', 'ledger.jsonl'],
    ],
  ],
  [
    'a row that a rule dropped',
    async (copy) => {
      const [row, ...others] = await copy.rows(0);
      if (row !== undefined) await copy.write(0, [{ ...row, trajectory_id: idOf(1, 'openhands', 'think') }, ...others]);
    },
    [['unknown_row', shard(0), 1]],
  ],
  [
    'a row left out',
    async (copy) => await copy.write(0, (await copy.rows(0)).slice(1)),
    [['missing_row', 'ledger.jsonl', expect.any(Number)]],
  ],
  [
    'another split',
    (copy) => {
      const { manifest } = copy;
      copy.manifest = { ...manifest, shards: manifest.shards.map((each, index) => (index === 0 ? { ...each, split: 'sweagent' } : each)) };
    },
    [['wrong_place', 'manifest.json']],
  ],
  ['another licence', async (copy) => await changeFirst(copy, { license: 'GPL-3.0-only' }), [['changed_row', shard(0), 1]]],
  ['another verdict', async (copy) => await changeFirst(copy, { resolved: -1 }), [['changed_row', shard(0), 1]]],
  [
    'another text in a message',
    async (copy) => {
      const rows = await copy.rows(1);
      const messages = first(rows).trajectory.map((message, index) =>
        index === 0 ? { ...message, content: `${message.content}!` } : message,
      );
      await copy.write(1, [{ ...first(rows), trajectory: messages }, ...rows.slice(1)]);
    },
    [['changed_row', shard(1), 1]],
  ],
  ['a tool that is not JSON', async (copy) => await changeFirst(copy, { tools: ['{"type":'] }), [['unreadable_row', shard(0), 1]]],
  ['a file too many', (copy) => writeFileSync(copy.path('data/notes.txt'), 'x'), [['extra_file', 'data/notes.txt']]],
  [
    'bytes behind the footer',
    (copy) => appendFileSync(copy.path(copy.shard(0)), 'xx'),
    [
      ['wrong_size', shard(0)],
      ['unreadable_file', shard(0)],
    ],
  ],
  [
    'a broken footer, with a hash that fits',
    (copy) => {
      const path = copy.path(copy.shard(0));
      const bytes = readFileSync(path);
      bytes.fill(0, bytes.length - 600, bytes.length - 300);
      writeFileSync(path, bytes);
      copy.named(copy.shard(0));
    },
    [['unreadable_file', shard(0)]],
  ],
  [
    'a line that is not JSON',
    (copy) => copy.edit('ledger.jsonl', (text) => text.replace('\n{"id"', '\n{id"')),
    [['bad_ledger_entry', 'ledger.jsonl', 2]],
  ],
  [
    'a line that is not UTF-8',
    (copy) => {
      const bytes = readFileSync(copy.path('ledger.jsonl'));
      bytes[bytes.indexOf('acme/parser')] = 0xff;
      writeFileSync(copy.path('ledger.jsonl'), bytes);
      copy.named('ledger.jsonl');
    },
    [['not_utf8', 'ledger.jsonl', 1]],
  ],
  [
    'another verdict on the ledger',
    (copy) => copy.edit('ledger.jsonl', (text) => text.replace('"kept":true,"resolved":0', '"kept":true,"resolved":1')),
    [
      ['changed_row', expect.any(String), expect.any(Number)],
      ['wrong_number', 'manifest.json'],
    ],
  ],
  [
    'another decision on the ledger',
    (copy) => copy.edit('ledger.jsonl', (text) => text.replace('"decision":"drop"', '"decision":"keep"')),
    [
      ['bad_ledger_entry', 'ledger.jsonl', expect.any(Number)],
      ['wrong_number', 'manifest.json'],
    ],
  ],
  [
    'an entry left out',
    (copy) => copy.edit('ledger.jsonl', (text) => text.slice(text.indexOf('\n') + 1)),
    [['wrong_number', 'manifest.json']],
  ],
  [
    'another name of a column',
    async (copy) => await asOther(copy, 'SELECT * RENAME (license AS licence) FROM $path'),
    [['wrong_schema', shard(0)]],
  ],
  [
    'another type of a column',
    async (copy) => await asOther(copy, 'SELECT * REPLACE (resolved::VARCHAR AS resolved) FROM $path'),
    [['wrong_schema', shard(0)]],
  ],
  [
    'a shard without rows',
    async (copy) => await copy.write(0, []),
    [
      ['wrong_number', shard(0)],
      ['missing_row', 'ledger.jsonl', expect.any(Number)],
    ],
  ],
  ['a manifest that is cut', (copy) => truncateSync(copy.path('manifest.json'), 300), [['bad_manifest', 'manifest.json']]],
  [
    'another count of a filter',
    (copy) => {
      const { manifest } = copy;
      copy.manifest = {
        ...manifest,
        filters: manifest.filters.map((each, index) => (index === 0 ? { ...each, keep: each.keep + 1 } : each)),
      };
    },
    [['wrong_number', 'manifest.json']],
  ],
  [
    'another sum of turns in the statistics',
    (copy) => {
      const { manifest } = copy;
      copy.manifest = {
        ...manifest,
        statistics: manifest.statistics.map((each, index) => (index === 0 ? { ...each, turns: each.turns + 1 } : each)),
      };
    },
    [['wrong_number', 'manifest.json']],
  ],
  [
    'another number in the funnel',
    (copy) => {
      const { manifest } = copy;
      const { total, cells } = manifest.funnel;
      copy.manifest = { ...manifest, funnel: { cells, total: { ...total, dropped: total.dropped + 1, lost: total.lost - 1 } } };
    },
    [['wrong_number', 'manifest.json']],
  ],
  [
    'statistics in a footer that hide rows',
    async (copy) => {
      const rows = await copy.rows(0);
      const parts: Uint8Array[] = [];
      const file = new ParquetFile(async (bytes) => void parts.push(Uint8Array.from(bytes)), 'trajectory');
      const encoded = encodeGroup(rows, 'trajectory');
      const statistics = encoded.group.columns[3]?.meta_data?.statistics;
      if (statistics !== undefined) statistics.max_value = 'a';
      await file.add(encoded);
      await file.finish();
      writeFileSync(copy.path(copy.shard(0)), Buffer.concat(parts));
      copy.named(copy.shard(0));
    },
    [['wrong_statistics', shard(0)]],
  ],
];

async function changeFirst(copy: Copy, change: Partial<DatasetRow>): Promise<void> {
  const rows = await copy.rows(0);
  await copy.write(0, [{ ...first(rows), ...change }, ...rows.slice(1)]);
}

describe('a damaged release: verify tells', () => {
  it.each(kinds.map(([name, damage, told], index) => ({ name, damage, told, index })))('$name', async ({ damage, told, index }) => {
    const copy = new Copy(String(index));
    await damage(copy);
    const { damage: found, damages } = await verified(copy.folder);
    expect(damages).toBe(found.length);
    for (const [code, file, row] of told)
      expect(found).toContainEqual({
        code,
        file,
        row: row === undefined ? anyRow : row,
        message: expect.stringMatching(/./),
        hint: expect.stringMatching(/./),
      });
  });

  it('every single bit flipped in a shard, wherever it is', async () => {
    const copy = new Copy('bits');
    const path = copy.path(copy.shard(0));
    const { length } = readFileSync(path);
    for (let at = 0; at < length; at += Math.floor(length / 6)) {
      flip(path, at);
      expect((await verified(copy.folder)).damages).toBeGreaterThan(0);
      flip(path, at);
    }
    expect((await verified(copy.folder)).damages).toBe(0);
  }, 60_000);
});

it('refuses a folder that holds no release', async () => {
  await expect(verified(join(place.folder, 'store'))).rejects.toMatchObject({ code: 'release_unreadable' });
});
