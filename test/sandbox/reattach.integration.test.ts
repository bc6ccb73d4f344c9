import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { engine, Hands, minimal, noSignal, openSandbox, patient, request, toolchain } from './containers.ts';

const worker = join(import.meta.dirname, 'crashing-worker.ts');

/** Lets another process ask for the command, kills that process `afterMs` later, and attaches to what it left. */
async function afterCrash(image: string, command: string, afterMs: number, work: (hands: Hands) => Promise<void>): Promise<void> {
  const wanted = request({ image });
  const child = spawn(process.execPath, [worker, wanted.rolloutId, image, command], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  await sleep(afterMs);
  child.kill('SIGKILL');
  await once(child, 'exit');
  const { sandbox, fresh } = await openSandbox(wanted);
  try {
    expect(fresh).toBe(false);
    await work(new Hands(sandbox, 1));
  } finally {
    await sandbox.remove();
  }
}

describe.each([
  ['bash', toolchain],
  ['sh (busybox)', minimal],
])('a rollout whose worker was killed, %s', (_name, image) => {
  const command = 'echo run >>/tmp/runs; printf "first\\n"; sleep 1; echo second >&2; cd /tmp; (exit 42)';

  it.each([0, 20, 500, 1500])('finds the result of the command asked for %i ms before', (ms) =>
    afterCrash(image, command, ms, async (hands) => {
      expect(await hands.run(command)).toMatchObject({ status: 'exited', exit_code: 42, output: 'first\nsecond\n', cwd: '/tmp' });
      expect(await hands.run('cat /tmp/runs; pwd')).toMatchObject({ output: '0\nrun\n/tmp\n' });
    }),
  );
});

describe('a sandbox shared over time', () => {
  it('gives the same result however often it is asked for', async () => {
    const wanted = request();
    const { sandbox } = await openSandbox(wanted);
    try {
      const hands = new Hands(sandbox);
      const first = await hands.run('echo x >>/srv/f; cat /srv/f; date +%N; (exit 5)');
      const again = await sandbox.perform(0, { kind: 'command', command: 'whatever', waiting: patient, atTimeLimit: 'leave' }, noSignal);
      expect({ ...again, duration_ms: 0 }).toEqual({ ...first, duration_ms: 0 });
    } finally {
      await sandbox.remove();
    }
  });

  it('reports the action it came to, and keeps the older process out once a newer one attached', async () => {
    const wanted = request();
    const first = await openSandbox(wanted);
    expect(first).toMatchObject({ fresh: true, sandbox: { lastAction: -1 } });
    await new Hands(first.sandbox).run('true');
    const second = await openSandbox(wanted);
    try {
      expect(second).toMatchObject({ fresh: false, sandbox: { lastAction: 0, containerId: first.sandbox.containerId } });
      expect(await new Hands(second.sandbox, 1).output('echo mine')).toBe('mine\n');
      await expect(new Hands(first.sandbox, 2).run('echo stolen')).rejects.toMatchObject({ code: 'sandbox_taken' });
      await second.sandbox.detach();
      await expect(new Hands(second.sandbox, 2).run('true')).rejects.toMatchObject({ code: 'sandbox_detached' });
    } finally {
      await second.sandbox.remove();
    }
  });

  it('throws SandboxGone when the container is removed while a command runs, and makes a fresh one next time', async () => {
    const wanted = request();
    const { sandbox } = await openSandbox(wanted);
    const running = new Hands(sandbox).run('sleep 60');
    setTimeout(() => void engine.container(sandbox.containerId).remove(), 300);
    await expect(running).rejects.toMatchObject({ name: 'SandboxGone', code: 'sandbox_gone' });
    const next = await openSandbox(wanted);
    expect(next.fresh).toBe(true);
    const stopped = engine.container(next.sandbox.containerId);
    await stopped.signal('SIGKILL');
    await stopped.wait();
    const last = await openSandbox(wanted);
    expect(last.fresh).toBe(true);
    await last.sandbox.remove();
    await last.sandbox.remove();
  });

  it('stops waiting when aborted, and leaves the command running', async () => {
    const { sandbox } = await openSandbox(request());
    try {
      const abort = new AbortController();
      const waiting = sandbox.perform(
        0,
        { kind: 'command', command: 'sleep 1; echo done', waiting: patient, atTimeLimit: 'leave' },
        abort.signal,
      );
      setTimeout(() => abort.abort(new Error('cancelled')), 200);
      await expect(waiting).rejects.toThrow('cancelled');
      const again = await sandbox.perform(0, { kind: 'command', command: '', waiting: patient, atTimeLimit: 'leave' }, noSignal);
      expect(again).toMatchObject({ status: 'exited', output: 'done\n' });
    } finally {
      await sandbox.remove();
    }
  });

  it('names the rollout when its image is missing', async () => {
    const wanted = request({ image: 'tracemill-test/nowhere:1' });
    await expect(openSandbox(wanted)).rejects.toMatchObject({ code: 'image_missing', message: expect.stringContaining(wanted.rolloutId) });
  });
});
