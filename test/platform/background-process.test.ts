import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  type BackgroundProcess,
  forgetBackground,
  isAlive,
  listBackground,
  logTail,
  readBackground,
  recordBackground,
  startBackground,
  stopBackground,
} from '../../platform/background-process.ts';
import { stopAll } from '../../infra/stop-all.ts';

let home: string;
const started: BackgroundProcess[] = [];

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'tracemill-process-'));
  vi.stubEnv('TRACEMILL_HOME', home);
});

afterEach(async () => {
  for (const entry of started.splice(0)) await stopBackground(entry, 0);
  vi.unstubAllEnvs();
  rmSync(home, { recursive: true, force: true });
});

async function start(name: string, script: string, details: BackgroundProcess['details'] = { port: 1 }): Promise<BackgroundProcess> {
  const entry = await startBackground({ name, command: ['sh', '-c', script], details });
  started.push(entry);
  return entry;
}

describe('a background process', () => {
  it('is found again by its record, with its details and its output', async () => {
    const entry = await start('worker', 'echo ready; exec sleep 60');
    expect(readBackground('worker')).toEqual(entry);
    expect(listBackground()).toEqual([entry]);
    expect(isAlive(entry)).toBe(true);
    await vi.waitFor(() => expect(readFileSync(entry.log, 'utf8')).toBe('ready\n'));
  });

  it('ends by SIGTERM, and by SIGKILL when it does not listen', async () => {
    const polite = await start('polite', 'exec sleep 60');
    expect(await stopBackground(polite)).toBe('stopped');
    expect(await stopBackground(polite)).toBe('was_gone');

    const deaf = await start('deaf', 'trap "" TERM; echo deaf; while :; do sleep 1; done');
    await vi.waitFor(() => expect(readFileSync(deaf.log, 'utf8')).toBe('deaf\n'));
    expect(await stopBackground(deaf, 300)).toBe('killed');
    expect(isAlive(deaf)).toBe(false);
  });

  it('is not mistaken for a later process with its pid', () => {
    const mine = recordBackground({ name: 'mine', pid: process.pid, command: ['node'], log: join(home, 'none'), details: {} });
    expect(isAlive(mine)).toBe(true);
    expect(isAlive({ ...mine, started: '1' })).toBe(false);
  });

  it('that cannot be started is an error, not a record', async () => {
    await expect(startBackground({ name: 'ghost', command: ['/nonexistent/program'] })).rejects.toThrow('ENOENT');
    expect(readBackground('ghost')).toBeUndefined();
  });

  it('with a damaged record counts as none', () => {
    forgetBackground('worker');
    recordBackground({ name: 'worker', pid: process.pid, command: [], log: '', details: {} });
    writeFileSync(join(home, 'run', 'worker.json'), '{"pid": "12"}');
    expect(listBackground()).toEqual([]);
  });
});

describe('stopping all', () => {
  it('ends workers before the servers, keeps the servers’ records and leaves the engine alone', async () => {
    const server = await start('temporal', 'exec sleep 60');
    const teacher = await start('teacher', 'exec sleep 60');
    const worker = await start('worker-1', 'exec sleep 60', {});
    const engine = await start('engine', 'exec sleep 60');
    expect(await stopAll({ engine: false })).toEqual([
      { name: 'worker-1', pid: worker.pid, outcome: 'stopped' },
      { name: 'teacher', pid: teacher.pid, outcome: 'stopped' },
      { name: 'temporal', pid: server.pid, outcome: 'stopped' },
    ]);
    expect(isAlive(engine)).toBe(true);
    expect(readBackground('worker-1')).toBeUndefined();
    expect(readBackground('temporal')?.details).toEqual({ port: 1 });
    expect((await stopAll({ engine: true })).map(({ name }) => name)).toEqual(['engine']);
  });

  it('lets a process finish that holds unfinished work, and keeps its record', async () => {
    const busy = await start('busy', 'trap "touch told" TERM; echo ready; while :; do sleep 0.1; done', { finishes: true });
    while (logTail(busy.log) !== 'ready') await new Promise((resolve) => setTimeout(resolve, 10));
    expect(await stopAll({ engine: false })).toEqual([{ name: 'busy', pid: busy.pid, outcome: 'finishing' }]);
    expect(existsSync(join(home, 'told'))).toBe(true);
    expect(readBackground('busy')?.pid).toBe(busy.pid);
  });
});
