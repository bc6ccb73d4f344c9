import { PassThrough } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';
import type Docker from 'dockerode';
import { pack } from 'tar-stream';

/** One finished command. Output beyond the limit is dropped, stdout and stderr each. */
export interface JobResult {
  exitCode: number;
  stdout: string;
  stderr: string;
  timedOut: boolean;
}

/** A container for a job of the build: commands run in it one after another, no shell is kept between them. */
export interface JobContainer {
  readonly container: Docker.Container;
  exec(script: string, options: { timeoutMs: number; maxBytes?: number }): Promise<JobResult>;
  /** Absolute path → content; folders are made as needed. */
  putFiles(files: Iterable<readonly [string, Buffer | string]>): Promise<void>;
  /** Removes the container. Idempotent. */
  remove(): Promise<void>;
}

interface JobOptions {
  image: string;
  workdir?: string;
  network: 'none' | 'host';
  labels: Record<string, string>;
  env?: string[];
  signal: AbortSignal | undefined;
}

/** Starts a container that only waits; the caller removes it. */
export async function openJobContainer(docker: Docker, options: JobOptions): Promise<JobContainer> {
  options.signal?.throwIfAborted();
  const container = await docker.createContainer({
    Image: options.image,
    Cmd: ['sleep', '3600'],
    Entrypoint: [],
    WorkingDir: options.workdir ?? '/',
    Labels: options.labels,
    Env: options.env ?? [],
    HostConfig: { NetworkMode: options.network, Init: true, Memory: 2 * 1024 ** 3, PidsLimit: 1024 },
  });
  let removal: Promise<void> | undefined;
  const remove = () => (removal ??= container.remove({ force: true, v: true }).catch(ignoreMissing));
  const onAbort = () => void remove().catch(() => undefined);
  options.signal?.addEventListener('abort', onAbort, { once: true });
  try {
    await container.start();
  } catch (error) {
    await remove();
    throw error;
  }
  return {
    container,
    exec: (script, limits) => runScript(container, script, limits),
    async putFiles(files) {
      const archive = pack();
      for (const [path, content] of files) archive.entry({ name: path.replace(/^\/+/, ''), mode: 0o644 }, content);
      archive.finalize();
      await container.putArchive(await buffer(archive), { path: '/' });
    },
    async remove() {
      options.signal?.removeEventListener('abort', onAbort);
      await remove();
    },
  };
}

async function runScript(
  container: Docker.Container,
  script: string,
  { timeoutMs, maxBytes = 16 * 1024 * 1024 }: { timeoutMs: number; maxBytes?: number },
): Promise<JobResult> {
  // `timeout` inside the container ends the whole process group; an exec cannot be killed from outside.
  const seconds = Math.ceil(timeoutMs / 1000);
  const exec = await container.exec({
    Cmd: ['timeout', '--kill-after=5', String(seconds), 'bash', '-c', script],
    AttachStdout: true,
    AttachStderr: true,
  });
  const stream = await exec.start({ hijack: true, stdin: false });
  const stdout = new PassThrough();
  const stderr = new PassThrough();
  container.modem.demuxStream(stream, stdout, stderr);
  stream.once('end', () => {
    stdout.end();
    stderr.end();
  });
  stream.once('error', (error: Error) => {
    stdout.destroy(error);
    stderr.destroy(error);
  });
  const [out, err] = await Promise.all([text(bounded(stdout, maxBytes)), text(bounded(stderr, maxBytes))]);
  const { ExitCode } = await exec.inspect();
  const exitCode = ExitCode ?? -1;
  return { exitCode, stdout: out, stderr: err, timedOut: exitCode === 124 || exitCode === 137 };
}

/** Reads to the end, so that the command is never held up, but hands on only the first bytes. */
async function* bounded(stream: AsyncIterable<Buffer>, maxBytes: number): AsyncGenerator<Buffer> {
  let left = maxBytes;
  for await (const chunk of stream) {
    if (left > 0) yield chunk.subarray(0, left);
    left -= chunk.length;
  }
}

function ignoreMissing(error: unknown): void {
  const status = typeof error === 'object' && error !== null && 'statusCode' in error ? error.statusCode : undefined;
  // 409: another caller is removing it already.
  if (status !== 404 && status !== 409) throw error;
}
