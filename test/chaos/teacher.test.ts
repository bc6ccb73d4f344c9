import { readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { demoCampaignName } from '../../demo/demo-campaign.ts';
import { askedTwice } from '../../demo/scripted-teacher/request-log.ts';
import { startTeacher } from '../../demo/scripted-teacher/server.ts';
import { demoScripts } from '../../demo/teacher-scripts.ts';
import { stopBackground } from '../../platform/background-process.ts';
import { CampaignStatus } from '../../schemas/campaign-status.ts';
import { LiveDetail } from '../../schemas/live-detail.ts';
import type { PauseCode } from '../../schemas/teacher-health.ts';
import type { TeacherLogEntry } from '../../schemas/teacher-log.ts';
import { demoEnd, type DemoRun, prepareDemoRun, smallTasks, startDemoRun } from '../e2e/demo-run.ts';
import { TestHome } from '../e2e/test-home.ts';

const key = { variable: 'TEACHER_KEY', value: 'sk-the-right-one' };
const latencyMs = 500;
/** How long the teacher is away; five minutes when tried by hand. */
const outageSeconds = Number(process.env['TRACEMILL_TEST_OUTAGE_SECONDS'] ?? 20);

let home: TestHome;
let run: DemoRun;
/** Of all teachers that served the campaign, one after the other. */
const log: TeacherLogEntry[] = [];

/** One task at a time and one ahead, so that work that begins without a teacher would be seen. */
beforeAll(async () => {
  home = new TestHome('teacher');
  run = await prepareDemoRun({ tasks: smallTasks, key, latencyMs });
  const campaign: object = parse(readFileSync(run.campaignFile, 'utf8'));
  writeFileSync(run.campaignFile, stringify({ ...campaign, concurrency: 1, prefetch: 1 }));
}, 900_000);

afterAll(async () => {
  await run?.teacher.close();
  await home.remove();
});

async function status(): Promise<CampaignStatus> {
  return CampaignStatus.parse(await home.ask('campaign', 'status', demoCampaignName));
}

/** Waits until the status says so; gives it and how many seconds that took. */
async function until(holds: (status: CampaignStatus) => boolean): Promise<{ seen: CampaignStatus; seconds: number }> {
  for (const began = Date.now(); ; await sleep(300)) {
    const seen = await status();
    if (holds(seen)) return { seen, seconds: (Date.now() - began) / 1000 };
  }
}

const waitsFor = (code: PauseCode) => (seen: CampaignStatus) =>
  seen.progress?.state === 'waiting' && seen.progress.pauses.some((pause) => pause.code === code);

/** Waits for another reply of the teacher; gives the seconds. */
async function reply(): Promise<number> {
  const before = answers();
  const began = Date.now();
  while (answers() === before) await sleep(50);
  return (Date.now() - began) / 1000;
}

function answers(): number {
  return run.teacher.log().filter(({ event }) => event === 'answered').length;
}

/** Waits until the rollouts made some turns. */
async function turns(more: number): Promise<void> {
  const { spending } = await status();
  await until((seen) => seen.spending.turns >= spending.turns + more);
}

const ids = (seen: CampaignStatus) => [...(seen.progress?.in_flight ?? [])];

describe('a campaign protects itself', () => {
  it('from a wrong key, which it says, and goes on with another one', async () => {
    await home.startWorker({ [key.variable]: 'sk-a-wrong-one' });
    await startDemoRun(home, run, '--no-check');
    const { seen } = await until((now) => waitsFor('teacher_unauthorized')(now) && now.pauses.length === 2);
    expect(new Set(seen.pauses.map(({ teacher }) => teacher))).toEqual(new Set(['minimax', 'qwen']));
    expect(seen.pauses[0]?.hint).toContain('api_key_env');
    const text = await home.run('campaign', 'status', demoCampaignName);
    expect(text.stdout).toMatch(/teacher minimax is waited for: teacher_unauthorized since .*next try .*401/);
    const [task = ''] = ids(seen);
    const detail = LiveDetail.parse(await home.ask('task', 'show', demoCampaignName, task));
    expect(detail.pauses.map(({ code }) => code)).toEqual(['teacher_unauthorized', 'teacher_unauthorized']);
    expect(answers()).toBe(0);
    await stopBackground(await home.living('worker'));
    await home.startWorker({ [key.variable]: key.value });
    expect(await reply()).toBeLessThan(30);
  });

  it('from a teacher that is away: no rollout begins without it, and work goes on when it is back', async () => {
    await turns(3);
    log.push(...run.teacher.log());
    const { port } = run.teacher;
    await run.teacher.close();
    const { seen, seconds } = await until(waitsFor('teacher_unreachable'));
    expect(seconds).toBeLessThan(15);
    expect(seen.spending).toMatchObject({ source: 'gateway' });
    expect(seen.spending.cost_usd).toBeGreaterThan(0);
    const begun = ids(seen);
    await sleep(outageSeconds * 1000);
    const later = await status();
    expect(ids(later)).toEqual(begun);
    expect(later.funnel.total.lost).toBe(0);
    const teacher = await startTeacher({ scripts: demoScripts(run.tasks, latencyMs), apiKey: key.value, port });
    run = { ...run, teacher };
    expect(await reply()).toBeLessThan(30);
    expect((await until(({ progress }) => progress?.state === 'running')).seconds).toBeLessThan(30);
  });

  it('from an account without credit', async () => {
    await turns(3);
    run.teacher.misbehave({ kind: 'no_quota', attempts: 'forever', status: 429 });
    const { seen, seconds } = await until(waitsFor('teacher_quota'));
    expect(seconds).toBeLessThan(15);
    expect(seen.pauses[0]).toMatchObject({ message: expect.stringContaining('no credit'), hint: expect.stringContaining('add credit') });
    run.teacher.misbehave(undefined);
    await reply();
  });

  it('from overrunning its budget, which can be raised', async () => {
    await turns(3);
    const lowered = await home.ask('campaign', 'budget', demoCampaignName, '--cost-usd', '0.0001');
    expect(lowered).toMatchObject({ applied: true, detail: '$10 → $0.0001', over: true, budget: { cost_usd: 0.0001 } });
    const { seen } = await until(waitsFor('budget_spent'));
    expect(seen.pauses).toMatchObject([{ teacher: null, hint: expect.stringContaining(`campaign budget ${demoCampaignName}`) }]);
    expect(await home.ask('campaign', 'budget', demoCampaignName, '--cost-usd', '5')).toMatchObject({ applied: true, over: false });
    expect(await reply()).toBeLessThan(30);
  });

  it('and ends with every rollout in its place, paid once', async () => {
    expect(await demoEnd()).toMatchObject({
      workflow: 'completed',
      progress: { state: 'done', counts: { done: 3, failed: 0 }, budget: { cost_usd: 5 }, pauses: [] },
      funnel: { total: { planned: 12, open: 0, lost: 0, gated_out: 0 } },
      left: { rollouts: 0 },
    });
    log.push(...run.teacher.log());
    expect(askedTwice(log)).toEqual([]);
  });
});
