import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { localStore } from '../../activities/artifacts/local-store.ts';
import { putJson } from '../../activities/artifacts/store.ts';
import { createCheckActivities } from '../../activities/evaluation/check-activities.ts';
import { acceptEvaluation } from '../../activities/evaluation/index.ts';
import type { Ledger } from '../../activities/ledger/ledger.ts';
import { openLocalLedger } from '../../activities/ledger/local/local-ledger.ts';
import {
  backfillSchedule,
  createSchedule,
  deleteSchedule,
  listSchedules,
  pauseSchedule,
  resumeSchedule,
  scheduleDetail,
  triggerSchedule,
} from '../../client/schedules.ts';
import { ensureTemporalCli, findTemporalCli } from '../../infra/bootstrap/temporal-cli.ts';
import { freePort } from '../../platform/free-port.ts';
import { asActivityFailure } from '../../workers/activity-failure.ts';
import { ScheduleFile } from '../../schemas/schedule.ts';
import { sharedQueue } from '../../workflows/contract/ids.ts';
import { seededRecord } from '../evaluation/seeded-record.ts';
import type { ScheduledTestFile } from './scheduled-workflows.ts';
import { attributeArguments } from './temporal-server.ts';
import { until } from './world.ts';

/* A dev server of its own with a file of its own, since it is killed; a real ledger; a real webhook. */

let folder: string;
let address: string;
let server: ChildProcess;
let connection: Connection;
let client: Client;
let ledger: Ledger;
let worker: Worker;
let working: Promise<void>;
let hook: Server;
const posted: { verdict: string; evaluation: string }[] = [];
/** Names of evaluations that ended, in order. */
const evaluated: string[] = [];

async function startServer(): Promise<ChildProcess> {
  const cli = findTemporalCli();
  if (cli === undefined) throw new Error('there is no Temporal CLI');
  const port = address.split(':')[1] ?? '';
  const file = join(folder, 'temporal.sqlite');
  const started = spawn(
    cli,
    [
      'server',
      'start-dev',
      '--headless',
      '--ip',
      '127.0.0.1',
      '--port',
      port,
      '--db-filename',
      file,
      '--log-level',
      'error',
      ...attributeArguments,
    ],
    { stdio: 'ignore' },
  );
  await until(() =>
    Connection.connect({ address, connectTimeout: 500 }).then(
      (found) => found.close().then(() => true),
      () => false,
    ),
  );
  return started;
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tracemill-schedules-'));
  await ensureTemporalCli();
  address = `127.0.0.1:${await freePort(0)}`;
  server = await startServer();
  hook = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (part: string) => (body += part));
    request.on('end', () => {
      posted.push(z.object({ alarm: z.object({ verdict: z.string(), evaluation: z.string() }) }).parse(JSON.parse(body)).alarm);
      response.writeHead(204).end();
    });
  });
  hook.listen(0, '127.0.0.1');
  await once(hook, 'listening');
  const { port } = z.object({ port: z.int() }).parse(hook.address());
  const stores = { ledger: openLocalLedger(join(folder, 'ledger.sqlite')), store: localStore(join(folder, 'store')) };
  ledger = stores.ledger;
  // While the server is down, the worker tries again and says so each time.
  Runtime.install({ logger: new DefaultLogger('ERROR'), telemetryOptions: { logging: { filter: 'OFF' } } });
  connection = await Connection.connect({ address });
  client = new Client({ connection });
  const checks = createCheckActivities({ ...stores, variable: (name) => (name === 'HOOK' ? `http://127.0.0.1:${port}/x` : undefined) });
  worker = await Worker.create({
    connection: await NativeConnection.connect({ address }),
    taskQueue: sharedQueue('test'),
    workflowsPath: join(import.meta.dirname, 'scheduled-workflows.ts'),
    interceptors: {
      activity: [
        () => ({ inbound: { execute: (input, next) => next(input).catch((error: unknown) => Promise.reject(asActivityFailure(error))) } }),
      ],
    },
    activities: {
      ...checks,
      evaluated: async (file: ScheduledTestFile) => {
        const { name, seed, regression = 0 } = file;
        const record = await putJson(stores.store, seededRecord({ name, seed, regression }));
        await ledger.recordRun({ kind: 'evaluation', name, record, recorded_at: new Date().toISOString() });
        evaluated.push(name);
        if (seed === 1) await acceptEvaluation({ name }, stores);
      },
    },
  });
  working = worker.run();
});

afterAll(async () => {
  worker.shutdown();
  await working.catch(() => undefined);
  await connection.close();
  server.kill('SIGKILL');
  hook.close();
  await ledger.close();
  rmSync(folder, { recursive: true, force: true });
});

async function create(file: Partial<z.input<typeof ScheduleFile>> & { name: string }, evaluation: Partial<ScheduledTestFile> = {}) {
  const read = ScheduleFile.parse({ start: 'evaluation.yaml', ...file });
  await createSchedule(client, 'test', {
    file: read,
    path: '/evaluation.yaml',
    replace: false,
    start: {
      schedule: read.name,
      time_zone: read.time_zone,
      kind: 'evaluation',
      file: { name: 'replaced', takes: 50, seed: 2, ...evaluation },
      check: read.check ?? null,
    },
  });
}

const detail = (name: string) => scheduleDetail(client, 'test', name);
const remove = (name: string) => deleteSchedule(client, 'test', name);
const namesOf = (schedule: string) => evaluated.filter((name) => name.startsWith(`${schedule}-2`));
const everyTwoSeconds = { every_minutes: 2 / 60 };
const never = { cron: '0 3 1 1 *' };

describe('a schedule', () => {
  it('starts runs under dated names, the second of a day with its time', async () => {
    await create({ name: 'dated', ...everyTwoSeconds });
    await until(() => namesOf('dated').length >= 2);
    await remove('dated');
    const [first, second] = namesOf('dated');
    expect(first).toMatch(/^dated-\d{8}$/);
    expect(second).toMatch(/^dated-\d{8}-\d{6}$/);
  });

  it('skips a time at which the last run works still', async () => {
    await create({ name: 'slow', ...everyTwoSeconds }, { takes: 7000 });
    await until(async () => (await detail('slow')).skipped_by_overlap >= 2);
    const { running, started, file } = await detail('slow');
    expect(running).toHaveLength(1);
    expect(started).toBe(1);
    expect(file.overlap).toBe('skip');
    await until(() => namesOf('slow').length === 1);
    await remove('slow');
  });

  it('starts nothing while it is paused but what is triggered, and goes on when resumed', async () => {
    await create({ name: 'paused', ...everyTwoSeconds, paused: true });
    await delay(5000);
    expect(namesOf('paused')).toEqual([]);
    await triggerSchedule(client, 'test', 'paused');
    await until(() => namesOf('paused').length === 1);
    await resumeSchedule(client, 'test', 'paused');
    await until(() => namesOf('paused').length >= 2);
    await pauseSchedule(client, 'test', 'paused', 'enough');
    expect(await detail('paused')).toMatchObject({ paused: true, note: 'enough' });
    await delay(1000);
    const before = namesOf('paused').length;
    await delay(4500);
    expect(namesOf('paused')).toHaveLength(before);
    await remove('paused');
  });

  it('makes up for days that are asked for, each under its own date in its time zone', async () => {
    await create({ name: 'nightly', cron: '30 0 * * *', time_zone: 'Europe/Berlin' });
    await backfillSchedule(client, 'test', 'nightly', { from: new Date('2026-01-02T23:30:00Z'), to: new Date('2026-01-05T12:00:00Z') });
    await until(() => namesOf('nightly').length === 3);
    expect(namesOf('nightly')).toEqual(['nightly-20260103', 'nightly-20260104', 'nightly-20260105']);
    await remove('nightly');
  });

  it('is listed by its home alone, and gone when deleted', async () => {
    await create({ name: 'listed', ...never });
    await until(async () => (await listSchedules(client, 'test')).some(({ name }) => name === 'listed'));
    expect(await listSchedules(client, 'another')).toEqual([]);
    await expect(create({ name: 'listed', ...never })).rejects.toMatchObject({
      code: 'bad_schedule',
      hint: expect.stringContaining('--replace'),
    });
    await remove('listed');
    await expect(detail('listed')).rejects.toMatchObject({ code: 'unknown_schedule' });
    await expect(triggerSchedule(client, 'test', 'listed')).rejects.toMatchObject({ code: 'unknown_schedule' });
  });

  it('that the server does not take is refused with its words', async () => {
    await expect(create({ name: 'wrong', cron: '99 * * * *' })).rejects.toMatchObject({
      code: 'bad_schedule',
      message: expect.stringMatching(/wrong: Minute is not in range/),
    });
  });
});

describe('a scheduled evaluation', () => {
  const check = { baseline: 'accepted', webhook_env: 'HOOK' };
  const once = async (name: string, evaluation: Partial<ScheduledTestFile>) => {
    await create({ name, ...never, check }, evaluation);
    await triggerSchedule(client, 'test', name);
  };
  const result = async (name: string) => {
    const run = (await detail(name)).recent[0]?.workflow_id ?? '';
    return await client.workflow.getHandle(run).result();
  };

  it('is fine without an accepted one, and against one that it equals', async () => {
    await once('fine', { seed: 1 });
    await until(() => namesOf('fine').length === 1);
    await until(async () => (await ledger.runs('check')).some(({ name }) => name.startsWith('fine/')));
    expect(await result('fine')).toMatchObject({ alarm: { verdict: 'fine' } });
    await once('first', { seed: 2 });
    await until(() => namesOf('first').length === 1);
    expect(await result('first')).toMatchObject({ name: namesOf('first')[0], alarm: null });
    expect(posted).toEqual([]);
  });

  it('raises the alarm on a regression', async () => {
    await once('worse', { seed: 1 });
    await until(() => namesOf('worse').length === 1);
    await remove('worse');
    await once('worse', { seed: 3, regression: 0.35 });
    await until(() => posted.some(({ verdict }) => verdict === 'regression'));
    const [, second] = namesOf('worse');
    expect(posted).toContainEqual({ verdict: 'regression', evaluation: second });
    await until(async () => (await ledger.run('check', `worse/${second ?? ''}`)) !== null);
  });

  it('that fails is told as invalid, and ends its run as failed', async () => {
    await once('broken', { fails: true });
    await until(() => posted.some(({ evaluation }) => evaluation.startsWith('broken-')));
    expect(posted.at(-1)?.verdict).toBe('invalid');
    await expect(result('broken')).rejects.toMatchObject({
      cause: {
        type: 'scheduled_run_failed',
        message: expect.stringMatching(/broken-\d+ failed: server_not_ready: the server gave no token/),
      },
    });
  });

  it('whose webhook is not set ends as failed', async () => {
    await create({ name: 'mute', ...never, check: { webhook_env: 'UNSET' } }, { fails: true });
    await triggerSchedule(client, 'test', 'mute');
    await until(async () => (await detail('mute')).recent.length === 1);
    await expect(result('mute')).rejects.toMatchObject({ cause: { cause: { type: 'webhook_not_configured' } } });
  });
});

describe('a server that was killed', () => {
  it('catches up on what was due meanwhile', { timeout: 90_000 }, async () => {
    await create({ name: 'late', ...everyTwoSeconds, overlap: 'allow_all' });
    await until(() => namesOf('late').length >= 1);
    server.kill('SIGKILL');
    await once(server, 'exit');
    const down = Date.now();
    await delay(9000);
    server = await startServer();
    const up = Date.now();
    const missed = async () =>
      (await detail('late')).recent.filter(({ time }) => Date.parse(time) > down + 500 && Date.parse(time) < up - 2500).length;
    await until(async () => (await missed().catch(() => 0)) >= 3);
    await until(() => namesOf('late').length >= 4);
    expect(new Set(namesOf('late')).size).toBe(namesOf('late').length);
    await remove('late');
  });
});
