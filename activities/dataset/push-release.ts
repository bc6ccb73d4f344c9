import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { isMissingFile } from '../../platform/missing-file.ts';
import { syncFolder } from '../../platform/sync-folder.ts';
import { Problem } from '../../schemas/problem.ts';
import { openRelease } from './open-release.ts';
import type { ReleaseFolder } from './release-folder.ts';
import { fileFacts } from './verify/file-facts.ts';

export interface PushResult {
  /** Where it lies now. */
  target: string;
  copied: number;
  /** Files that were there already, with the same bytes. */
  there: number;
  rows: number;
}

export interface PushOptions {
  /** Called with every file. */
  onFile?: (path: string, done: number, files: number) => void;
  signal?: AbortSignal;
}

/**
 * Copies a release into a folder, as `load_dataset` reads one. What is there with the same bytes stays, so that a push that was cut off is
 * taken up again; the manifest comes last. Throws `Problem` push_conflict where other files are there, release_damaged where a file of
 * the release is not what its manifest names.
 */
export async function pushRelease(release: ReleaseFolder, target: string, { onFile, signal }: PushOptions = {}): Promise<PushResult> {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(target))
    throw new Problem('unsupported_target', `${target} is no folder, and releases are pushed into folders only`, {
      hint: `copy it with the bucket's own tool: aws s3 sync ${release.location} ${target}`,
    });
  const { manifest } = await openRelease(release);
  const out = resolve(target);
  const files = [...manifest.shards, manifest.ledger, manifest.card, ...manifest.card_files];
  await refuseOthers(out, new Set(['manifest.json', ...files.map(({ path }) => path)]));
  const manifestFacts = await fileFacts(await release.localFile('manifest.json'));
  const result = { target: out, copied: 0, there: 0, rows: manifest.rows };
  const all = [...files, { path: 'manifest.json', ...manifestFacts }];
  if (!(await isThere(join(out, 'manifest.json'), manifestFacts))) await rm(join(out, 'manifest.json'), { force: true });
  for (const [index, file] of all.entries()) {
    signal?.throwIfAborted();
    const to = join(out, file.path);
    if (await isThere(to, file)) result.there += 1;
    else {
      await copy(await release.localFile(file.path), to, file);
      result.copied += 1;
    }
    onFile?.(file.path, index + 1, all.length);
  }
  return result;
}

type Facts = Awaited<ReturnType<typeof fileFacts>>;

async function isThere(path: string, { sha256, size_bytes }: Facts): Promise<boolean> {
  try {
    const facts = await fileFacts(path);
    return facts.sha256 === sha256 && facts.size_bytes === size_bytes;
  } catch (error) {
    if (isMissingFile(error)) return false;
    throw error;
  }
}

async function copy(from: string, to: string, { sha256, size_bytes }: Facts): Promise<void> {
  const unfinished = `${to}.unfinished`;
  await mkdir(dirname(to), { recursive: true });
  const file = await open(unfinished, 'w');
  try {
    for await (const chunk of createReadStream(from, { highWaterMark: 1024 * 1024 }))
      if (chunk instanceof Uint8Array) await file.writeFile(chunk);
    await file.sync();
  } finally {
    await file.close();
  }
  if (!(await isThere(unfinished, { sha256, size_bytes })))
    throw new Problem('release_damaged', `${from} is not what the manifest names`, { hint: 'see: tracemill release verify' });
  await rename(unfinished, to);
  await syncFolder(dirname(to));
}

/** Parquet of another release would be read as rows of this one. */
async function refuseOthers(out: string, named: ReadonlySet<string>): Promise<void> {
  let entries: string[];
  try {
    const found = await readdir(out, { recursive: true, withFileTypes: true });
    entries = found.filter((entry) => !entry.isDirectory()).map((entry) => relative(out, join(entry.parentPath, entry.name)));
  } catch (error) {
    if (isMissingFile(error)) return;
    throw error;
  }
  // A folder of a repository has files of its own, and an earlier push may have been cut off.
  const other = entries.find((path) => path.endsWith('.parquet') && !named.has(path));
  if (other === undefined) return;
  throw new Problem('push_conflict', `${out} holds ${other}, which is not of this release`, {
    hint: 'remove it, or give another folder: what reads the folder would take its rows for those of the release',
  });
}
