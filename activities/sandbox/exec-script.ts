import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type Docker from 'dockerode';
import { Problem } from '../../schemas/problem.ts';
import { orAborted, resolvesWithin } from '../../platform/waiting.ts';
import { engineProblem } from './engine-error.ts';
import { demultiplexer } from './multiplexed-stream.ts';

const program = readFileSync(join(import.meta.dirname, 'programs', 'job.sh'), 'utf8');

/** How long the processes of a script may take to vanish after they were killed, in milliseconds. */
const killGraceMs = 10_000;

export interface ScriptRun {
  container: Docker.Container;
  script: string;
  shell: 'sh' | 'bash';
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
      await container.kill({ signal: 'SIGUSR1' });
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
    Cmd: ['sh', '-c', program, 'sh', unable, run.shell, run.script],
    AttachStdin: true,
    AttachStdout: true,
    AttachStderr: true,
    User: '0',
  });
  const stream = await exec.start({ hijack: true, stdin: true });
  const stdout = new Kept(maxBytes, () => stream.write('out\n'));
  const stderr = new Kept(maxBytes, () => stream.write('err\n'));
  const timedOut = await untilEnd(stream, run, stdout, stderr);
  const exitCode = await exitCodeOf(exec);
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
async function untilEnd(stream: Duplex, { container, timeoutMs, signal }: ScriptRun, stdout: Kept, stderr: Kept): Promise<boolean> {
  const { promise: ended, resolve, reject } = Promise.withResolvers<void>();
  const demultiplex = demultiplexer(
    (data) => stdout.add(data),
    (data) => stderr.add(data),
  );
  stream.on('data', (chunk: Buffer) => demultiplex(chunk));
  stream.once('end', resolve);
  stream.once('close', resolve);
  stream.once('error', reject);
  const end = signal === undefined ? ended : orAborted(ended, signal);
  try {
    if (await resolvesWithin(end, timeoutMs)) return false;
    await container.kill({ signal: 'SIGUSR1' });
    await resolvesWithin(end, killGraceMs);
    return true;
  } finally {
    stream.destroy();
  }
}

/** The engine may take a moment after the end of the output to know how the process ended. */
async function exitCodeOf(exec: Docker.Exec): Promise<number> {
  for (let attempt = 0; ; attempt++) {
    const { Running, ExitCode } = await exec.inspect();
    if (!Running && typeof ExitCode === 'number') return ExitCode;
    if (attempt === 40) return 137;
    await sleep(Math.min(100, 2 ** attempt));
  }
}

/** A container that is being removed is called running for a moment after its processes were killed. */
async function insistOnLife(container: Docker.Container, what: string): Promise<void> {
  let { State } = await container.inspect();
  for (let look = 0; look < 4 && State.Running; look++) {
    await sleep(100);
    ({ State } = await container.inspect());
  }
  if (State.Running) return;
  if (State.OOMKilled) {
    throw new Problem('out_of_memory', `${what}: the container was ended because its memory was used up`, {
      hint: 'raise sandbox.memory_mb in the campaign file',
    });
  }
  throw new Problem(
    'container_failed',
    `${what}: the container ended (${State.Status}, exit code ${State.ExitCode}) while a script ran in it`,
    {
      hint: 'the step is tried again; if this repeats, look at the container engine with `tracemill doctor`',
    },
  );
}
