import { afterEach, describe, expect, it } from 'vitest';
import { type JobContainer, openJobContainer } from '../../activities/sandbox/job-container.ts';
import { engine, minimal, toolchain } from './containers.ts';

describe.each([
  ['bash', toolchain],
  ['sh (busybox)', minimal],
])('a job container, %s', (_name, image) => {
  let job: JobContainer;
  const open = async () => {
    job = await openJobContainer(engine, {
      image,
      network: 'none',
      labels: { 'tracemill.test': 'sandbox' },
      limits: { memory_mb: 200, cpus: 1, pids: 100 },
      what: 'the task',
      signal: undefined,
    });
  };
  afterEach(() => job.remove());
  const exec = (script: string, timeoutMs = 20_000, maxBytes = 5000) => job.exec(script, { timeoutMs, maxBytes });

  it('gives outputs apart, the exit code, and files in and out', async () => {
    await open();
    expect(await exec('echo out; echo err >&2; exit 9')).toEqual({
      exitCode: 9,
      stdout: 'out\n',
      stderr: 'err\n',
      timedOut: false,
      outOfMemory: false,
    });
    expect(await exec('read x; echo "[$x]"')).toMatchObject({ exitCode: 0, stdout: '[]\n' });
    await job.putFiles([['/deep/er/file', Buffer.from([0, 255, 1])]]);
    expect(await job.readFile('/deep/er/file', { maxBytes: 10 })).toEqual({ content: Buffer.from([0, 255, 1]), truncated: false });
    expect(await job.readFile('/deep/er/file', { maxBytes: 2 })).toEqual({ content: Buffer.from([0, 255]), truncated: true });
    expect(await job.readFile('/deep', { maxBytes: 2 })).toBeNull();
    expect(await job.readFile('/dev/zero', { maxBytes: 2 })).toBeNull();
  });

  it('keeps the first part of endless output without holding the script up', async () => {
    await open();
    const { stdout, stderr, exitCode } = await exec('yes | head -c 30000000; echo end >&2');
    expect([stdout.length, stderr, exitCode]).toEqual([5000, 'end\n', 0]);
  });

  it('ends although a background process holds the output open, and keeps what was printed', async () => {
    await open();
    expect(await exec('echo first; (while :; do echo more; sleep 0.1; done) & exit 4')).toMatchObject({
      exitCode: 4,
      stdout: expect.stringContaining('first\n'),
    });
    expect(await exec('echo next')).toMatchObject({ exitCode: 0, stdout: 'next\n' });
  });

  it('kills everything at the time limit and keeps what was printed', async () => {
    await open();
    expect(await exec("echo begun; trap '' TERM INT; setsid sleep 600 & sleep 601", 1000)).toMatchObject({
      timedOut: true,
      stdout: 'begun\n',
    });
    expect(await exec('for p in /proc/[0-9]*; do cat $p/cmdline 2>/dev/null | tr "\\0" " "; echo; done')).not.toMatchObject({
      stdout: expect.stringContaining('sleep 60'),
    });
  });
});

describe('a job container that is used up or not there', () => {
  const open = (image: string) =>
    openJobContainer(engine, {
      image,
      network: 'none',
      labels: { 'tracemill.test': 'sandbox' },
      limits: { memory_mb: 200, pids: 100 },
      what: 'the task',
      signal: undefined,
    });

  it('reports a script that was killed for memory, and works on after a fork bomb', async () => {
    const job = await open(toolchain);
    try {
      expect(await job.exec("python3 -c 'bytearray(500 * 1024 * 1024)'", { timeoutMs: 20_000 })).toMatchObject({ outOfMemory: true });
      expect(await job.exec('exit 1', { timeoutMs: 20_000 })).toMatchObject({ exitCode: 1, outOfMemory: false });
      await job.exec('b() { b | b & }; b; sleep 1', { timeoutMs: 3000 });
      await job.exec('sleep 60', { timeoutMs: 100 });
      expect(await job.exec('echo usable', { timeoutMs: 20_000 })).toMatchObject({ exitCode: 0, stdout: 'usable\n' });
    } finally {
      await job.remove();
    }
  });

  it.each([toolchain, minimal])('frees %s of processes that take up its whole limit, as often as that happens', async (image) => {
    const job = await open(image);
    try {
      for (let round = 0; round < 2; round++) {
        // Leaves the limit full of living processes: the next script finds no room to start in.
        await job.exec("sh -c 'while :; do sleep 600 & done' 2>/dev/null; :", { timeoutMs: 20_000 });
        expect(await job.exec('echo usable', { timeoutMs: 20_000 })).toMatchObject({ exitCode: 0, stdout: 'usable\n' });
      }
    } finally {
      await job.remove();
    }
  });

  it('names the task when the image or the container is missing', async () => {
    await expect(open('tracemill-test/nowhere:1')).rejects.toMatchObject({
      code: 'image_missing',
      message: expect.stringContaining('the task'),
    });
    const job = await open(toolchain);
    const running = job.exec('sleep 60', { timeoutMs: 30_000 });
    setTimeout(() => void job.remove(), 500);
    await expect(running).rejects.toMatchObject({ code: 'container_failed' });
    await expect(job.exec('true', { timeoutMs: 1000 })).rejects.toMatchObject({ code: 'container_failed' });
  });

  it('is removed when its signal is aborted', async () => {
    const abort = new AbortController();
    const job = await openJobContainer(engine, {
      image: toolchain,
      network: 'none',
      labels: { 'tracemill.test': 'sandbox' },
      signal: abort.signal,
    });
    const running = job.exec('sleep 60', { timeoutMs: 30_000 });
    setTimeout(() => abort.abort(new Error('cancelled')), 200);
    await expect(running).rejects.toThrow('cancelled');
    await job.remove();
    await expect(job.container.inspect()).rejects.toMatchObject({ reason: 'missing' });
  });
});
