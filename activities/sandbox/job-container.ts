import { buffer } from 'node:stream/consumers';
import { pack } from 'tar-stream';
import { messageOf, Problem } from '../../schemas/problem.ts';
import { engineProblem } from '../engine/engine-error.ts';
import type { Container } from '../engine/engine.ts';
import { confinement, jobCounts } from './container-limits.ts';
import { execScript } from './exec-script.ts';
import type { HomeEngine } from './home-engine.ts';
import { quietEnvironment } from './image-environment.ts';
import type { ImageUser } from '../../schemas/prepared-image.ts';
import { label, thisOwner } from './labels.ts';
import { quote } from '../../platform/quote.ts';

/** One finished script. Output beyond the limit is dropped, stdout and stderr each; invalid UTF-8 is replaced. */
interface JobResult {
  exitCode: number;
  stdout: string;
  stderr: string;
  /** True when the time limit ended it; then everything that ran in the container was killed. */
  timedOut: boolean;
  /** True when the kernel killed a process of the container for memory while a script ran that failed. */
  outOfMemory: boolean;
}

/** A container for a piece of work: scripts run in it one after another, no shell is kept between them. */
export interface JobContainer {
  readonly container: Container;
  /**
   * Runs in bash where the image has it, else in sh. Default of `maxBytes` is 16 MiB. What the image lets its shells and
   * programs load at their start is left out, unless the environment is to be wholly the `image`'s.
   */
  exec(script: string, options: { timeoutMs: number; maxBytes?: number; environment?: 'image' }): Promise<JobResult>;
  /** Makes a folder of the container's user, or gives it one that is there. */
  makeFolder(path: string): Promise<void>;
  /** Absolute path → content, the container's user's; folders are made as needed, which are root's. */
  putFiles(files: Iterable<readonly [string, Buffer | string]>): Promise<void>;
  /** The first `maxBytes` of a regular file; null where there is none. Links are followed within the container only. */
  readFile(path: string, options: { maxBytes: number }): Promise<{ content: Buffer; truncated: boolean } | null>;
  /**
   * Makes an image of the container as it is and gives its id. The image has no entrypoint and nothing of the container's own
   * labels, so that a container of it has no owner.
   */
  commit(options: CommitOptions): Promise<string>;
  /** Removes the container. Idempotent. */
  remove(): Promise<void>;
}

interface CommitOptions {
  /** Name with tag; without it the image has none. */
  name?: string;
  labels?: Record<string, string>;
  /** Lines of a Dockerfile: CMD, ENV, USER, WORKDIR. */
  changes: string[];
  comment?: string;
}

export interface JobOptions {
  image: string;
  workdir?: string;
  /** Whose everything in it is, scripts too; by default root's. */
  user?: ImageUser | undefined;
  network: 'none' | 'host';
  labels: Record<string, string>;
  env?: string[];
  limits?: { memory_mb?: number; cpus?: number; pids?: number };
  /** The task or rollout, for messages. */
  what?: string;
  signal: AbortSignal | undefined;
}

/** Of a job that asks for none. */
export const defaultLimits = { memory_mb: 4096, cpus: 2, pids: 2048 };
const defaultMaxBytes = 16 * 1024 ** 2;
const stateBytes = 64 * 1024 ** 2;

/**
 * Process 1: reaps orphans, and on USR1 kills everything else, which no process in there can escape. After a fork bomb the
 * dead still take up the limit of processes: `jobs` reaps them all, and `command eval` survives a failed fork.
 */
const waiter = `trap 'kill -9 -1' USR1; while :; do command eval 'sleep 86400 &' 2>/dev/null && wait $!; jobs >/dev/null 2>&1; done`;

/**
 * Starts a container that only waits; the caller removes it, and so does an abort. Throws `Problem` image_missing,
 * image_without_shell, engine_unreachable or container_failed.
 */
export async function openJobContainer(engine: HomeEngine, options: JobOptions): Promise<JobContainer> {
  options.signal?.throwIfAborted();
  const what = options.what ?? options.image;
  const container = await startContainer(engine, options, what);
  let removal: Promise<void> | undefined;
  const remove = () => (removal ??= container.remove());
  const onAbort = () => void remove().catch(() => undefined);
  options.signal?.addEventListener('abort', onAbort, { once: true });
  if (options.signal?.aborted) onAbort();
  const run = (script: string, shell: 'sh' | 'bash', timeoutMs: number, maxBytes: number, env = quietEnvironment) =>
    execScript({ container, script, shell, env, timeoutMs, maxBytes, what, signal: options.signal });
  const owner = options.user && { uid: options.user.uid, gid: options.user.gid };
  const put = async (entries: { name: string; mode: number; type?: 'directory'; content: Buffer | string }[]) => {
    const archive = pack();
    for (const { content, ...header } of entries) archive.entry({ ...header, ...owner }, content);
    archive.finalize();
    try {
      await container.writeArchive(await buffer(archive), '/');
    } catch (error) {
      options.signal?.throwIfAborted();
      throw engineProblem(error, what);
    }
  };
  let shell: 'sh' | 'bash' | undefined;
  let kills = 0;
  return {
    container,
    async exec(script, { timeoutMs, maxBytes = defaultMaxBytes, environment }) {
      shell ??= (await run('command -v bash', 'sh', 30_000, 1024)).exitCode === 0 ? 'bash' : 'sh';
      const { stdout, stderr, ...ending } = await run(script, shell, timeoutMs, maxBytes, environment === 'image' ? [] : quietEnvironment);
      const failed = ending.exitCode !== 0 || ending.timedOut;
      const before = kills;
      if (failed) kills = oomKills((await run(readCounters, 'sh', 30_000, 4096)).stdout.toString('latin1')) ?? kills;
      return { ...ending, stdout: stdout.toString('utf8'), stderr: stderr.toString('utf8'), outOfMemory: kills > before };
    },
    makeFolder: (path) => put([{ name: `${path.replace(/^\/+/, '')}/`, type: 'directory', mode: 0o755, content: '' }]),
    putFiles: (files) => put([...files].map(([path, content]) => ({ name: path.replace(/^\/+/, ''), mode: 0o644, content }))),
    async readFile(path, { maxBytes }) {
      const script = `[ -f ${quote(path)} ] || exit 3; head -c ${maxBytes + 1} <${quote(path)}`;
      const { exitCode, stdout, stderr } = await run(script, 'sh', 60_000, maxBytes + 1);
      if (exitCode === 3) return null;
      if (exitCode !== 0) throw new Problem('container_failed', `${what}: ${path} could not be read: ${stderr.toString('utf8').trim()}`);
      return { content: stdout.subarray(0, maxBytes), truncated: stdout.length > maxBytes };
    },
    async commit({ name, labels, changes, comment }) {
      const own = Object.fromEntries([label.kind, label.home, label.owner, ...Object.keys(options.labels)].map((key) => [key, '']));
      // A value is read as a double-quoted word in which variables are expanded.
      const labelLines = Object.entries({ ...own, ...labels }).map(
        ([key, value]) => `LABEL ${key}=${JSON.stringify(value).replaceAll('$', '\\$')}`,
      );
      try {
        return await container.commit({ name, changes: [...changes, ...labelLines], comment });
      } catch (error) {
        throw new Problem('container_failed', `${what}: the image could not be written: ${messageOf(error)}`, {
          hint: 'look at the engine’s free disk space with `tracemill doctor`',
          cause: error,
        });
      }
    },
    async remove() {
      options.signal?.removeEventListener('abort', onAbort);
      await remove();
    },
  };
}

async function startContainer(engine: HomeEngine, options: JobOptions, what: string): Promise<Container> {
  const limits = { ...defaultLimits, ...options.limits };
  try {
    const container = await engine.createContainer({
      image: options.image,
      // Not as the entrypoint, which an image committed from the container could not lose again.
      entrypoint: [],
      command: ['sh', '-c', waiter],
      workdir: options.workdir ?? '/',
      user: options.user?.name,
      env: [...jobCounts(limits.cpus), ...(options.env ?? [])],
      labels: { [label.kind]: 'job', [label.home]: engine.home, [label.owner]: thisOwner(), ...options.labels },
      network: options.network,
      confinement: confinement(limits, stateBytes, options.user),
    });
    try {
      await container.start();
      return container;
    } catch (error) {
      await container.remove();
      throw error;
    }
  } catch (error) {
    options.signal?.throwIfAborted();
    if (/exec: "sh":/.test(messageOf(error))) {
      throw new Problem('image_without_shell', `${what}: image ${options.image} has no shell`, {
        hint: 'build the image on one with `sh` and git on its PATH; Tracemill and the test commands need them',
        cause: error,
      });
    }
    throw engineProblem(error, what, options.image);
  }
}

const readCounters = 'cat /sys/fs/cgroup/memory.events /sys/fs/cgroup/memory/memory.oom_control 2>/dev/null; :';

/** Reads `oom_kill N` of cgroup v2 (memory.events) or v1 (memory.oom_control). */
function oomKills(counters: string): number | undefined {
  const count = /^oom_kill (\d{1,15})$/m.exec(counters)?.[1];
  return count === undefined ? undefined : Number(count);
}
