import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { projectRoot } from '../../platform/home.ts';
import { withLock } from '../../platform/lock.ts';

let home: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'tracemill-lock-'));
  vi.stubEnv('TRACEMILL_HOME', home);
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(home, { recursive: true, force: true });
});

/** Another process that takes the lock, says so, and keeps it until it is killed. */
async function holder() {
  const program = `
    import { withLock } from ${JSON.stringify(join(projectRoot, 'platform/lock.ts'))};
    await withLock('work', async () => { console.log('held'); await new Promise((resolve) => setTimeout(resolve, 60_000)); });`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  return child;
}

describe('a lock', () => {
  it('lets callers of one process in one after the other', async () => {
    const order: string[] = [];
    const enter = (name: string) =>
      withLock('work', async () => {
        order.push(`${name} in`);
        await new Promise((resolve) => setTimeout(resolve, 20));
        order.push(`${name} out`);
      });
    await Promise.all([enter('a'), enter('b')]);
    expect(order).toEqual(['a in', 'a out', 'b in', 'b out']);
  });

  it('keeps other processes out and says who to look for when the waiting ends', async () => {
    const child = await holder();
    try {
      await expect(withLock('work', async () => 'entered', { timeoutMs: 250 })).rejects.toMatchObject({
        code: 'lock_timeout',
        hint: expect.stringContaining(home),
      });
      expect(await withLock('other work', async () => 'entered')).toBe('entered');
    } finally {
      child.kill('SIGKILL');
    }
  });

  it('is free at once when its holder was killed', async () => {
    const child = await holder();
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(await withLock('work', async () => 'entered', { timeoutMs: 2_000 })).toBe('entered');
  });

  it('is free after work that failed', async () => {
    await expect(withLock('work', () => Promise.reject(new Error('no luck')))).rejects.toThrow('no luck');
    expect(await withLock('work', async () => 'entered', { timeoutMs: 200 })).toBe('entered');
  });
});
