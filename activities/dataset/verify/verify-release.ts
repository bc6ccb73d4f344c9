import { readdir, readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { dirname, extname, join, relative } from 'node:path';
import { inThreads } from '../../../platform/thread-pool.ts';
import { messageOf, Problem } from '../../../schemas/problem.ts';
import { ReleaseManifest } from '../../../schemas/release.ts';
import type { ReleaseCheck } from '../../../schemas/release-check.ts';
import { cardFiles } from '../card/card-files.ts';
import { isPushedLayout, movedCard, pushedPaths } from '../push/pushed-files.ts';
import { describeColumns } from '../shards/columns.ts';
import { ContentHash } from '../shards/content-hash.ts';
import { shardName } from '../layout.ts';
import type { ReleaseFolder } from '../release-folder.ts';
import { compareNumbers } from './compare-numbers.ts';
import { Damages } from './damages.ts';
import { fileFacts } from '../shards/file-facts.ts';
import { type LedgerFacts, readLedgerFacts } from './ledger-facts.ts';
import { readWholeShard, type ShardResult } from './shard-facts.ts';
import type { ShardUnit } from './shard-unit.ts';

const mostThreads = 4;
/** Threads take half a second to begin. */
const threadsFromBytes = 8 * 1024 * 1024;

export interface VerifyOptions {
  /** Called after each shard. */
  onShard?: (done: number, shards: number) => void;
  signal?: AbortSignal;
}

/**
 * Reads every row and every line of a release, makes each number of manifest, card and footers anew, and tells all that is not as the
 * release says. Throws `Problem` release_unreadable where there is no manifest to go by.
 */
export async function verifyRelease(folder: ReleaseFolder, options: VerifyOptions = {}): Promise<ReleaseCheck> {
  const damages = new Damages();
  const manifest = await manifestOf(folder, damages);
  const at = dirname(await folder.localFile('manifest.json'));
  const check = { release: folder.location, shards: 0, rows: 0, entries: 0, bytes: 0 };
  const done = () => ({ ...check, damage: damages.told, damages: damages.count });
  if (manifest === null) return done();
  await compareFiles(at, manifest, damages);
  for (const file of [manifest.ledger, manifest.card, ...manifest.card_files]) check.bytes += await compareFile(at, file, damages);
  const ledger = await readLedgerFacts(join(at, manifest.ledger.path), manifest.query ?? null, damages);
  check.entries = ledger.entries;
  const pushed = isPushedLayout(manifest.shards);
  const content = new ContentHash();
  for await (const [index, result] of shardResults(at, manifest, options)) {
    const shard = manifest.shards[index];
    if (shard === undefined) continue;
    addShard(shard, result, ledger, damages, pushed);
    for (const { id, sha256 } of result.rows) content.addHash(id, sha256);
    check.rows += result.count;
    check.bytes += result.file?.size_bytes ?? 0;
    check.shards += result.file === null ? 0 : 1;
    options.onShard?.(index + 1, manifest.shards.length);
  }
  for (const { id, folder, line } of ledger.rows.unseen())
    damages.add('missing_row', manifest.ledger.path, `${id} is kept, and in no shard below ${folder}`, line);
  checkNames(manifest, damages);
  const found = compareNumbers(
    manifest,
    ledger,
    { rows: check.rows, contentSha256: content.hex(), columns: describeColumns(manifest.form) },
    damages,
  );
  await compareCard(at, found, damages);
  return done();
}

async function manifestOf(folder: ReleaseFolder, damages: Damages): Promise<ReleaseManifest | null> {
  let text: string;
  try {
    text = Buffer.from(await folder.read('manifest.json')).toString();
  } catch (error) {
    throw new Problem('release_unreadable', `${folder.location} holds no release: ${messageOf(error)}`, {
      hint: 'give the folder that tracemill release build printed',
      cause: error,
    });
  }
  try {
    const read = ReleaseManifest.safeParse(JSON.parse(text));
    if (read.success) return read.data;
    for (const { path, message } of read.error.issues) damages.add('bad_manifest', 'manifest.json', `${path.join('.')}: ${message}`);
  } catch (error) {
    damages.add('bad_manifest', 'manifest.json', `not JSON: ${messageOf(error)}`);
  }
  return null;
}

/** Files that the manifest names and that are not there, and the other way round. */
async function compareFiles(at: string, manifest: ReleaseManifest, damages: Damages): Promise<void> {
  const named = new Set([
    'manifest.json',
    ...[manifest.ledger, manifest.card, ...manifest.card_files, ...manifest.shards].map(({ path }) => path),
  ]);
  const entries = await readdir(at, { recursive: true, withFileTypes: true });
  const there = new Set(entries.filter((entry) => !entry.isDirectory()).map((entry) => relative(at, join(entry.parentPath, entry.name))));
  for (const path of named) if (!there.has(path)) damages.add('missing_file', path, 'the manifest names it, and it is not there');
  for (const path of [...there].sort()) if (!named.has(path)) damages.add('extra_file', path, 'the manifest does not name it');
}

type NamedFile = ReleaseManifest['card'];

async function compareFile(at: string, file: NamedFile, damages: Damages): Promise<number> {
  const facts = await fileFacts(join(at, file.path)).catch(() => null);
  compareBytes(file, facts, damages);
  return facts?.size_bytes ?? 0;
}

function compareBytes(
  { path, size_bytes, sha256 }: NamedFile,
  facts: Pick<NamedFile, 'sha256' | 'size_bytes'> | null,
  damages: Damages,
): void {
  // One that is not there is told already.
  if (facts === null) return;
  if (facts.size_bytes !== size_bytes) damages.add('wrong_size', path, `it has ${facts.size_bytes} bytes, the manifest says ${size_bytes}`);
  if (facts.sha256 !== sha256) damages.add('wrong_hash', path, `its sha256 is ${facts.sha256}, the manifest says ${sha256}`);
}

async function* shardResults(
  at: string,
  { shards, form }: ReleaseManifest,
  { signal }: VerifyOptions,
): AsyncGenerator<[number, ShardResult]> {
  if (shards.length === 0) return;
  async function* units(): AsyncGenerator<ShardUnit> {
    for (const [number, { path }] of shards.entries()) yield { number, path: join(at, path), form };
  }
  if (shards.reduce((sum, { size_bytes }) => sum + size_bytes, 0) < threadsFromBytes) {
    for await (const { number, path } of units()) {
      signal?.throwIfAborted();
      yield [number, await readWholeShard(number, path, form)];
    }
    return;
  }
  const results = inThreads<ShardUnit, ShardResult>(units(), {
    program: new URL(`./shard-thread${extname(import.meta.filename)}`, import.meta.url),
    threads: Math.min(shards.length, Math.max(1, availableParallelism()), mostThreads),
    data: null,
    resourceLimits: { maxOldGenerationSizeMb: 2048, maxYoungGenerationSizeMb: 24 },
    failed: (reason) => new Problem('release_unreadable', 'a thread that reads shards died', { cause: reason }),
    ...(signal && { signal }),
  });
  for await (const result of results) yield [result.number, result];
}

function addShard(
  shard: ReleaseManifest['shards'][number],
  { file, rows, count, damage }: ShardResult,
  ledger: LedgerFacts,
  damages: Damages,
  pushed: boolean,
): void {
  if (file === null) return;
  const { path } = shard;
  compareBytes(shard, file, damages);
  for (const { code, row, message } of damage) damages.add(code, path, message, row);
  if (count !== shard.rows) damages.add('wrong_number', path, `it has ${count} rows, the manifest says ${shard.rows}`);
  let last = '';
  for (const { row, id, sha256, ...facts } of rows) {
    if (id < last) damages.add('wrong_order', path, `${id} stands behind ${last}`, row);
    last = id;
    const known = ledger.rows.get(id);
    if (known === undefined) {
      const reason = ledger.others.get(id);
      damages.add('unknown_row', path, reason === undefined ? `${id} is not on the ledger` : `${id} was left out by ${reason}`, row);
      continue;
    }
    if (ledger.rows.see(id)) damages.add('duplicate_row', path, `${id} was there before`, row);
    // A push lays shards out by split alone.
    const place = pushed ? `data/${shard.split}` : dirname(path);
    if (pushed ? !known.folder.startsWith(`${place}/`) : known.folder !== place)
      damages.add('wrong_place', path, `${id} belongs to ${known.folder}`, row);
    const due = new Map<string, unknown>(Object.entries(known.facts));
    const others = Object.entries(facts).filter(([name, value]) => due.get(name) !== value);
    for (const [name, value] of others) {
      const wanted = `${id}: ${name} is ${JSON.stringify(value)}, the ledger says ${JSON.stringify(due.get(name))}`;
      damages.add('changed_row', path, wanted, row);
    }
    if (others.length === 0 && known.sha256 !== null && known.sha256 !== sha256)
      damages.add('changed_row', path, `${id}: its content is not that of the ledger's hash`, row);
  }
}

/** Shards of a folder are numbered without a gap, and lie below their split. */
function checkNames({ shards }: ReleaseManifest, damages: Damages): void {
  if (isPushedLayout(shards)) {
    for (const [index, wanted] of pushedPaths(shards).entries()) {
      const path = shards[index]?.path;
      if (path !== wanted) damages.add('wrong_place', 'manifest.json', `${path} stands where ${wanted} is due`);
    }
    return;
  }
  const folders = new Map<string, number>();
  for (const { path } of shards) folders.set(dirname(path), (folders.get(dirname(path)) ?? 0) + 1);
  const numbers = new Map<string, number>();
  for (const { path, split } of shards) {
    const folder = dirname(path);
    const number = numbers.get(folder) ?? 0;
    numbers.set(folder, number + 1);
    const wanted = `${folder}/${shardName(number, folders.get(folder) ?? 0)}`;
    if (path !== wanted) damages.add('wrong_place', 'manifest.json', `${path} stands where ${wanted} is due`);
    if (!path.startsWith(`data/${split}/`)) damages.add('wrong_place', 'manifest.json', `${path} is said to be of split ${split}`);
  }
}

/** Card, pictures and list of repositories, line by line, as the numbers that were made anew give them. */
async function compareCard(at: string, found: ReleaseManifest, damages: Damages): Promise<void> {
  const { figures } = found;
  // The card of a release without figures was written by rules that are no more; its hash was looked at.
  if (figures === undefined) return;
  const { card, others } = cardFiles({ ...found, figures });
  const named = new Set(found.card_files.map(({ path }) => path));
  for (const { path } of others)
    if (!named.has(path)) damages.add('missing_file', 'manifest.json', `card_files does not name ${path}, which the card needs`);
  const own = isPushedLayout(found.shards) ? { ...card, text: movedCard(card.text) } : card;
  for (const wanted of [own, ...others]) await compareText(at, wanted, damages);
}

async function compareText(at: string, wanted: { path: string; text: string }, damages: Damages): Promise<void> {
  const text = await readFile(join(at, wanted.path), 'utf8').catch(() => null);
  if (text === null) return;
  const [own, due] = [text.split('\n'), wanted.text.split('\n')];
  for (let line = 0; line < Math.max(own.length, due.length); line += 1) {
    if (own[line] === due[line]) continue;
    damages.add('wrong_card', wanted.path, `it says ${shown(own[line])}; by ledger and rows it is ${shown(due[line])}`, line + 1);
  }
}

function shown(line: string | undefined): string {
  return line === undefined ? 'nothing' : JSON.stringify(line.slice(0, 200));
}
