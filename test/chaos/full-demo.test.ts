import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { expect, it } from 'vitest';
import { openLocalLedger } from '../../activities/ledger/local/local-ledger.ts';
import { membersOf, sendSignal } from '../../activities/jobs/processes.ts';
import { claims, submissionFolder } from '../../activities/jobs/run-folder.ts';
import { withClient } from '../../client/connect.ts';
import { pipelineStatus } from '../../client/pipeline.ts';
import { demoCampaignName } from '../../demo/demo-campaign.ts';
import { fullDemoName } from '../../demo/full-demo-files.ts';
import { askedTwice, readTeacherLog } from '../../demo/scripted-teacher/request-log.ts';
import { paths } from '../../platform/home.ts';
import type { PipelineStage } from '../../schemas/pipeline.ts';
import { pipelineWorkflowId } from '../../workflows/contract/ids.ts';
import { pipelineProgressQuery } from '../../workflows/contract/messages.ts';
import type { Workflows } from '../../workflows/contract/workflows.ts';
import { smallTasks } from '../e2e/demo-run.ts';
import { readJournals, repeatedWork } from '../e2e/journals.ts';
import { TestHome } from '../e2e/test-home.ts';
import { chaosSeed, randomNumbers } from './seeded.ts';

/** `job`: the program that trains, or that serves the student. */
type Victim = 'worker' | 'temporal' | 'job';

/** Who dies in which step, and within how many seconds of its begin, or of the job's. */
const plan: { stage: PipelineStage; name: string; victims: (Victim | 'either')[]; within: number }[] = [
  { stage: 'campaign', name: demoCampaignName, victims: ['worker', 'temporal', 'either'], within: 40 },
  { stage: 'training', name: `${fullDemoName}/small`, victims: ['job', 'either'], within: 12 },
  { stage: 'evaluation', name: 'demo-student-small', victims: ['either', 'job', 'worker'], within: 40 },
  { stage: 'evaluation', name: 'demo-teacher', victims: ['either', 'either'], within: 14 },
];
const campaigns = [demoCampaignName, 'evaluation.demo-student-small', 'evaluation.demo-teacher'];

it('the full demo comes to its report when worker, trainer, server and Temporal are killed at ten moments', async () => {
  const random = randomNumbers(chaosSeed());
  const home = new TestHome('circle');
  const say = (line: string) => process.stderr.write(`${line}\n`);
  const jobs = watchJobs();
  try {
    const child = home.start(['demo', '--full', '--keep-running', '--task', ...smallTasks], say);
    const ended = once(child, 'exit').then(([code]) => Number(code));
    const killed = new Map<string, number>();
    for (const { stage, name, victims, within } of plan) {
      const began = await running(child, stage, name);
      for (const [place, chosen] of victims.entries()) {
        const victim = chosen === 'either' ? (random() < 0.5 ? 'worker' : 'temporal') : chosen;
        const share = ((place + random()) / victims.length) * within * 1000;
        if (victim === 'job') {
          const job = await livingJob(child);
          await sleep(random() * within * 500);
          const pids = membersOf(job.folder);
          if (pids.length === 0) throw new Error(`${job.name} ended before it could be killed`);
          for (const pid of pids) sendSignal(pid, 'SIGKILL');
          killed.set(job.name, (killed.get(job.name) ?? 0) + 1);
          say(`killed job ${job.name}, processes ${pids.join(', ')}`);
          continue;
        }
        await sleep(Math.max(0, began + share - Date.now()));
        expect(child.exitCode).toBeNull();
        const { pid } = await home.crash(victim);
        say(`killed ${victim} ${pid} in ${stage} ${name}, ${((Date.now() - began) / 1000).toFixed(1)} s after its begin`);
      }
    }
    expect(await ended).toBe(0);
    const ledger = openLocalLedger(paths.ledger());
    const { progress } = await withClient((client) => pipelineStatus(client, ledger, fullDemoName));
    expect(progress?.steps.map(({ state }) => state)).toEqual(Array.from({ length: 5 }, () => 'done'));
    expect(jobs.seen()).toEqual(new Map([...killed].map(([name, times]) => [name, 1 + times])));
    expect(killed.size).toBe(2);
    expect(jobs.doubled).toEqual([]);
    expect(askedTwice(readTeacherLog(join(paths.logs(), 'teacher-requests.jsonl')))).toEqual([]);
    expect(repeatedWork(readJournals())).toEqual([]);
    expect(await home.containers()).toEqual([]);
    const funnels = await Promise.all(campaigns.map((campaign) => ledger.campaignFunnel(campaign)));
    await ledger.close();
    expect(funnels.map(({ total: { planned, open, lost, gated_out } }) => ({ planned, open, lost, gated_out }))).toEqual([
      { planned: 12, open: 0, lost: 0, gated_out: 0 },
      { planned: 12, open: 0, lost: 0, gated_out: 0 },
      { planned: 12, open: 0, lost: 0, gated_out: 0 },
    ]);
  } finally {
    jobs.stop();
    for (const { folder } of livingJobs()) for (const pid of membersOf(folder)) sendSignal(pid, 'SIGKILL');
    await home.remove();
  }
});

/** Waits until a step of the pipeline runs, or is over; gives the time of its begin. */
async function running(demo: ChildProcess, stage: PipelineStage, name: string): Promise<number> {
  for (;;) {
    expect(demo.exitCode).toBeNull();
    const handle = (client: Client) => client.workflow.getHandle<Workflows['pipeline']>(pipelineWorkflowId(fullDemoName));
    const progress = await withClient((client) => handle(client).query(pipelineProgressQuery)).catch(() => undefined);
    const step = progress?.steps.find((one) => one.stage === stage && one.name === name);
    if (step !== undefined && step.started_at !== null) return step.started_at;
    await sleep(100);
  }
}

interface LivingJob {
  name: string;
  /** Of its submission. */
  folder: string;
}

/** Waits until the program of a job runs. */
async function livingJob(demo: ChildProcess): Promise<LivingJob> {
  for (;;) {
    expect(demo.exitCode).toBeNull();
    const [job] = livingJobs();
    if (job !== undefined) return job;
    await sleep(100);
  }
}

function livingJobs(): LivingJob[] {
  return jobNames().flatMap((name) => {
    const submissions = claims(join(paths.jobs(), name)).map(({ submission }) => submissionFolder(join(paths.jobs(), name), submission));
    return submissions.filter((folder) => membersOf(folder).length > 0).map((folder) => ({ name, folder }));
  });
}

function jobNames(): string[] {
  try {
    return readdirSync(paths.jobs());
  } catch {
    // None was submitted yet.
    return [];
  }
}

/** Looks all the time for two submissions of one job that run at once. */
function watchJobs() {
  const doubled: string[] = [];
  const timer = setInterval(() => {
    const living = livingJobs().map(({ name }) => name);
    doubled.push(...living.filter((name, place) => living.indexOf(name) !== place));
  }, 500);
  return {
    doubled,
    stop: () => clearInterval(timer),
    /** Submissions by the name of the job. */
    seen: () => new Map(jobNames().map((name) => [name, claims(join(paths.jobs(), name)).length])),
  };
}
