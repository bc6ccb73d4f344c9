import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { symlinkSync, mkdirSync } from 'node:fs';
import { Client } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { isAlive, readBackground } from '../../platform/background-process.ts';
import { examine } from '../../infra/doctor.ts';
import { paths } from '../../platform/home.ts';
import { stopAll } from '../../infra/stop-all.ts';
import { ensureTemporal } from '../../infra/temporal.ts';
import { withConnection } from '../../platform/temporal/connect.ts';
import type { TemporalServer } from '../../platform/temporal/server.ts';
import { missingSearchAttributes, retentionDays } from '../../infra/temporal-namespace.ts';

let home: string;

beforeAll(() => {
  const tools = paths.tools();
  home = mkdtempSync(join(tmpdir(), 'tracemill-temporal-'));
  // The CLI that the bootstrap fetched, where none is on PATH.
  mkdirSync(home, { recursive: true });
  symlinkSync(tools, join(home, 'tools'));
  vi.stubEnv('TRACEMILL_HOME', home);
});

afterAll(async () => {
  await stopAll({ engine: false });
  vi.unstubAllEnvs();
  rmSync(home, { recursive: true, force: true });
});

function serverPid(): number {
  const record = readBackground('temporal');
  if (record === undefined || !isAlive(record)) throw new Error('no server runs');
  return record.pid;
}

async function startWorkflow(server: TemporalServer, workflowId: string): Promise<void> {
  await withConnection(server, async (connection) => {
    await new Client({ connection, namespace: server.namespace }).workflow.start('anything', { taskQueue: 'nobody', workflowId });
  });
}

async function describeWorkflow(server: TemporalServer, workflowId: string): Promise<string> {
  return await withConnection(server, async (connection) => {
    return (await new Client({ connection, namespace: server.namespace }).workflow.getHandle(workflowId).describe()).status.name;
  });
}

describe('the dev server', () => {
  it('is started once, however many ask at the same time, with retention and search attributes in place', async () => {
    const answers = await Promise.all([ensureTemporal(), ensureTemporal(), ensureTemporal()]);
    expect(answers.filter(({ started }) => started)).toHaveLength(1);
    expect(new Set(answers.map(({ address }) => address)).size).toBe(1);
    const [server] = answers;
    await withConnection(server, async (connection) => {
      expect(await retentionDays(connection, server.namespace)).toBe(30);
      expect(await missingSearchAttributes(connection, server.namespace)).toEqual([]);
    });
  });

  it('comes back on the same port and file after kill -9, with its workflows', async () => {
    const server = await ensureTemporal();
    await startWorkflow(server, 'survivor');
    process.kill(serverPid(), 'SIGKILL');
    await vi.waitFor(() => expect(serverPid).toThrow('no server runs'));

    const states = (await examine()).filter(({ part }) => part === 'temporal');
    expect(states).toMatchObject([{ state: 'missing', fix: 'tracemill up' }]);

    const again = await ensureTemporal();
    expect(again).toEqual({ ...server, started: true });
    expect(await describeWorkflow(again, 'survivor')).toBe('RUNNING');
  });

  it('registers search attributes that a namespace of an older file lacks', async () => {
    const server = await ensureTemporal();
    await withConnection(server, async (connection) => {
      await connection.operatorService.removeSearchAttributes({ namespace: server.namespace, searchAttributes: ['TracemillOutcome'] });
      expect(await missingSearchAttributes(connection, server.namespace)).toEqual(['TracemillOutcome']);
    });
    await ensureTemporal();
    await withConnection(server, async (connection) => {
      expect(await missingSearchAttributes(connection, server.namespace)).toEqual([]);
    });
  });

  it('takes another port when its own was taken while it was down', async () => {
    const server = await ensureTemporal();
    await stopAll({ engine: false });
    const port = Number(server.address.split(':')[1]);
    const squatter = createServer().listen(port, '127.0.0.1');
    try {
      const moved = await ensureTemporal();
      expect(moved.address).not.toBe(server.address);
      expect(await describeWorkflow(moved, 'survivor')).toBe('RUNNING');
    } finally {
      squatter.close();
    }
  });
});

describe('a namespace of one’s own (TEMPORAL_NAMESPACE)', () => {
  it('is made on the home’s server, and missed on another', async () => {
    vi.stubEnv('TEMPORAL_NAMESPACE', 'mill');
    const server = await ensureTemporal();
    expect(await describeWorkflow({ ...server, namespace: 'default' }, 'survivor')).toBe('RUNNING');
    await withConnection(server, async (connection) => {
      expect(await retentionDays(connection, 'mill')).toBe(30);
      expect(await missingSearchAttributes(connection, 'mill')).toEqual([]);
    });
    await startWorkflow(server, 'in-the-mill');
    vi.stubEnv('TEMPORAL_ADDRESS', server.address);
    vi.stubEnv('TEMPORAL_NAMESPACE', 'elsewhere');
    await expect(ensureTemporal()).rejects.toMatchObject({
      code: 'temporal_namespace_missing',
      message: expect.stringContaining(`${server.address} (namespace elsewhere, no TLS)`),
      hint: expect.stringContaining('TEMPORAL_NAMESPACE'),
    });
    vi.stubEnv('TEMPORAL_ADDRESS', undefined);
    vi.stubEnv('TEMPORAL_NAMESPACE', undefined);
  });
});

describe('a server of one’s own (TEMPORAL_ADDRESS)', () => {
  it('is used as it is, and its absence is reported with what to check', async () => {
    const { address } = await ensureTemporal();
    vi.stubEnv('TEMPORAL_ADDRESS', address);
    expect(await ensureTemporal()).toMatchObject({ address, namespace: 'default', namedBy: 'TEMPORAL_ADDRESS', started: false });
    vi.stubEnv('TEMPORAL_ADDRESS', '127.0.0.1:1');
    await expect(ensureTemporal()).rejects.toMatchObject({
      code: 'temporal_unreachable',
      hint: expect.stringContaining('TEMPORAL_ADDRESS'),
    });
    vi.stubEnv('TEMPORAL_ADDRESS', undefined);
  });
});
