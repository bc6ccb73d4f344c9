import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { WorkflowFailedError } from '@temporalio/client';
import { parse, stringify } from 'yaml';
import { z } from 'zod';
import { openLocalLedger } from '../../activities/ledger/local/local-ledger.ts';
import { campaignStatus } from '../../client/campaign-status.ts';
import type { CampaignStatus } from '../../schemas/campaign-status.ts';
import { withClient } from '../../client/connect.ts';
import { buildDemoTasks, type DemoBuild } from '../../demo/build.ts';
import { demoCampaign, demoCampaignName } from '../../demo/demo-campaign.ts';
import { chosenRecipes } from '../../demo/recipe.ts';
import { demoScripts } from '../../demo/teacher-scripts.ts';
import { paths } from '../../platform/home.ts';
import { replaceFile } from '../../platform/replace-file.ts';
import { ensureTemporal } from '../../infra/temporal.ts';
import type { Chaos } from '../../demo/scripted-teacher/misbehave.ts';
import { type RunningTeacher, startTeacher } from '../../demo/scripted-teacher/server.ts';
import type { Campaign } from '../../schemas/campaign.ts';
import { messageOf } from '../../schemas/problem.ts';
import type { Task } from '../../schemas/task.ts';
import type { TeacherScript } from '../../schemas/teacher-script.ts';
import type { TestHome } from './test-home.ts';

/** Tasks whose repositories are part of the demo itself, so that making them needs no registry: JavaScript, C, C with make. */
export const smallTasks = ['tracemill-demo__timespan-2.3.1', 'tracemill-demo__fieldscan-1.1.1', 'tracemill-demo__armor32-0.4.1'];

export interface DemoRun {
  teacher: RunningTeacher;
  tasks: Task[];
  campaignFile: string;
}

export interface DemoRunOptions {
  /** Instance ids of the demo's tasks, or what makes others. */
  tasks: string[] | (() => Promise<DemoBuild>);
  /** The key that the teacher insists on and the variable that the worker has it in. */
  key?: { variable: string; value: string };
  latencyMs?: number;
  /** Changes what the teacher says. */
  rewrite?: (scripts: TeacherScript[]) => TeacherScript[];
  /** What the teacher does by chance. */
  chaos?: Chaos;
}

/** Makes the tasks and starts teacher and Temporal server; starts neither worker nor campaign. */
export async function prepareDemoRun({
  tasks: wanted,
  key,
  latencyMs = 60,
  rewrite = (scripts) => scripts,
  chaos,
}: DemoRunOptions): Promise<DemoRun> {
  const { tasks, tasksFile, failures } = await (typeof wanted === 'function'
    ? wanted()
    : buildDemoTasks({ recipes: chosenRecipes(wanted) }));
  if (failures.length > 0) throw new Error(`not all tasks could be made: ${JSON.stringify(failures)}`);
  const teacher = await startTeacher({
    scripts: rewrite(demoScripts(tasks, latencyMs)),
    ...(key && { apiKey: key.value }),
    ...(chaos && { chaos }),
  });
  await ensureTemporal();
  const campaign = demoCampaign(tasksFile, teacher.url);
  const teachers = Object.fromEntries(
    Object.entries(campaign.teachers).map(([name, profile]) => [name, { ...profile, ...(key && { api_key_env: key.variable }) }]),
  );
  const campaignFile = join(paths.state(), 'campaign.yaml');
  replaceFile(campaignFile, stringify({ ...campaign, teachers }));
  return { teacher, tasks, campaignFile };
}

/** Changes fields of a prepared run's campaign file. */
export function changeCampaign({ campaignFile }: DemoRun, changes: Partial<z.input<typeof Campaign>>): void {
  const read: unknown = parse(readFileSync(campaignFile, 'utf8'));
  replaceFile(campaignFile, stringify({ ...z.record(z.string(), z.unknown()).parse(read), ...changes }));
}

/** Starts the campaign of a prepared run through the command line; gives its answer. */
export async function startDemoRun(home: TestHome, { campaignFile }: DemoRun, ...options: string[]): Promise<unknown> {
  return await home.ask('campaign', 'start', campaignFile, ...options);
}

/** Where the demo's campaign stands, through outages of server and worker. */
async function demoStatus(): Promise<CampaignStatus> {
  const ledger = openLocalLedger(paths.ledger());
  try {
    for (;;) {
      try {
        return await withClient((client) => campaignStatus(client, ledger, demoCampaignName));
      } catch (error) {
        process.stderr.write(`no status for now: ${messageOf(error)}\n`);
        await sleep(500);
      }
    }
  } finally {
    await ledger.close();
  }
}

/**
 * Waits for the end of a workflow, however it ends. To ask the command line again and again would cost the campaign half of
 * the processors.
 */
export async function endOf(workflowId: string): Promise<void> {
  await withClient(async (client) => {
    try {
      await client.workflow.getHandle(workflowId).result();
    } catch (error) {
      if (!(error instanceof WorkflowFailedError)) throw error;
    }
  });
}

/** Waits for the end of the demo's campaign. */
export async function demoEnd(): Promise<CampaignStatus> {
  for (;;) {
    const status = await demoStatus();
    if (status.workflow !== 'running') return status;
    await sleep(500);
  }
}

/** Where the demo's release lies in the home of this process. */
export function demoRelease(): string {
  return join(paths.releases(), demoCampaignName, 'v1');
}
