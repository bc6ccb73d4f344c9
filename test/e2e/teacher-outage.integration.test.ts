import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { detailText, statusText } from '../../cli/campaign-view.ts';
import { campaignStatus } from '../../client/campaign-status.ts';
import { liveDetail } from '../../client/live-detail.ts';
import { askedTwice } from '../../demo/scripted-teacher/request-log.ts';
import { createLogger } from '../../platform/logger.ts';
import type { CampaignStatus } from '../../schemas/campaign-status.ts';
import type { FunnelCounts } from '../../schemas/ledger-record.ts';
import type { PauseCode } from '../../schemas/teacher-health.ts';
import type { TeacherLogEntry } from '../../schemas/teacher-log.ts';
import { startGatewayWatch } from '../../workers/gateway-watch.ts';
import { sharedQueue } from '../../workflows/contract/ids.ts';
import { budgetUpdate } from '../../workflows/contract/messages.ts';
import { always, asking, never, Rig } from '../model/rig.ts';
import { WorkflowRig } from '../workflows/world.ts';

/** Name of the campaign of {@link Rig}. */
const name = 'trial';
const tasks = 4;
const exchanges = 12;
const prices = { prompt_usd_per_million: 1000, completion_usd_per_million: 1000 };
/** How long the teacher is away; tried with 300 by hand. */
const outageSeconds = Number(process.env['TRACEMILL_TEST_OUTAGE_SECONDS'] ?? 12);

let workflows: WorkflowRig;
let model: Rig;
let watch: { stop(): void };
let handle: Awaited<ReturnType<WorkflowRig['start']>>;
const homeBefore = process.env['TRACEMILL_HOME'];
/** Of all teachers that served the campaign, one after the other. */
const log: TeacherLogEntry[] = [];
/** Rollouts in the order in which they began; each once, for none is tried twice. */
const begun: string[] = [];
/** Set by the last test: until then the later rollouts go on, so that no outage finds a campaign that is over on a slow machine. */
let mayEnd = false;
/** Exchanges of all rollouts together. */
let exchanged = 0;

/** Real workflows, gateway and teacher; of a rollout only its exchanges. One task at a time, and one made ahead. */
beforeAll(async () => {
  workflows = await WorkflowRig.open();
  model = await Rig.start([always], { latencyMs: 250 });
  process.env['TRACEMILL_HOME'] = model.home;
  const { client } = workflows.environment;
  watch = startGatewayWatch({
    host: 'here',
    gateway: model.gateway,
    client,
    queue: sharedQueue('test'),
    logger: createLogger({ part: 'test', level: 'silent' }),
  });
  const run = workflows.campaign(name, tasks, 1, 1);
  workflows.world.play = async (rollout) => {
    begun.push(rollout);
    const waits = begun.length > tasks;
    const options = { sample: begun.length, teacherName: 't', teacher: { prices }, budget: { cost_usd: 10 } };
    const { session, journal } = await model.session(options);
    for (let exchange = 0; exchange < exchanges || (waits && !mayEnd); exchange++) {
      await session.exchange(asking(exchange), never);
      exchanged += 1;
    }
    await journal.close();
  };
  handle = await workflows.start({ ...run, timeouts: { ...run.timeouts, rollout_seconds: 3600 } });
});

afterAll(async () => {
  watch.stop();
  if (homeBefore === undefined) delete process.env['TRACEMILL_HOME'];
  else process.env['TRACEMILL_HOME'] = homeBefore;
  await model.end();
  await workflows.close();
});

function status(): Promise<CampaignStatus> {
  const total: FunnelCounts = {
    planned: tasks * 2,
    open: tasks * 2 - workflows.world.done.length,
    gated_out: 0,
    lost: 0,
    unparsed: 0,
    dropped: 0,
    dropped_by: {},
    kept: workflows.world.done.length,
    resolved: 0,
    unresolved: 0,
    unknown: 0,
    ambiguous: 0,
    not_judged: {},
  };
  return campaignStatus(workflows.environment.client, { campaignFunnel: async () => ({ total, cells: [] }) }, name);
}

/** Waits until the status says so; gives it and how many seconds that took. */
async function until(holds: (status: CampaignStatus) => boolean): Promise<{ seen: CampaignStatus; seconds: number }> {
  for (const began = Date.now(); ; await sleep(200)) {
    const seen = await status();
    if (holds(seen)) return { seen, seconds: (Date.now() - began) / 1000 };
  }
}

/** The campaign itself knows it, not only the gateway. */
const waitsFor = (code: PauseCode) => (seen: CampaignStatus) =>
  seen.progress?.state === 'waiting' && seen.progress.pauses.some((pause) => pause.code === code);

async function turns(more: number): Promise<void> {
  const { spending } = await status();
  await until((seen) => seen.spending.turns >= spending.turns + more);
}

/** Seconds until the teacher gives another reply. */
async function reply(): Promise<number> {
  const answers = () => model.teacher.log().filter(({ event }) => event === 'answered').length;
  const before = answers();
  const began = Date.now();
  while (answers() === before) await sleep(20);
  return (Date.now() - began) / 1000;
}

describe('a campaign', () => {
  it('shows what it costs while its first rollouts run', async () => {
    await turns(4);
    const seen = await status();
    expect(seen.progress?.totals.cost_usd).toBe(0);
    expect(seen.spending).toMatchObject({ source: 'gateway' });
    expect(seen.spending.cost_usd).toBeGreaterThan(0);
    expect(seen.turns_per_minute).toBeGreaterThan(0);
    expect(seen.left).toBeNull();
    expect(statusText(seen)).toContain('left: not yet known');
  });

  it(
    'waits for a teacher that is away, begins no rollout without it, and goes on when it is back',
    async () => {
      log.push(...model.teacher.log());
      await model.teacher.close();
      const { seen, seconds } = await until(waitsFor('teacher_unreachable'));
      expect(seconds).toBeLessThan(15);
      expect(statusText(seen)).toMatch(
        /^trial: waiting\nteacher t is waited for: teacher_unreachable since .*ECONNREFUSED.*\n {2}→ start the server/,
      );
      const [task = ''] = seen.progress?.in_flight ?? [];
      const detail = await liveDetail(workflows.environment.client, name, task);
      expect(detailText(detail)).toContain('teacher t is waited for: teacher_unreachable');
      const before = [...begun];
      await sleep(outageSeconds * 1000);
      expect(begun).toEqual(before);
      await model.restartTeacher();
      expect(await reply()).toBeLessThan(30);
      expect((await until(({ progress }) => progress?.state === 'running')).seconds).toBeLessThan(30);
    },
    120_000 + outageSeconds * 1000,
  );

  it('waits for an account to have credit again', async () => {
    await turns(2);
    model.teacher.misbehave({ kind: 'no_quota', attempts: 'forever', status: 429 });
    const { seen, seconds } = await until(waitsFor('teacher_quota'));
    expect(seconds).toBeLessThan(15);
    expect(seen.pauses).toMatchObject([{ message: expect.stringContaining('no credit'), hint: expect.stringContaining('add credit') }]);
    model.teacher.misbehave(undefined);
    expect(await reply()).toBeLessThan(60);
  });

  it('waits for a spent budget to be raised, and says what was spent', async () => {
    await turns(2);
    await handle.executeUpdate(budgetUpdate, { args: [{ cost_usd: 0.001 }] });
    const { seen } = await until(waitsFor('budget_spent'));
    expect(seen.pauses).toMatchObject([{ teacher: null, hint: expect.stringContaining(`campaign budget ${name} --cost-usd`) }]);
    const before = [...begun];
    await sleep(3000);
    expect(begun).toEqual(before);
    await handle.executeUpdate(budgetUpdate, { args: [{ cost_usd: 50 }] });
    expect(await reply()).toBeLessThan(30);
  });

  it('ends with every rollout in its place, each begun once and paid once', async () => {
    mayEnd = true;
    expect(await handle.result()).toMatchObject({
      state: 'done',
      counts: { done: tasks, failed: 0 },
      totals: { done: tasks * 2, lost: 0 },
      budget: { cost_usd: 50 },
      pauses: [],
    });
    expect(begun).toHaveLength(tasks * 2);
    log.push(...model.teacher.log());
    expect(askedTwice(log)).toEqual([]);
    expect(log.filter(({ event }) => event === 'answered')).toHaveLength(exchanged);
    expect(exchanged).toBeGreaterThanOrEqual(tasks * 2 * exchanges);
    expect((await status()).spending.turns).toBe(exchanged);
  });
});
