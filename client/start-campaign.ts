import { type Client, WorkflowExecutionAlreadyStartedError, WorkflowFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Campaign } from '../schemas/campaign.ts';
import { CampaignProgress } from '../schemas/campaign-progress.ts';
import { PlanningHeartbeat } from '../schemas/campaign-start.ts';
import { messageOf, Problem } from '../schemas/problem.ts';
import type { TeacherCheck, TeacherCheckWish } from '../schemas/teacher-check.ts';
import { campaignWorkflowId, sharedQueue } from '../workflows/contract/ids.ts';
import { nothingLeft, progressQuery } from '../workflows/contract/messages.ts';
import type { Workflows } from '../workflows/contract/workflows.ts';
import { heartbeatOf } from './heartbeat.ts';
import { ownCampaignStatus } from './own-workflow.ts';
import { campaignAttributes } from '../workflows/contract/search-keys.ts';

/** Largest size of a start, in bytes: the server takes 2 MB. */
const largestStart = 1_000_000;

/**
 * Starts a campaign on the store, or goes on with one: what is finished stays finished, what failed or was aborted runs
 * again. All it takes is the campaign file as {@link Campaign}; its inputs are read by the worker. `running`: it runs
 * already. `teacher_check` comes before the wish of the file. Throws `Problem` campaign_of_another_store when the server knows a
 * campaign of this name of another store.
 */
export async function startCampaign(
  client: Client,
  storeId: string,
  file: Campaign,
  teacher_check?: TeacherCheckWish,
): Promise<'started' | 'running'> {
  const { name } = file;
  if ((await ownCampaignStatus(client, storeId, name)) === 'RUNNING') return 'running';
  const size = Buffer.byteLength(JSON.stringify(file));
  if (size > largestStart) {
    throw new Problem('bad_campaign', `the campaign file of ${name} has ${size} bytes, which is more than a server takes`, {
      hint: 'choose tasks by the rules of `source` or by what the input files hold rather than by a long list in `only`',
    });
  }
  try {
    await client.workflow.start<Workflows['campaign']>('campaign', {
      workflowId: campaignWorkflowId(name),
      taskQueue: sharedQueue(storeId),
      args: [{ campaign: name, file, ...(teacher_check !== undefined && { teacher_check }) }],
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
      workflowIdConflictPolicy: 'FAIL',
      typedSearchAttributes: campaignAttributes(name),
      staticSummary: file.tasks.join(', ').slice(0, 200),
    });
    return 'started';
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    // Started by another command a moment ago, perhaps one of another home.
    await ownCampaignStatus(client, storeId, name);
    return 'running';
  }
}

/** `unplanned`: no worker has planned it within the time given. `done`: the plan is known and nothing of it is left to run. */
export type Planned = 'planned' | 'done' | 'unplanned';

/**
 * Waits until a started campaign is planned. Throws the `Problem` that planning ended with, such as bad_campaign.
 * `onTasks` gets the number of tasks that were read so far, and what is done with them when all are read.
 */
export async function awaitPlan(
  client: Client,
  name: string,
  {
    silenceMs,
    onTasks = () => undefined,
    signal,
  }: { silenceMs: number; onTasks?: (tasks: number, doing: string | undefined) => void; signal?: AbortSignal },
): Promise<Planned> {
  const handle = client.workflow.getHandle<Workflows['campaign']>(campaignWorkflowId(name));
  let heard = Date.now();
  while (signal?.aborted !== true && Date.now() - heard < silenceMs) {
    const { status, raw } = await handle.describe();
    if (status.name === 'COMPLETED') return (await handle.result()).detail === nothingLeft ? 'done' : 'planned';
    if (status.name !== 'RUNNING') return await handle.result().then(() => 'planned' as const, planningProblem);
    const planning = (raw.pendingActivities ?? []).find(({ activityType }) => activityType?.name === 'plan');
    if (planning === undefined) {
      const progress = await client.withDeadline(Date.now() + 1000, () => handle.query(progressQuery)).catch(() => undefined);
      // A run whose planning failed says so a moment before it ends.
      if (progress !== undefined && progress.state !== 'planning' && progress.state !== 'failed') return 'planned';
    }
    const beat = heartbeatOf(planning, PlanningHeartbeat);
    if (planning?.lastStartedTime !== undefined && planning.lastStartedTime !== null) heard = Date.now();
    if (beat !== undefined) onTasks(beat.tasks, beat.doing);
    await sleep(250, undefined, { ...(signal !== undefined && { signal }) }).catch(() => undefined);
  }
  return 'unplanned';
}

/** What the teachers of a planned campaign were found to do; empty where none was asked, or no worker answers. */
export async function teacherChecks(client: Client, name: string): Promise<TeacherCheck[]> {
  const handle = client.workflow.getHandle<Workflows['campaign']>(campaignWorkflowId(name));
  const progress = await client.withDeadline(Date.now() + 5000, () => handle.query(progressQuery)).catch(() => undefined);
  return progress?.teacher_checks ?? [];
}

/** A run that ended as failed was planned, unless it was planning that failed. */
function planningProblem(error: unknown): 'planned' {
  if (!(error instanceof WorkflowFailedError)) throw error;
  const cause = rootOf(error.cause);
  if (!(cause instanceof ApplicationFailure)) return 'planned';
  const [hint] = cause.details ?? [];
  // The campaign's own failures carry its progress; what an activity throws carries a hint.
  if (CampaignProgress.safeParse(hint).success) return 'planned';
  throw new Problem(cause.type ?? 'unexpected', messageOf(cause), { cause: error, ...(typeof hint === 'string' && { hint }) });
}

function rootOf(error: unknown): unknown {
  return error instanceof Error && error.cause instanceof Error && !(error instanceof ApplicationFailure) ? rootOf(error.cause) : error;
}
