import { Readable } from 'node:stream';
import { Problem } from '../../schemas/problem.ts';
import { isMissing, isUnreachable } from '../engine/engine-error.ts';
import type { Container } from '../engine/engine.ts';
import { changeOfWorkTree } from './change-of-work-tree.ts';
import type { TakenPatch } from './contract.ts';
import { execScript } from './exec-script.ts';
import type { HomeEngine } from './home-engine.ts';
import { quietEnvironment } from './image-environment.ts';
import { ImageFiles } from './image-files.ts';
import { openJobContainer } from './job-container.ts';
import { readKept } from './kept-repository.ts';
import { PatchIndex, type PatchPlace } from './patch-index.ts';
import { quote } from '../../platform/quote.ts';
import { SandboxGone } from './sandbox-gone.ts';

/** A work tree or a repository is carried over to another container up to this size, in bytes. */
const carriedLimit = 2 * 1024 ** 3;

/** In the container to which something is carried. */
const carriedFolder = '/tmp/.tracemill-carried';

export interface PatchRequest {
  engine: HomeEngine;
  container: Container;
  rolloutId: string;
  /** What the container was made of: tells what was installed, and has the repository as it was. */
  image: string;
  workdir: string;
  baseCommit: string;
  signal: AbortSignal;
}

/**
 * The change of the work tree against the base commit, as `git diff --binary` prints it without renames, and what of it
 * could not be taken ({@link changeOfWorkTree}). Files that are not valid UTF-8 come as binary. Where the agent's repository
 * does not serve any more, the image's does. Throws {@link SandboxGone}, or `Problem` patch_failed or patch_too_large.
 */
export async function takePatch(request: PatchRequest): Promise<TakenPatch> {
  const { container, image, workdir, rolloutId, engine, baseCommit, signal } = request;
  try {
    const repository = `${workdir}/.git`;
    const here: PatchPlace = {
      container,
      workdir,
      repository,
      agent: repository,
      commit: baseCommit,
      kept: await readKept(engine, image, rolloutId),
      what: rolloutId,
      signal,
    };
    const files = new ImageFiles(engine, image, here);
    try {
      return (await fromAgentsRepository(here, files)) ?? (await fromImagesRepository(request, here, files));
    } finally {
      await files.close();
    }
  } catch (error) {
    signal.throwIfAborted();
    const lost = error instanceof Problem && ['container_failed', 'engine_unreachable', 'out_of_memory'].includes(error.code);
    if (lost || isMissing(error) || isUnreachable(error)) throw new SandboxGone(rolloutId, error);
    throw error;
  }
}

/** Undefined where git or the base commit is not there any more, or objects of it are not. */
async function fromAgentsRepository(place: PatchPlace, files: ImageFiles): Promise<TakenPatch | undefined> {
  try {
    return await takenAt(place, files);
  } catch (error) {
    if (error instanceof Problem && error.code === 'patch_failed') return undefined;
    throw error;
  }
}

async function takenAt(place: PatchPlace, files: ImageFiles): Promise<TakenPatch | undefined> {
  const index = await PatchIndex.open(place);
  return index && changeOfWorkTree(index, files);
}

/** The repository is carried to the agent's container; or, where that has no git any more, the work tree to a fresh one. */
async function fromImagesRepository(request: PatchRequest, here: PatchPlace, files: ImageFiles): Promise<TakenPatch> {
  const { engine, container, image, workdir, rolloutId, signal } = request;
  const job = await openJobContainer(engine, { image, network: 'none', labels: {}, what: rolloutId, signal });
  try {
    await run(container, `mkdir -p ${carriedFolder}`, here);
    await carry(job.container, container, `${workdir}/.git`, carriedFolder);
    const back = await takenAt({ ...here, repository: `${carriedFolder}/.git` }, files);
    await run(container, `rm -rf ${carriedFolder}`, here);
    if (back !== undefined) return back;
    await run(job.container, `mkdir -p ${carriedFolder}`, here);
    await carry(container, job.container, workdir, carriedFolder);
    const carried = `${carriedFolder}/${workdir.slice(workdir.lastIndexOf('/') + 1)}`;
    await run(job.container, `rm -rf ${carriedFolder}.git; mv ${quote(`${carried}/.git`)} ${carriedFolder}.git 2>/dev/null; :`, here);
    const there = { ...here, container: job.container, workdir: carried, repository: `${workdir}/.git`, agent: `${carriedFolder}.git` };
    const text = await takenAt(there, files);
    if (text !== undefined) return text;
    throw new Problem('patch_failed', `${rolloutId}: image ${image} has no commit ${here.commit} at ${workdir}`, {
      hint: 'prepare the task’s image anew',
    });
  } finally {
    await job.remove();
  }
}

async function run(container: Container, script: string, { what, signal }: PatchPlace): Promise<void> {
  await execScript({
    container,
    script,
    shell: 'sh',
    env: quietEnvironment,
    timeoutMs: 60_000,
    maxBytes: 1024,
    what,
    signal,
  });
}

async function carry(from: Container, to: Container, path: string, folder: string): Promise<void> {
  const archive = await from.readArchive(path);
  let bytes = 0;
  const bounded = (async function* () {
    for await (const chunk of archive) {
      const piece = Buffer.from(chunk);
      bytes += piece.length;
      if (bytes > carriedLimit) throw new Problem('patch_too_large', `${path} exceeds ${carriedLimit / 1024 ** 3} GiB`);
      yield piece;
    }
  })();
  await to.writeArchive(Readable.from(bounded, { objectMode: false }), folder);
}
