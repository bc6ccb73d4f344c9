import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Problem } from '../../schemas/problem.ts';
import { orAborted, resolvesWithin } from '../../platform/waiting.ts';
import { engineProblem } from '../engine/engine-error.ts';
import type { Container, Exec } from '../engine/engine.ts';

const program = readFileSync(join(import.meta.dirname, 'programs', 'job.sh'), 'utf8');

/** How long the processes of a script may take to vanish after they were killed, in milliseconds. */
const killGraceMs = 10_000;

export interface ScriptRun {
  container: Container;
  script: string;
  shell: 'sh' | 'bash';
  /** `NAME=value`, in place of the container's. */
  env?: readonly string[];
  /** At this time everything in the container but its first process is killed. */
  timeoutMs: number;
  /** Kept of stdout and stderr each; the rest is dropped in the container without holding up the script. */
  maxBytes: number;
  /** The task or rollout, for messages. */
  what: string;
  signal?: AbortSignal | undefined;
}

export interface ScriptResult {
  exitCode: number;
  stdout: Buffer;
  stderr: Buffer;
  timedOut: boolean;
}

/**
 * Runs one script in a container whose first process kills everything else on SIGUSR1. Throws `Problem`
 * engine_unreachable, out_of_memory or container_failed when the container did not live to the script's end.
 */
export async function execScript(run: ScriptRun): Promise<ScriptResult> {
  const { container, what, signal } = run;
  for (let attempt = 0; ; attempt++) {
    signal?.throwIfAborted();
    try {
      const result = await execOnce(run);
      if (result !== undefined) return result;
      if (attempt === 2) throw new Problem('container_failed', `${what}: no process could be started in the container`);
      // What earlier scripts left behind took all processes or all room.
      await container.signal('SIGUSR1');
      await sleep(200);
    } catch (error) {
      signal?.throwIfAborted();
      throw engineProblem(error, what);
    }
  }
}

/** Undefined when the script could not be started. */
async function execOnce(run: ScriptRun): Promise<ScriptResult | undefined> {
  const { container, maxBytes } = run;
  const unable = randomBytes(16).toString('hex');
  const exec = await container.exec({
    command: ['sh', '-c', program, 'sh', unable, run.shell, run.script],
    env: run.env ?? [],
  });
  const stdout = new Kept(maxBytes, () => exec.write('out\n'));
  const stderr = new Kept(maxBytes, () => exec.write('err\n'));
  const timedOut = await untilEnd(exec, run, stdout, stderr);
  const exitCode = (await exec.exitCode()) ?? 137;
  if (exitCode === 137) await insistOnLife(container, run.what);
  if (exitCode === 125 && stderr.bytes.includes(unable)) return undefined;
  if (exitCode === 126 && stdout.bytes.includes('OCI runtime exec failed')) return undefined;
  return { exitCode, stdout: stdout.bytes, stderr: stderr.bytes, timedOut };
}

/** The first bytes of an output. `onFull` asks the container to drop the rest; what comes until then is dropped here. */
class Kept {
  readonly #pieces: Buffer[] = [];
  readonly #onFull: () => void;
  #left: number;

  constructor(maxBytes: number, onFull: () => void) {
    this.#left = maxBytes;
    this.#onFull = onFull;
  }

  add(data: Buffer): void {
    if (this.#left === 0) return;
    // Copied, so that a few bytes do not keep a whole chunk in memory.
    const piece = Buffer.from(data.subarray(0, this.#left));
    this.#left -= piece.length;
    this.#pieces.push(piece);
    if (this.#left === 0) this.#onFull();
  }

  get bytes(): Buffer {
    return Buffer.concat(this.#pieces);
  }
}

/** Reads to the end; at the time limit kills the processes first. Gives whether the limit was reached. */
async function untilEnd(exec: Exec, { container, timeoutMs, signal }: ScriptRun, stdout: Kept, stderr: Kept): Promise<boolean> {
  const ended = exec.read(
    (data) => stdout.add(data),
    (data) => stderr.add(data),
  );
  const end = signal === undefined ? ended : orAborted(ended, signal);
  try {
    if (await resolvesWithin(end, timeoutMs)) return false;
    await container.signal('SIGUSR1');
    await resolvesWithin(end, killGraceMs);
    return true;
  } finally {
    exec.close();
  }
}

/** A container that is being removed is called running for a moment after its processes were killed. */
async function insistOnLife(container: Container, what: string): Promise<void> {
  let state = await container.inspect();
  for (let look = 0; look < 4 && state.running; look++) {
    await sleep(100);
    state = await container.inspect();
  }
  if (state.running) return;
  if (state.outOfMemory) {
    throw new Problem('out_of_memory', `${what}: the container was ended because its memory was used up`, {
      hint: 'raise sandbox.memory_mb in the campaign file',
    });
  }
  throw new Problem(
    'container_failed',
    `${what}: the container ended (${state.status}, exit code ${state.exitCode}) while a script ran in it`,
    {
      hint: 'the step is tried again; if this repeats, look at the container engine with `tracemill doctor`',
    },
  );
}
