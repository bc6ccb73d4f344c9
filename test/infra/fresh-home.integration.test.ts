import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { stopAll } from '../../infra/stop-all.ts';
import { freePort } from '../../platform/free-port.ts';
import { findProgram } from '../../infra/bootstrap/system-command.ts';
import { runTracemill, startTracemill } from '../cli/run-tracemill.ts';

let home: string;

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'tracemill-fresh-'));
  vi.stubEnv('TRACEMILL_HOME', home);
});

afterAll(async () => {
  await stopAll({ engine: false });
  vi.unstubAllEnvs();
  rmSync(home, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
});

describe('a home that was never bootstrapped', () => {
  it('is brought what `up` needs, and nothing else', async () => {
    // Where the machine has a CLI of its own there is nothing to fetch.
    const own = findProgram('temporal') !== undefined;
    const { exitCode, stdout, stderr } = await runTracemill(['up', '--json']);
    expect(exitCode).toBe(0);
    expect(stderr).toMatch(own ? /^$/ : /^temporal {4}there is no CLI: fetching \d.*\ntemporal {4}CLI \d.*, fetched/);
    expect(JSON.parse(stdout)).toMatchObject({ namespace: 'default', tls: false, started: true });
    expect(readdirSync(home).filter((name) => ['cache', 'store', 'journals'].includes(name))).toEqual([]);
    expect((await runTracemill(['up', '--json'])).stderr).toBe('');
  });

  it('has a worker that serves metrics for Prometheus when it is asked to, on the loopback interface alone', async () => {
    const port = await freePort(0);
    const worker = startTracemill(['worker', '--metrics-port', String(port)]);
    onTestFinished(() => worker.stop());
    await worker.line(/the worker is ready/);
    const metrics = await vi.waitFor(async () => {
      const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
      expect(text).toMatch(/^temporal_worker_start.* 1$/m);
      return text;
    }, 10_000);
    expect(metrics).toMatch(/^temporal_worker_task_slots_available\{.*task_queue="tracemill-[0-9a-f]{12}-host-/m);
    expect(listeners(port)).toEqual(['127.0.0.1']);
  });

  it('says so when the port for metrics is taken', async () => {
    const squatter = createServer().listen(0, '127.0.0.1');
    onTestFinished(() => void squatter.close());
    const port = await new Promise<number>((resolve) =>
      squatter.once('listening', () => {
        const address = squatter.address();
        resolve(typeof address === 'object' && address !== null ? address.port : 0);
      }),
    );
    const { exitCode, stderr } = await runTracemill(['worker', '--metrics-port', String(port)]);
    expect(exitCode).toBe(4);
    expect(stderr).toContain(`tracemill: port ${port} for metrics is taken\n  → give another one: --metrics-port`);
  });
});

/** Addresses that something listens at under this port, as the kernel has them. */
function listeners(port: number): string[] {
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  return readFileSync('/proc/net/tcp', 'utf8')
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, local, , state]) => state === '0A' && local?.endsWith(`:${hex}`))
    .map(([, local]) => (local?.startsWith('0100007F') ? '127.0.0.1' : (local ?? '')));
}
