import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { Worker } from '@temporalio/worker';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { localReleaseFolder } from '../../activities/dataset/local-release-folder.ts';
import { createReleaseWorkerActivities } from '../../activities/dataset/release-worker-activities.ts';
import { releaseStatus, startRelease } from '../../client/release.ts';
import { ensureWorkflowBundle } from '../../platform/temporal/workflow-bundle.ts';
import { workflowStatus } from '../../platform/temporal/workflow-status.ts';
import { paths } from '../../platform/home.ts';
import { createLogger } from '../../platform/logger.ts';
import { ReleaseProcess } from '../../workers/release-process.ts';
import type { ReleaseWorkerSettings } from '../../workers/release-worker-settings.ts';
import { releaseQueue, sharedQueue } from '../../workflows/contract/ids.ts';
import { fillCampaign, openWorkplace } from '../dataset/campaign.ts';
import { startTestServer } from '../workflows/temporal-server.ts';
import { endedAttempts, until } from '../workflows/world.ts';

let server: TestWorkflowEnvironment;
let settings: ReleaseWorkerSettings;
let releases: ReleaseProcess;
let lines: string[];
let main: Worker;
let mainEnds: Promise<void>;
let folder: string;
let storeId: string;
const before = process.env['TRACEMILL_HOME'];

beforeAll(async () => {
  server = await startTestServer();
  folder = mkdtempSync(join(tmpdir(), 'tracemill-releases-'));
  const workflowBundle = await ensureWorkflowBundle();
  process.env['TRACEMILL_HOME'] = folder;
  const place = openWorkplace(folder);
  await fillCampaign(place, 60);
  await place.ledger.close();
  storeId = await place.store.id();
  const queue = sharedQueue(storeId);
  settings = { task_queue: releaseQueue(queue), host: 'here', idle_seconds: 600 };
  renew(settings);
  const { client, nativeConnection } = server;
  main = await Worker.create({
    connection: nativeConnection,
    taskQueue: queue,
    workflowBundle,
    activities: createReleaseWorkerActivities({
      startReleaseWorker: () => releases.start(),
      isRunning: async (id) => (await workflowStatus(client, id)) === 'RUNNING',
    }),
  });
  mainEnds = main.run();
});

afterEach(async () => {
  await releases.stop(5000);
  renew(settings);
});

afterAll(async () => {
  main.shutdown();
  await mainEnds;
  await server.teardown();
  if (before === undefined) delete process.env['TRACEMILL_HOME'];
  else process.env['TRACEMILL_HOME'] = before;
  rmSync(folder, { recursive: true, force: true });
});

function renew(next: ReleaseWorkerSettings, address = server.address): void {
  lines = [];
  const logger = createLogger({ part: 'test', write: (line) => lines.push(line) });
  const environment = { ...process.env, TEMPORAL_ADDRESS: address, TEACHER_KEY: 'a secret' };
  releases = new ReleaseProcess({ settings: next, environment, marker: join(paths.run(), 'releases.wanted'), logger });
}

function pidOf(process: ReleaseProcess): number {
  if (process.pid === undefined) throw new Error('no process builds releases');
  return process.pid;
}

const gone = (pid: number) => !existsSync(`/proc/${pid}`) || readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
const build = (version: string) => startRelease(server.client, storeId, { campaign: 'demo', version });
const place = (version: string) => join(paths.releases(), 'demo', version);

describe('the process that builds releases', () => {
  it('is started by the first release, builds it apart from its worker, and has no key of a teacher', async () => {
    expect(releases.pid).toBeUndefined();
    const result = await (await build('v1')).result();
    expect(result).toMatchObject({ version: 'v1', folder: place('v1') });
    expect(readdirSync(result.folder).sort()).toEqual(['ATTRIBUTION.md', 'README.md', 'data', 'ledger.jsonl', 'manifest.json', 'pictures']);
    const pid = pidOf(releases);
    expect(readFileSync(`/proc/${pid}/environ`, 'utf8')).toContain(`TRACEMILL_HOME=${folder}`);
    expect(readFileSync(`/proc/${pid}/environ`, 'utf8')).not.toContain('a secret');
    await (await build('v2')).result();
    expect(pidOf(releases)).toBe(pid);
  });

  it('is started again when it is killed in the middle of a release, which then has the same bytes', async () => {
    const reference = await (await build('once')).result();
    const handle = await build('killed');
    const building = join(paths.releases(), 'demo', '.killed.building', 'data');
    await until(() => existsSync(building));
    const killed = pidOf(releases);
    process.kill(killed, 'SIGKILL');
    expect(readdirSync(join(paths.releases(), 'demo'))).not.toContain('killed');
    await until(async () => (await releaseStatus(handle)).attempt > 1);
    expect(await handle.result()).toMatchObject({ rows: reference.rows });
    // No heartbeat had to be missed, which takes a minute.
    expect(await endedAttempts(handle)).toEqual(['the worker that carried out buildRelease died']);
    expect(pidOf(releases)).not.toBe(killed);
    expect(lines.join()).toContain('the process that builds releases died');
    const shards = (version: string) =>
      readdirSync(place(version), { recursive: true, encoding: 'utf8' })
        .filter((name) => /parquet$|jsonl$/.test(name))
        .map((name) => [name, readFileSync(join(place(version), name)).toString('base64')]);
    expect(shards('killed')).toEqual(shards('once'));
    expect(readdirSync(join(paths.releases(), 'demo')).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  it('waits for another writer of the same release, and shows in its heartbeats how far it is', async () => {
    const { promise: held, resolve: letGo } = Promise.withResolvers<void>();
    const other = localReleaseFolder(place('watched')).replace(() => held);
    const handle = await build('watched');
    await until(async () => (await releaseStatus(handle)).progress?.phase === 'waiting');
    letGo();
    await other;
    expect(await handle.result()).toMatchObject({ version: 'watched' });
  });

  it('ends with its worker, however the worker ends', async () => {
    const parent = spawn(process.execPath, [join(import.meta.dirname, 'release-parent.ts'), JSON.stringify(settings)], {
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { ...process.env, TEMPORAL_ADDRESS: server.address },
    });
    const [line]: unknown[] = await once(parent.stdout, 'data');
    const pid = Number(String(line));
    expect(gone(pid)).toBe(false);
    parent.kill('SIGKILL');
    await until(() => gone(pid));
    await releases.takeOver();
    expect(releases.pid).toBeDefined();
  });

  it('ends after a while without work, and comes back when there is some', async () => {
    renew({ ...settings, idle_seconds: 1 });
    await releases.start();
    const pid = pidOf(releases);
    await until(() => gone(pid));
    await until(() => releases.pid === undefined);
    await releases.takeOver();
    expect(releases.pid).toBeUndefined();
    expect(lines.filter((line) => line.includes('died'))).toEqual([]);
    expect(await (await build('later')).result()).toMatchObject({ version: 'later' });
  });

  it('says so when it cannot be started', async () => {
    renew(settings, '127.0.0.1:1');
    await expect(releases.start()).rejects.toMatchObject({ code: 'release_worker_failed' });
  });
});
