import { isUtf8 } from 'node:buffer';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pack } from 'tar-stream';
import { Problem } from '../../schemas/problem.ts';
import { isMissing, isUnreachable } from '../engine/engine-error.ts';
import type { Container } from '../engine/engine.ts';
import { execScript } from './exec-script.ts';
import type { HomeEngine } from './home-engine.ts';
import { quietEnvironment } from './image-environment.ts';
import { openJobContainer } from './job-container.ts';
import { type KeptRepository, readKept } from './kept-repository.ts';
import { binaryAttributes, binaryPaths } from './patch-text.ts';
import { quote } from '../../platform/quote.ts';
import { SandboxGone } from './sandbox-gone.ts';

const program = readFileSync(join(import.meta.dirname, 'programs', 'patch.sh'), 'utf8');
const closedGit = readFileSync(join(import.meta.dirname, 'programs', 'closed-git.sh'), 'utf8');

/** Above this size (bytes) a patch is taken without its binary files; text beyond it is a problem. */
const patchLimit = 16 * 1024 * 1024;

const timeoutMs = 5 * 60_000;
/** A work tree is carried over to a fresh container up to this size, in bytes. */
const workTreeLimit = 2 * 1024 ** 3;

export interface PatchRequest {
  engine: HomeEngine;
  container: Container;
  rolloutId: string;
  /** For a fresh container, where the agent's own repository cannot be read any more. */
  image: string;
  workdir: string;
  baseCommit: string;
  signal: AbortSignal;
}

/**
 * The change of the work tree against the base commit, untracked files included, as `git diff --binary` prints it
 * without renames. Ignore rules are those of the work tree's .gitignore files and of what installation had left
 * there. Files that are not valid UTF-8 come as binary. Repositories within the repository are left out. Throws
 * {@link SandboxGone}, or `Problem` patch_failed or patch_too_large.
 */
export async function takePatch(request: PatchRequest): Promise<string> {
  const { container, workdir, rolloutId, signal } = request;
  try {
    const kept = await readKept(request.engine, request.image, rolloutId);
    const here = { container, workdir, repository: `${workdir}/.git`, kept, rolloutId, baseCommit: request.baseCommit, signal };
    return (await patchText(here)) ?? (await patchElsewhere(request, kept));
  } catch (error) {
    signal.throwIfAborted();
    const lost = error instanceof Problem && ['container_failed', 'engine_unreachable', 'out_of_memory'].includes(error.code);
    if (lost || isMissing(error) || isUnreachable(error)) throw new SandboxGone(rolloutId, error);
    throw error;
  }
}

interface Place {
  container: Container;
  workdir: string;
  repository: string;
  kept: KeptRepository;
  rolloutId: string;
  baseCommit: string;
  signal: AbortSignal;
}

/** Undefined where git or the base commit is not there any more. */
async function patchText(place: Place): Promise<string | undefined> {
  let attributes = '';
  let without: string[] = [];
  for (let pass = 0; pass < 4; pass++) {
    const diff = await compare(place, { what: 'text', attributes, without });
    if (diff === undefined) return undefined;
    if (diff.length > patchLimit) {
      if (without.length > 0) break;
      without = binaryPaths((await compare(place, { what: 'binary', attributes, without })) ?? Buffer.alloc(0));
      if (without.length === 0) break;
    } else if (isUtf8(diff)) {
      return diff.toString('utf8');
    } else {
      attributes = binaryAttributes(diff);
    }
  }
  throw new Problem('patch_too_large', `${place.rolloutId}: the patch exceeds ${patchLimit / 1024 ** 2} MiB of text`, {
    hint: 'the agent left very large text files in the repository; the rollout ends without a patch',
  });
}

interface Comparison {
  what: 'text' | 'binary';
  attributes: string;
  without: string[];
}

async function compare(place: Place, { what, attributes, without }: Comparison): Promise<Buffer | undefined> {
  const { container, workdir, repository, kept, rolloutId, baseCommit, signal } = place;
  const given = `/.tracemill-given.${randomBytes(6).toString('hex')}`;
  const values = { workdir, repository, given, what, commit: baseCommit };
  await giveFiles(container, given, { ...kept, infoAttributes: Buffer.concat([kept.infoAttributes, Buffer.from(`\n${attributes}`)]) });
  const settings = Object.entries(values).map(([name, value]) => `${name}=${quote(value)}\n`);
  const pathspecs = without.slice(0, 200).map((path) => ` ${quote(`:(exclude,top,literal)${path}`)}`);
  const script = `${settings.join('')}closed_git=${quote(closedGit)}\nset --${pathspecs.join('')}\n${program}`;
  const run = await execScript({
    container,
    script,
    shell: 'sh',
    env: quietEnvironment,
    timeoutMs,
    maxBytes: patchLimit + 1,
    what: rolloutId,
    signal,
  });
  if (run.exitCode === 0) return run.stdout;
  if (run.exitCode === 3 || run.exitCode === 127) return undefined;
  const reason = run.timedOut ? `git took more than ${timeoutMs / 60_000} minutes` : run.stderr.toString('utf8').trim().slice(-500);
  throw new Problem('patch_failed', `${rolloutId}: the patch could not be taken: ${reason || `exit code ${run.exitCode}`}`, {
    hint: 'look at the rollout container if it still runs; the rollout is tried again',
  });
}

/** What a process is given in its arguments is bounded. */
async function giveFiles(container: Container, folder: string, files: KeptRepository): Promise<void> {
  const archive = pack();
  for (const [name, content] of Object.entries(files)) archive.entry({ name: `${folder.slice(1)}/${name}`, mode: 0o600 }, content);
  archive.finalize();
  await container.writeArchive(await buffer(archive), '/');
}

/** Carries the work tree to a fresh container of the same image, whose repository is untouched. */
async function patchElsewhere(request: PatchRequest, kept: KeptRepository): Promise<string> {
  const { engine, container, image, workdir, rolloutId, baseCommit, signal } = request;
  const job = await openJobContainer(engine, { image, network: 'none', labels: {}, what: rolloutId, signal });
  try {
    const folder = '/tmp/.tracemill-tree';
    await job.exec(`mkdir -p ${folder}`, { timeoutMs: 30_000 });
    await carry(container, job.container, workdir, folder);
    const carried = `${folder}/${workdir.slice(workdir.lastIndexOf('/') + 1)}`;
    await job.exec(`rm -rf ${quote(`${carried}/.git`)}`, { timeoutMs: 60_000 });
    const place = { container: job.container, workdir: carried, repository: `${workdir}/.git`, kept, rolloutId, baseCommit, signal };
    const text = await patchText(place);
    if (text !== undefined) return text;
    throw new Problem('patch_failed', `${rolloutId}: image ${image} has no commit ${baseCommit} at ${workdir}`, {
      hint: 'prepare the task’s image anew',
    });
  } finally {
    await job.remove();
  }
}

async function carry(from: Container, to: Container, path: string, folder: string): Promise<void> {
  const archive = await from.readArchive(path);
  let bytes = 0;
  const bounded = (async function* () {
    for await (const chunk of archive) {
      const piece = Buffer.from(chunk);
      bytes += piece.length;
      if (bytes > workTreeLimit) throw new Problem('patch_too_large', `the work tree at ${path} exceeds ${workTreeLimit / 1024 ** 3} GiB`);
      yield piece;
    }
  })();
  await to.writeArchive(Readable.from(bounded, { objectMode: false }), folder);
}
