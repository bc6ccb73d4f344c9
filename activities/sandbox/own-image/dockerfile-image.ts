import { createHash } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withFolderArchive } from '../../../platform/folder-archive.ts';
import { messageOf, Problem } from '../../../schemas/problem.ts';
import { engineProblem } from '../../engine/engine-error.ts';
import { EngineError } from '../../engine/engine.ts';
import type { HomeEngine } from '../home-engine.ts';

interface DockerfileBuild {
  engine: HomeEngine;
  /** Path of the Dockerfile, within the repository or not. */
  dockerfile: string;
  /** Folder with the repository at its base commit: the context. It is left as it was. */
  folder: string;
  instanceId: string;
  tell: (line: string) => void;
  signal: AbortSignal;
}

const dockerfileName = '.tracemill.Dockerfile';

/** Builds a Dockerfile with the repository at its base commit as the context; gives the image's name. Throws `Problem` image_build_failed. */
export async function buildBase({ engine, dockerfile, folder, instanceId, tell, signal }: DockerfileBuild): Promise<string> {
  const text = readDockerfile(dockerfile);
  const name = `tracemill-task/${instanceId.toLowerCase().replaceAll(/[^a-z0-9._-]+/g, '-')}-base:${createHash('sha256').update(text).digest('hex').slice(0, 12)}`;
  tell(`building ${dockerfile}`);
  writeFileSync(join(folder, dockerfileName), text);
  try {
    const onLine = (line: string) => void (/^Step \d/.test(line) && tell(line));
    await withFolderArchive(folder, (tar) => engine.buildImage(tar, { name, dockerfile: dockerfileName, labels: {}, onLine, signal }));
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof EngineError) || error.reason === 'unreachable') throw engineProblem(error, instanceId);
    throw new Problem('image_build_failed', `${instanceId}: ${dockerfile} cannot be built: ${messageOf(error)}`, {
      hint: 'build it by hand, where it needs more than the engine itself can do (RUN --mount, a .dockerignore), and name the image with --image or --from',
      cause: error,
    });
  } finally {
    rmSync(join(folder, dockerfileName), { force: true });
  }
  return name;
}

/** The last absolute WORKDIR of a Dockerfile, where the repository most likely lies; undefined where it names none. */
export function workdirOfDockerfile(dockerfile: string): string | undefined {
  const found = [...readDockerfile(dockerfile).matchAll(/^\s*WORKDIR\s+"?(\/[^\s"$]+)"?\s*$/gim)].at(-1)?.[1];
  return found?.replace(/\/+$/, '');
}

function readDockerfile(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new Problem('bad_arguments', `${path}: ${messageOf(cause)}`, { hint: 'give the path of a Dockerfile', cause });
  }
}
