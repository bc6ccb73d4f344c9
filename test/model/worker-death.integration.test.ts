import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { askedTwice } from '../../demo/scripted-teacher/request-log.ts';
import { Rig, always, until } from './rig.ts';

let rig: Rig;
afterEach(() => rig.end());

describe('a worker that dies', () => {
  let children: ChildProcess[] = [];
  afterEach(() => {
    for (const child of children) child.kill('SIGKILL');
    children = [];
  });

  function startWorker(exchanges: number): { child: ChildProcess; output: () => string; ended: Promise<number | null> } {
    const args = [join(import.meta.dirname, 'worker.ts'), rig.home, rig.teacher.url, String(exchanges)];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'], detached: true });
    children.push(child);
    let output = '';
    child.stdout?.on('data', (bytes: Buffer) => {
      output += bytes.toString();
    });
    return { child, output: () => output, ended: new Promise((resolve) => child.once('exit', resolve)) };
  }

  it('in the middle of a request leaves it to the next worker, which pays nothing again', async () => {
    rig = await Rig.start([always], { latencyMs: 1500 });
    const first = startWorker(1);
    await until(() => rig.asked === 1);
    first.child.kill('SIGKILL');
    await first.ended;
    const second = startWorker(1);
    expect(await second.ended).toBe(0);
    expect(rig.teacher.log().map(({ event }) => event)).toEqual(['asked', 'answered']);
  });

  it('with its whole process group does not take the gateway along, and gets the reply that came meanwhile', async () => {
    rig = await Rig.start([always], { latencyMs: 300 });
    const first = startWorker(1);
    await until(() => rig.asked === 1);
    process.kill(-(first.child.pid ?? 0), 'SIGKILL');
    await first.ended;
    await until(() => rig.teacher.log().some((entry) => entry.event === 'answered'));
    await until(async () => (await rig.gateway.status())?.unjournalled === 1);
    expect(await startWorker(1).ended).toBe(0);
    expect(rig.asked).toBe(1);
    await until(async () => (await rig.gateway.status())?.unjournalled === 0);
  });

  it('again and again at any moment still asks every exchange exactly once', async () => {
    rig = await Rig.start([always], { latencyMs: 60 });
    const exchanges = 25;
    let kills = 0;
    for (; ; kills++) {
      const worker = startWorker(exchanges);
      await until(() => worker.output().includes('started') || worker.child.exitCode !== null);
      // Moments spread over a whole exchange.
      await Promise.race([worker.ended, sleep(40 + ((kills * 37) % 200))]);
      if (worker.child.exitCode === 0) break;
      worker.child.kill('SIGKILL');
      await worker.ended;
    }
    expect(kills).toBeGreaterThan(3);
    expect(askedTwice(rig.teacher.log())).toEqual([]);
    expect(rig.asked).toBe(exchanges);
    const journal = await rig.journal();
    expect(journal.progress.exchanges).toBe(exchanges);
  });
});
