import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { parseDocument } from 'yaml';
import { z } from 'zod';
import type { PutBody } from '../../../platform/s3/bucket.ts';
import { Problem } from '../../../schemas/problem.ts';
import type { ReleaseFolder } from '../release-folder.ts';
import { fileSha256 } from './destination.ts';

export interface PushedFile extends PutBody {
  path: string;
  rows: number;
}

const Entry = z.looseObject({ path: z.string(), sha256: z.string(), size_bytes: z.number() });
const Shard = Entry.extend({ split: z.string(), rows: z.number() });
/** The whole manifest, fields that this version does not know included. */
const Manifest = z.looseObject({ shards: z.array(Shard), card: Entry });

/** Name of a harness as a split: those have no hyphens. */
function splitName(harness: string): string {
  return harness.replaceAll('-', '_');
}

/**
 * The files of a release in the layout that `load_dataset` reads, in the order to write them: shards, whatever else the manifest names,
 * manifest, and last the card, which makes a dataset of them. Throws `Problem` release_damaged for a file that is not what the manifest
 * says.
 */
export async function pushedFiles(release: ReleaseFolder, onChecked: (path: string) => void): Promise<PushedFile[]> {
  const manifest = Manifest.parse(JSON.parse(Buffer.from(await release.read('manifest.json')).toString()));
  const paths = pushedPaths(manifest.shards);
  const moved = new Map(manifest.shards.map((shard, index) => [shard.path, paths[index] ?? shard.path]));
  const files: PushedFile[] = [];
  for (const entry of entriesIn(manifest)) {
    const local = await release.localFile(entry.path);
    await check(release, entry, local);
    onChecked(entry.path);
    if (entry.path === manifest.card.path) continue;
    const rows = manifest.shards.find(({ path }) => path === entry.path)?.rows ?? 0;
    const { sha256, size_bytes } = entry;
    files.push({ path: moved.get(entry.path) ?? entry.path, rows, sha256, size_bytes, open: () => createReadStream(local) });
  }
  const card = textFile('README.md', movedCard(Buffer.from(await release.read(manifest.card.path)).toString()));
  const { sha256, size_bytes } = card;
  const shards = manifest.shards.map((shard) => ({ ...shard, path: moved.get(shard.path) ?? shard.path }));
  const written = { ...manifest, shards, card: { ...manifest.card, path: card.path, sha256, size_bytes } };
  return [...files, textFile('manifest.json', `${JSON.stringify(written, null, 2)}\n`), card];
}

/** `data/SPLIT-00000-of-00003.parquet`, numbered within the split in the manifest's order. */
export function pushedPaths(shards: readonly { split: string }[]): string[] {
  const digits = (number: number) => String(number).padStart(5, '0');
  const totals = Map.groupBy(shards, ({ split }) => splitName(split));
  return shards.map((shard) => {
    const split = splitName(shard.split);
    const all = totals.get(split) ?? [];
    return `data/${split}-${digits(all.indexOf(shard))}-of-${digits(all.length)}.parquet`;
  });
}

/** Everything in the manifest that names a file, shards first as the manifest has them; each file once. */
function entriesIn(value: unknown): z.infer<typeof Entry>[] {
  const found = new Map<string, z.infer<typeof Entry>>();
  const visit = (part: unknown): void => {
    const entry = Entry.safeParse(part);
    if (entry.success) found.set(entry.data.path, entry.data);
    else if (typeof part === 'object' && part !== null) for (const child of Object.values(part)) visit(child);
  };
  visit(value);
  return [...found.values()];
}

/** Whether shards lie as a push lays them out, not by harness, teacher and dataset. */
export function isPushedLayout(shards: readonly { path: string }[]): boolean {
  return shards.length > 0 && shards.every(({ path }) => /^data\/[^/]+\.parquet$/.test(path));
}

async function check(release: ReleaseFolder, { path, sha256 }: z.infer<typeof Entry>, local: string): Promise<void> {
  const found = await fileSha256(local);
  if (found === sha256) return;
  throw new Problem('release_damaged', `${release.location}: ${path} ${found === null ? 'is missing' : 'is not what the manifest says'}`, {
    hint: 'nothing was pushed; build the release again',
  });
}

const FrontMatter = z.looseObject({
  configs: z.array(z.looseObject({ data_files: z.array(z.looseObject({ split: z.string(), path: z.unknown() })) })).optional(),
});

/** The card with the new paths of its splits in the front matter; all else stays. */
export function movedCard(card: string): string {
  const [whole, yaml] = /^---\n([\s\S]*?)\n---\n/.exec(card) ?? [];
  if (whole === undefined || yaml === undefined) {
    throw new Problem('release_damaged', 'the card of the release has no front matter', { hint: 'build the release again' });
  }
  const document = parseDocument(yaml);
  for (const [config, { data_files }] of (FrontMatter.parse(document.toJS()).configs ?? []).entries()) {
    for (const [file, { split }] of data_files.entries()) {
      document.setIn(['configs', config, 'data_files', file, 'path'], `data/${split}-*.parquet`);
    }
  }
  return `---\n${document.toString({ lineWidth: 0 }).trimEnd()}\n---\n${card.slice(whole.length)}`;
}

function textFile(path: string, text: string): PushedFile {
  const bytes = Buffer.from(text);
  return { path, rows: 0, sha256: createHash('sha256').update(bytes).digest('hex'), size_bytes: bytes.length, open: () => bytes };
}
