import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import type { LiveDetail, LiveRollout } from '../schemas/live-detail.ts';
import { Problem } from '../schemas/problem.ts';
import type { RolloutDetail } from '../schemas/rollout-detail.ts';
import { RolloutHeartbeat } from '../schemas/rollout-heartbeat.ts';
import type { GatewayPause } from '../schemas/teacher-health.ts';
import { campaignWorkflowId, pullRequestWorkflowId } from '../workflows/contract/ids.ts';
import { detailQuery, progressQuery } from '../workflows/contract/messages.ts';
import { gatewayView, mergedPauses } from './gateway-view.ts';
import { heartbeatOf } from './heartbeat.ts';
import { pendingRetries } from './pending-retries.ts';
import { queryPatiently } from './query-patiently.ts';

/**
 * What a pull request is doing right now: stage and fate of each rollout from the workflow, turn and tokens of the
 * running ones and what is tried again from what the server holds. Three calls to the server for any number of rollouts.
 * Throws `Problem` not_found for a task that no campaign of this name has begun, temporal_no_worker when none answers.
 */
export async function liveDetail(client: Client, campaign: string, instanceId: string): Promise<LiveDetail> {
  const handle = client.workflow.getHandle(pullRequestWorkflowId(campaign, instanceId));
  try {
    const [detail, description, pauses] = await Promise.all([
      queryPatiently(client, () => handle.query(detailQuery)),
      handle.describe(),
      pausesOf(client, campaign),
    ]);
    const teachers = new Set(detail.rollouts.map(({ cell }) => cell.teacher));
    const beats = (description.raw.pendingActivities ?? []).flatMap((activity) => {
      const beat = activity.activityType?.name === 'rollout' ? heartbeatOf(activity, RolloutHeartbeat) : undefined;
      return beat === undefined ? [] : [{ ...beat, attempt: activity.attempt ?? 1 }];
    });
    return {
      ...detail,
      rollouts: detail.rollouts.map((rollout) => withLive(rollout, beats)),
      retries: pendingRetries(description),
      pauses: pauses.filter(({ teacher }) => teacher === null || teachers.has(teacher)),
    };
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
    throw new Problem('not_found', `campaign ${campaign} has not begun a task called ${instanceId}`, {
      hint: `see \`tracemill campaign status ${campaign}\` for what it has begun`,
    });
  }
}

/** What is held back of the campaign, as far as its workflow and the gateway of this host answer. */
async function pausesOf(client: Client, campaign: string): Promise<GatewayPause[]> {
  const handle = client.workflow.getHandle(campaignWorkflowId(campaign));
  const asked = client.withDeadline(Date.now() + 3000, () => handle.query(progressQuery));
  const [reported, live] = await Promise.all([
    asked.then(
      ({ pauses }) => pauses,
      () => [],
    ),
    gatewayView(campaign),
  ]);
  return mergedPauses(reported, live?.pauses ?? []);
}

function withLive(rollout: RolloutDetail, beats: LiveRollout['live'][]): LiveRollout {
  const live = rollout.stage === 'rollout' ? beats.find((beat) => beat !== null && sameCell(beat.cell, rollout.cell)) : undefined;
  return { ...rollout, live: live ?? null };
}

/** A cell by what lists and addresses say of it. */
type CellName = { harness: string; mode: string; sample: number };

/** Whether two cells are the same, whoever their teacher is. */
export function sameCell(a: CellName, b: CellName): boolean {
  return a.harness === b.harness && a.mode === b.mode && a.sample === b.sample;
}
