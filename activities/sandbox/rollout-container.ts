import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type Docker from 'dockerode';
import { hostSettings, jobCounts, stateFolder } from './container-limits.ts';
import type { OpenSandbox } from './contract.ts';
import { engineProblem, ignoreMissing, isConflict, isNotFound } from './engine-error.ts';
import { label, thisHome, thisOwner } from './labels.ts';
import { blockBytes } from './shell-look.ts';

const program = (name: string) => readFileSync(join(import.meta.dirname, 'programs', name), 'utf8');
const supervisor = program('supervisor.sh');
const loops = [program('loop.bash'), program('loop.sh')];

/** Leaves short command lines behind, for the agent sees them in its list of processes. */
const starter = `umask 077
cd ${stateFolder} || exit 1
printf %s "$0" >supervisor; printf %s "$3" >loop.bash; printf %s "$4" >loop.sh
command -v bash >/dev/null && exec bash --posix ${stateFolder}/supervisor "$1" "$2"
exec sh ${stateFolder}/supervisor "$1" "$2"`;

/** Room for what the editor stages and remembers; output of two commands comes on top. */
const editorBytes = 64 * 1024 ** 2;

/** The same for every attempt at a rollout in this home, so that a later one finds the container of an earlier one. */
export function containerName(rolloutId: string): string {
  const readable = rolloutId.replaceAll(/[^A-Za-z0-9_.-]+/g, '-').slice(0, 80);
  return `tracemill-${readable}-${createHash('sha256').update(`${thisHome()}/${rolloutId}`).digest('hex').slice(0, 12)}`;
}

/** The rollout's container if it runs; one that does not is of no use and is removed. */
export async function findContainer(docker: Docker, rolloutId: string): Promise<Docker.Container | undefined> {
  const container = docker.getContainer(containerName(rolloutId));
  try {
    const { Id, State, Config } = await container.inspect();
    const usable = State.Running && !State.Paused && Config.Labels[label.rollout] === rolloutId;
    if (usable) return docker.getContainer(Id);
    await removeContainer(container);
    return undefined;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw engineProblem(error, rolloutId);
  }
}

/** Makes and starts a fresh container. Throws `Problem` image_missing, engine_unreachable or container_failed. */
export async function createContainer(docker: Docker, request: OpenSandbox): Promise<Docker.Container> {
  const { rolloutId, campaign, image, workdir, limits, signal } = request;
  const blocks = Math.ceil((limits.output_bytes + 2 * blockBytes) / 512);
  for (let attempt = 0; ; attempt++) {
    signal.throwIfAborted();
    try {
      const container = await docker.createContainer({
        name: containerName(rolloutId),
        Image: image,
        Entrypoint: ['sh', '-c', starter, supervisor],
        Cmd: [String(blocks), workdir, ...loops],
        WorkingDir: '/',
        User: '0',
        Env: jobCounts(limits.cpus),
        Labels: {
          [label.kind]: 'rollout',
          [label.campaign]: campaign,
          [label.rollout]: rolloutId,
          [label.home]: thisHome(),
          [label.owner]: thisOwner(),
        },
        Healthcheck: { Test: ['NONE'] },
        HostConfig: hostSettings(limits, 'none', editorBytes + 2 * limits.output_bytes),
      });
      try {
        await container.start();
      } catch (error) {
        await removeContainer(container);
        throw error;
      }
      return container;
    } catch (error) {
      // The name is free as soon as a removal under way has ended.
      if (!isConflict(error) || attempt === 20) throw engineProblem(error, rolloutId, image);
      await sleep(250);
    }
  }
}

/** Removes a container with its anonymous volumes. Idempotent. */
export async function removeContainer(container: Docker.Container): Promise<void> {
  await container.remove({ force: true, v: true }).catch(ignoreMissing);
}
