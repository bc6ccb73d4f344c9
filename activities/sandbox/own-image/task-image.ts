import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withFolderArchive } from '../../../platform/folder-archive.ts';
import { quote } from '../../../platform/quote.ts';
import { messageOf, Problem } from '../../../schemas/problem.ts';
import { engineProblem } from '../../engine/engine-error.ts';
import type { HomeEngine } from '../home-engine.ts';
import { type JobContainer, openJobContainer } from '../job-container.ts';
import { buildBase } from './dockerfile-image.ts';
import { checkOut } from './check-out.ts';
import { installLines, type LaterInstall } from './install-lines.ts';

/** Where the image of a task of one's own comes from. */
type ImageSource = { from: string } | { dockerfile: string };

export interface TaskImageOptions {
  engine: HomeEngine;
  /** Folder of a git repository that has the commit. */
  repository: string;
  /** Full name of the base commit. */
  commit: string;
  /** Where the repository lies in the image. */
  workdir: string;
  source: ImageSource;
  /** Shell lines, run one after another in one shell at the top of the repository, with this machine's network. */
  install: readonly string[];
  /** What the change makes of the build files, installed as well where it does; undefined where it leaves them alone. */
  later: LaterInstall | undefined;
  /** Names the image, and is named in messages. */
  instanceId: string;
  /** For all install lines together, in milliseconds. */
  timeoutMs: number;
  /** Gets a line at each step. */
  tell: (line: string) => void;
  signal: AbortSignal;
}

/** On images that were made for tasks of one's own: what they were made of. */
const recipeLabel = 'tracemill.own_task';

/**
 * Makes the image of a task of one's own: the repository at its base commit with nothing later, over a base image or what a
 * Dockerfile makes, and what the install lines bring. An image of the same recipe that is there is taken. Gives its name.
 * Throws `Problem` image_missing, image_build_failed or image_install_failed with the end of the output.
 */
export async function makeTaskImage(options: TaskImageOptions): Promise<string> {
  const { engine, instanceId, tell, signal } = options;
  const folder = await mkdtemp(join(tmpdir(), 'tracemill-image-'));
  try {
    await checkOut(options, folder);
    const base =
      'from' in options.source ? options.source.from : await buildBase({ ...options, dockerfile: options.source.dockerfile, folder });
    const recipe = recipeOf(options, await imageId(engine, base, instanceId));
    const name = `tracemill-task/${instanceId.toLowerCase().replaceAll(/[^a-z0-9._-]+/g, '-')}:${recipe.slice(0, 12)}`;
    if ((await engine.findImage(name))?.labels[recipeLabel] === recipe) {
      tell(`image ${name} is there`);
      return name;
    }
    tell(`making image ${name} over ${base}`);
    const job = await openJobContainer(engine, { image: base, network: 'host', labels: {}, what: instanceId, signal });
    try {
      await putRepository(job, options, folder);
      await installLines(job, options);
      await job.commit({
        name,
        labels: { [recipeLabel]: recipe },
        changes: [`WORKDIR ${options.workdir}`, 'ENV PYTHONDONTWRITEBYTECODE=1', 'CMD ["sh"]'],
      });
      return name;
    } finally {
      await job.remove();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function recipeOf({ commit, workdir, install: lines, later }: TaskImageOptions, baseId: string): string {
  return createHash('sha256')
    .update(JSON.stringify([2, baseId, commit, workdir, lines, later && laterOf(later)]))
    .digest('hex');
}

const laterOf = ({ written, removed, install }: LaterInstall) => [
  written.map(([path, content]) => [path, content.toString('base64')]),
  removed,
  install,
];

async function imageId(engine: HomeEngine, name: string, what: string): Promise<string> {
  const image = await engine.findImage(name).catch((error: unknown) => {
    throw engineProblem(error, what);
  });
  if (image !== undefined) return image.id;
  throw new Problem('image_missing', `${what}: the engine has no image ${name}`, {
    hint: `docker pull ${name}, or name another base image with --from; the bootstrap makes tracemill/toolchain:bookworm-1`,
  });
}

/** Over what a Dockerfile left there: files that it made beside those of the commit stay. */
async function putRepository(job: JobContainer, { workdir, instanceId }: TaskImageOptions, folder: string): Promise<void> {
  const made = await job.exec(`rm -rf ${quote(`${workdir}/.git`)} && mkdir -p ${quote(workdir)}`, { timeoutMs: 60_000 });
  if (made.exitCode !== 0)
    throw new Problem('image_build_failed', `${instanceId}: ${workdir} cannot be made in the image: ${made.stderr.trim()}`);
  try {
    await withFolderArchive(folder, (tar) => job.container.writeArchive(tar, workdir));
  } catch (cause) {
    throw new Problem('image_build_failed', `${instanceId}: the repository cannot be put into the image: ${messageOf(cause)}`, { cause });
  }
}
