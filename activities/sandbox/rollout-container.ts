import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { engineProblem, isConflict, isMissing } from '../engine/engine-error.ts';
import type { Container } from '../engine/engine.ts';
import { confinement, jobCounts, stateFolder } from './container-limits.ts';
import type { OpenSandbox } from './contract.ts';
import type { HomeEngine } from './home-engine.ts';
import { userOfImage } from './image-user.ts';
import { label, thisOwner } from './labels.ts';
import { blockBytes } from './shell-look.ts';

const program = (name: string) => readFileSync(join(import.meta.dirname, 'programs', name), 'utf8');
const supervisor = program('supervisor.sh');
const loops = [program('loop.bash'), program('loop.sh')];

/**
 * Leaves short command lines behind, since the agent sees them in its list of processes. An image may let all of its shells
 * trace what they do, which would show the agent what is ours.
 */
const starter = `umask 077
case ":\${SHELLOPTS-}:" in *:xtrace:* | *:verbose:*) untraced='env -u SHELLOPTS' ;; *) untraced='' ;; esac
cd ${stateFolder} || exit 1
printf %s "$0" >supervisor; printf %s "$3" >loop.bash; printf %s "$4" >loop.sh
command -v bash >/dev/null && exec $untraced bash --posix ${stateFolder}/supervisor "$1" "$2"
exec sh ${stateFolder}/supervisor "$1" "$2"`;

/** Room for what the editor stages and remembers; output of two commands comes on top. */
const editorBytes = 64 * 1024 ** 2;

/** The same for every attempt at a rollout in one home, so that a later one finds the container of an earlier one. */
export function containerName(home: string, rolloutId: string): string {
  const readable = rolloutId.replaceAll(/[^A-Za-z0-9_.-]+/g, '-').slice(0, 80);
  return `tracemill-${readable}-${createHash('sha256').update(`${home}/${rolloutId}`).digest('hex').slice(0, 12)}`;
}

/** The rollout's container if it runs; one that does not is of no use and is removed. */
export async function findContainer(engine: HomeEngine, rolloutId: string): Promise<Container | undefined> {
  const container = engine.container(containerName(engine.home, rolloutId));
  try {
    const { id, running, paused, labels } = await container.inspect();
    const usable = running && !paused && labels[label.rollout] === rolloutId;
    if (usable) return engine.container(id);
    await container.remove();
    return undefined;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw engineProblem(error, rolloutId);
  }
}

/** Makes and starts a fresh container, whose processes are those of the image's user. Throws `Problem` image_missing, engine_unreachable or container_failed. */
export async function createContainer(engine: HomeEngine, request: OpenSandbox): Promise<Container> {
  const { rolloutId, campaign, image, workdir, limits, signal } = request;
  const user = await userOfImage(engine, image, rolloutId);
  const blocks = Math.ceil((limits.output_bytes + 2 * blockBytes) / 512);
  for (let attempt = 0; ; attempt++) {
    signal.throwIfAborted();
    try {
      const container = await engine.createContainer({
        name: containerName(engine.home, rolloutId),
        image,
        entrypoint: ['sh', '-c', starter, supervisor],
        command: [String(blocks), workdir, ...loops],
        workdir: '/',
        user: user?.name,
        env: jobCounts(limits.cpus),
        labels: {
          [label.kind]: 'rollout',
          [label.campaign]: campaign,
          [label.rollout]: rolloutId,
          [label.home]: engine.home,
          [label.owner]: thisOwner(),
        },
        network: 'none',
        confinement: confinement(limits, editorBytes + 2 * limits.output_bytes, user),
      });
      try {
        await container.start();
      } catch (error) {
        await container.remove();
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
