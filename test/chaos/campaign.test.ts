import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withClient } from '../../client/connect.ts';
import { liveDetail } from '../../client/live-detail.ts';
import { demoCampaignName } from '../../demo/demo-campaign.ts';
import { stopBackground } from '../../platform/background-process.ts';
import { ensureTemporal } from '../../infra/temporal.ts';
import { demoEnd, demoRelease, type DemoRun, prepareDemoRun, smallTasks, startDemoRun } from '../e2e/demo-run.ts';
import { entriesOf, journalBytes, readJournals } from '../e2e/journals.ts';
import { TestHome } from '../e2e/test-home.ts';
import { type Aftermath, aftermath, unscathed } from './aftermath.ts';
import { chaosSeed, randomNumbers } from './seeded.ts';

const random = randomNumbers(chaosSeed());

let undisturbed: TestHome;
let release: string;
/** Of the journals of an undisturbed run. */
let bytes: number;

interface Site {
  home: TestHome;
  run: DemoRun;
}

beforeAll(async () => {
  undisturbed = new TestHome('undisturbed');
  await carryOut(undisturbed, async () => undefined);
  release = demoRelease();
  bytes = journalBytes();
  await undisturbed.stop();
  undisturbed.leave();
}, 900_000);

afterAll(() => undisturbed.remove());

/** Runs a campaign of three tasks to its end, disturbed on the way; the site is left as it then is. */
async function carryOut(home: TestHome, disturb: (site: Site) => Promise<void>): Promise<DemoRun> {
  const run = await prepareDemoRun({ tasks: smallTasks });
  await home.startWorker();
  await startDemoRun(home, run);
  await disturb({ home, run });
  await demoEnd();
  await run.teacher.close();
  return run;
}

/** Runs the disturbed campaign in a home of its own; returns what the disturbance left. */
async function disturbed(purpose: string, disturb: (site: Site) => Promise<void>): Promise<Aftermath> {
  const home = new TestHome(purpose);
  try {
    const { teacher } = await carryOut(home, disturb);
    return await aftermath(home, release, teacher.log());
  } finally {
    await home.remove();
  }
}

/** Waits until so much of the work is done, from 0 to 1. */
async function reached(share: number): Promise<void> {
  while (journalBytes() < share * bytes) await sleep(20);
}

/** Waits until the rollouts or the task as a whole are in one of these stages. */
async function inStage(stages: string[]): Promise<void> {
  for (;;) {
    const details = await withClient((client) =>
      Promise.all(smallTasks.map((task) => liveDetail(client, demoCampaignName, task).catch(() => undefined))),
    );
    const found = details.flatMap((detail) => (detail === undefined ? [] : [detail.stage, ...detail.rollouts.map(({ stage }) => stage)]));
    if (stages.some((stage) => found.some((name) => name === stage))) return;
    await sleep(50);
  }
}

function shares(count: number): number[] {
  return Array.from({ length: count }, () => random() * 0.9).sort((a, b) => a - b);
}

describe('a campaign gives the same release', () => {
  it('when the Temporal server crashes twice', async () => {
    const seen = await disturbed('server', async ({ home }) => {
      for (const share of shares(2)) {
        await reached(share);
        await home.crash('temporal');
        await sleep(random() * 3000);
        await ensureTemporal();
      }
    });
    expect(seen).toEqual(unscathed);
  });

  it('when containers of running rollouts are removed', async () => {
    let replaced = 0;
    const seen = await disturbed('containers', async ({ home }) => {
      for (const share of shares(3)) {
        await reached(share);
        while (!(await removeOne(home))) await sleep(20);
      }
      await demoEnd();
      const notes = [...readJournals().values()].flatMap((entries) => entriesOf(entries, 'note'));
      replaced = notes.filter(({ event }) => event === 'container_replaced').length;
    });
    expect(seen).toEqual(unscathed);
    expect(replaced).toBeGreaterThan(0);
  });

  it('when the worker crashes in preparation, gate, verification, scan, decision and release', async () => {
    const seen = await disturbed('stages', async ({ home }) => {
      for (const stage of ['preparation', 'gate', 'verification', 'scan', 'decision']) {
        await inStage([stage, 'done']);
        await home.crash('worker');
        await home.startWorker();
      }
      await releasing();
      await home.crash('worker');
      await home.startWorker();
    });
    expect(seen).toEqual(unscathed);
  });

  it('when the worker is stopped, three times, and another one starts', async () => {
    const endings: string[] = [];
    const seen = await disturbed('stops', async ({ home }) => {
      for (const share of shares(3)) {
        await reached(share);
        endings.push(await stopBackground(await home.living('worker')));
        await home.startWorker();
      }
    });
    expect(seen).toEqual(unscathed);
    expect(endings).toEqual(['stopped', 'stopped', 'stopped']);
  });
});

/** Removes the container of a rollout chosen at random; false when none is under way, or the rollout ended just now. */
async function removeOne(home: TestHome): Promise<boolean> {
  const containers = await home.containers('rollout');
  const chosen = containers[Math.floor(random() * containers.length)];
  if (chosen === undefined) return false;
  const container = home.engine.container(chosen.id);
  try {
    await container.inspect();
  } catch {
    return false;
  }
  await container.remove();
  return true;
}

/** Waits until the last task has ended, after which the release is built. */
async function releasing(): Promise<void> {
  for (;;) {
    const details = await withClient((client) =>
      Promise.all(smallTasks.map((task) => liveDetail(client, demoCampaignName, task).catch(() => undefined))),
    );
    if (details.every((detail) => detail?.stage === 'done')) return;
    await sleep(20);
  }
}
