import { messageOf } from '../../schemas/problem.ts';
import { Slots } from '../../platform/slots.ts';
import { orAborted } from '../../platform/waiting.ts';
import type { Engine } from '../engine/engine.ts';
import { isRateLimit, pullProblem, requestedWaitMs } from '../engine/pull-problem.ts';
import { registryOf } from '../engine/registry-credentials.ts';

export interface PullImage {
  engine: Engine;
  /** As the task gives it; without a tag `latest` is meant. */
  name: string;
  /** The task, for messages. */
  what: string;
  /** Called when the pull's turn has come, right before the engine is asked. */
  makeRoom?: (() => Promise<void>) | undefined;
  signal: AbortSignal;
}

/** The images of SWE-rebench-V2 exist for this one only. */
const platform = 'linux/amd64';

/** Few at once: the engine loads several layers of each at a time already. */
const pulls = new Slots(2);

/** A pull that reports no progress for so long is given up. */
const silenceMs = 10 * 60_000;

interface Pull {
  done: Promise<void>;
  waiting: number;
  stop: AbortController;
}

const underWay = new Map<string, Pull>();

/**
 * Has the engine pull an image, with what the Docker client's configuration holds for its registry; mirrors are the
 * engine's own. Callers at once share one pull, which is stopped when the last of them is aborted. Throws `Problem`
 * image_missing (also where access is denied), image_rate_limited, image_pull_failed, disk_full, engine_unreachable,
 * registry_configuration_bad, and what `makeRoom` throws.
 */
export async function pullImage({ engine, name, what, makeRoom, signal }: PullImage): Promise<void> {
  signal.throwIfAborted();
  const pull = underWay.get(name) ?? begin(engine, name, makeRoom);
  pull.waiting += 1;
  try {
    await orAborted(pull.done, signal);
  } catch (error) {
    signal.throwIfAborted();
    throw pullProblem(error, { name, what, waitMs: waitMs(registryOf(name)) });
  } finally {
    pull.waiting -= 1;
    if (pull.waiting === 0) {
      if (underWay.get(name) === pull) underWay.delete(name);
      pull.stop.abort();
    }
  }
}

function begin(engine: Engine, name: string, makeRoom: PullImage['makeRoom']): Pull {
  const stop = new AbortController();
  const pull = { done: pulls.run(() => pullPolitely(engine, { name, makeRoom, signal: stop.signal })), waiting: 0, stop };
  underWay.set(name, pull);
  return pull;
}

/** Registries that asked for fewer pulls: until when they are left alone, the wait that this was, and what they said. */
const restraint = new Map<string, { until: number; ms: number; error: unknown }>();
const firstWaitMs = 60_000;
const longestWaitMs = 30 * 60_000;

function waitMs(registry: string): number {
  return Math.max(1000, (restraint.get(registry)?.until ?? 0) - Date.now());
}

/**
 * While a registry limits pulls it is asked for nothing else. Unless it says how long, the wait doubles each time and
 * is halved by each pull that succeeds, so that waiting tasks do not use up their attempts while few pulls succeed.
 */
async function pullPolitely(engine: Engine, { name, makeRoom, signal }: Pick<PullImage, 'name' | 'makeRoom' | 'signal'>): Promise<void> {
  signal.throwIfAborted();
  const registry = registryOf(name);
  const before = restraint.get(registry);
  if (before !== undefined && before.until > Date.now()) throw before.error;
  await makeRoom?.();
  signal.throwIfAborted();
  try {
    await pullOnce(engine, name, signal);
    // Not when another pull was refused in the meantime.
    if (before !== undefined && restraint.get(registry) === before) restraint.set(registry, { ...before, ms: before.ms / 2 });
  } catch (error) {
    const text = messageOf(error);
    if (isRateLimit(text)) {
      const ms = requestedWaitMs(text) ?? Math.min(longestWaitMs, Math.max(firstWaitMs, (before?.ms ?? 0) * 2));
      restraint.set(registry, { until: Date.now() + ms, ms, error });
    }
    throw error;
  }
}

async function pullOnce(engine: Engine, name: string, signal: AbortSignal): Promise<void> {
  const silence = new AbortController();
  const timer = setTimeout(() => silence.abort(), silenceMs);
  try {
    await engine.pullImage(name, { platform, onProgress: () => timer.refresh(), signal: AbortSignal.any([signal, silence.signal]) });
  } catch (error) {
    if (silence.signal.aborted) throw new Error(`no progress for ${silenceMs / 60_000} minutes`, { cause: error });
    throw error;
  } finally {
    clearTimeout(timer);
  }
}
