import { createHash } from 'node:crypto';
import { type ImageUser, PreparedImage } from '../../schemas/prepared-image.ts';
import type { Task } from '../../schemas/task.ts';
import { Problem } from '../../schemas/problem.ts';
import { workdirOf } from '../../schemas/workdir.ts';
import { orAborted } from '../../platform/waiting.ts';
import { engineProblem, imageMissing } from '../engine/engine-error.ts';
import type { Image } from '../engine/engine.ts';
import { parsePatch, patchPaths } from '../patches/patch.ts';
import { cleaningPrograms, cleaningTimeoutMs, cleanRepository, notClean, proveRepository } from './clean-repository.ts';
import { flatten, needsFlattening } from './flat-image.ts';
import type { HomeEngine } from './home-engine.ts';
import type { ImageClaims } from './image-cache.ts';
import { completedPath, environmentLine, workdirLine } from './image-environment.ts';
import { handOver, readImageUser } from './image-user.ts';
import { type JobContainer, openJobContainer } from './job-container.ts';
import { label } from './labels.ts';
import { functionsFile, readShellStart, type ShellStart, shellStartProgram } from './shell-start.ts';
import { findOrPull, type SourceImage } from './source-image.ts';
import { takePatch } from './take-patch.ts';

/** Counts up when a clean image comes out differently though the programs are the same. */
const derivation = '3';
/** Images made by other versions are not used. */
const version = createHash('sha256').update(cleaningPrograms).update(shellStartProgram).update(derivation).digest('hex').slice(0, 12);

export interface PrepareImage {
  engine: HomeEngine;
  task: Task;
  /** Where images are noted that may be removed later; without it none ever is. */
  claims?: ImageClaims;
  signal: AbortSignal;
}

const underWay = new Map<string, Promise<PreparedImage>>();

/**
 * The task's clean image: derived from the task's own, which is pulled where it is not there, proven in a fresh
 * container, and only then tagged, so that a tag that is there needs no second look. Two callers at once do it once.
 * Throws `Problem` image_without_shell, image_user_missing, engine_unreachable, container_failed, and those of
 * {@link cleanRepository} and {@link findOrPull}.
 */
export async function prepareImage({ engine, task, claims, signal }: PrepareImage): Promise<PreparedImage> {
  signal.throwIfAborted();
  const source = await findOrPull({ engine, name: task.image_name, what: task.instance_id, claims, signal });
  const workdir = workdirOf(task);
  const digest = createHash('sha256').update([source.id, task.base_commit, workdir, version].join('\n')).digest('hex');
  const tag = `tracemill/clean:${digest.slice(0, 40)}`;
  await claims?.claim(tag);
  const known = await findPrepared(engine, tag, source.name);
  if (known !== undefined) return known;
  await claims?.makeRoom();
  const image = await orAborted(deriveOnce(engine, task, { source, workdir, tag, claims }), signal);
  // Noted for the first of callers at once only.
  await claims?.claim(tag);
  return image;
}

/** Not aborted with its first caller, since others may wait for it too; its time is limited. */
function deriveOnce(engine: HomeEngine, task: Task, derivation: Derivation): Promise<PreparedImage> {
  const begun = underWay.get(derivation.tag);
  if (begun !== undefined) return begun;
  const work = derive(engine, task, derivation).finally(() => underWay.delete(derivation.tag));
  underWay.set(derivation.tag, work);
  return work;
}

/** The record that a derived image carries in its label. */
async function findPrepared(engine: HomeEngine, tag: string, sourceName: string): Promise<PreparedImage | undefined> {
  try {
    const image = await engine.findImage(tag);
    const record = PreparedImage.omit({ image_id: true }).safeParse(JSON.parse(image?.labels[label.prepared] ?? 'null'));
    if (image === undefined || !record.success) return undefined;
    return { ...record.data, image_id: image.id, source: { ...record.data.source, name: sourceName } };
  } catch (error) {
    throw engineProblem(error, tag);
  }
}

interface Derivation {
  source: SourceImage;
  workdir: string;
  tag: string;
  claims: ImageClaims | undefined;
}

async function derive(engine: HomeEngine, task: Task, derivation: Derivation): Promise<PreparedImage> {
  const own = await inspectImage(engine, derivation.source.id, task.instance_id);
  if (!needsFlattening(own, derivation.workdir)) {
    try {
      return await deriveFrom(engine, task, derivation, own);
    } catch (error) {
      // A repository may lie elsewhere than its work tree.
      if (!(error instanceof Problem) || error.code !== 'repository_on_volume' || own.volumes.length === 0) throw error;
    }
  }
  const flat = await flatten(engine, own, task.instance_id);
  try {
    return await deriveFrom(engine, task, derivation, { ...own, id: flat.id });
  } finally {
    await flat.release();
  }
}

async function deriveFrom(
  engine: HomeEngine,
  task: Task,
  { source, workdir, tag, claims }: Derivation,
  own: Pick<Image, 'id' | 'env' | 'user'>,
): Promise<PreparedImage> {
  const what = task.instance_id;
  const path = completedPath(own.env);
  const common = { network: 'none', labels: { [label.kind]: 'prepare' }, what, signal: undefined } as const;
  const open = (image: string, user?: ImageUser) =>
    openJobContainer(engine, { ...common, image, user, env: path === undefined ? [] : [`PATH=${path}`] });
  const cleaning = await open(own.id);
  let image: string;
  let record: Omit<PreparedImage, 'image_id'>;
  let user: ImageUser | undefined;
  try {
    user = await readImageUser(cleaning, own.user, what);
    // Both to their ends, so that the container of neither is left behind.
    const [cleaned, started] = await Promise.allSettled([
      cleanRepository({ job: cleaning, task, workdir, user }),
      findShellStart(() => open(own.id, user), workdir),
    ]);
    if (cleaned.status === 'rejected') throw cleaned.reason;
    if (started.status === 'rejected') throw started.reason;
    const [facts, start] = [cleaned.value, started.value];
    record = { tag, source, base_commit: task.base_commit, workdir, ...facts.record, shell_start: start.record, user };
    await completeFiles(cleaning, workdir, user);
    if (start.functions !== '') await cleaning.putFiles([[functionsFile, start.functions]]);
    image = await cleaning.commit({
      labels: { [label.prepared]: JSON.stringify(record) },
      changes: [
        'CMD ["sh"]',
        workdirLine(workdir),
        ...(user === undefined ? [] : [`USER ${user.name}`]),
        ...start.variables.map(([, line]) => line),
        ...facts.variables.flatMap((variable) => environmentLine(variable) ?? []),
      ],
      comment: `clean image of ${what}`,
    });
  } finally {
    await cleaning.remove();
  }
  try {
    const proof = await open(image, user);
    try {
      await proveRepository({ job: proof, task, workdir });
      await proveUnchanged(engine, proof, { task, image, workdir });
    } finally {
      await proof.remove();
    }
    await engine.tagImage(image, tag);
    claims?.add({ name: tag, id: image, kind: 'derived' });
  } catch (error) {
    await engine.removeImage(image, { force: true }).catch(() => undefined);
    throw error;
  }
  return { ...record, image_id: image };
}

/** Nobody changed anything yet, so a patch has to be empty. */
async function proveUnchanged(
  engine: HomeEngine,
  { container }: JobContainer,
  { task, image, workdir }: { task: Task; image: string; workdir: string },
) {
  const rolloutId = task.instance_id;
  const signal = new AbortController().signal;
  const { patch } = await takePatch({ engine, container, rolloutId, image, workdir, baseCommit: task.base_commit, signal });
  if (patch === '') return;
  const paths = patchPaths(parsePatch(patch));
  throw notClean(task, `${paths.length} of its files seem changed from the beginning: ${paths.slice(0, 5).join(', ')}`);
}

/** In a container of its own: start files may write anywhere. */
async function findShellStart(open: () => Promise<JobContainer>, workdir: string): Promise<ShellStart> {
  const job = await open();
  try {
    return await readShellStart(job, workdir);
  } finally {
    await job.remove();
  }
}

async function inspectImage(engine: HomeEngine, id: string, what: string): Promise<Image> {
  try {
    const image = await engine.findImage(id);
    if (image !== undefined) return image;
  } catch (error) {
    throw engineProblem(error, what);
  }
  throw imageMissing(id, what);
}

/** What agent and tests need beside the repository. */
async function completeFiles(job: JobContainer, workdir: string, user: ImageUser | undefined): Promise<void> {
  await job.exec('[ -e /tmp ] || mkdir -m 1777 /tmp', { timeoutMs: 30_000 });
  if (user !== undefined) await handOver(job, workdir, user, cleaningTimeoutMs);
}
