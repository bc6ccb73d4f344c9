import { liveDetail } from '../../../client/live-detail.ts';
import type { LiveDetail } from '../../../schemas/live-detail.ts';
import type { RolloutNow } from '../../../schemas/web-live.ts';
import { pullRequestWorkflowId } from '../../../workflows/contract/ids.ts';
import type { LiveContext } from './live-context.ts';
import { rolloutNow } from './rollout-now.ts';
import { orUndefined } from './runs.ts';
import { type Wait, waitsOf } from './waiting.ts';

/** What a task under way is doing; `detail` null where it is not known (`missing` says why), or has not begun (nothing is missing). */
interface TaskNow {
  detail: LiveDetail | null;
  waits: Wait[];
}

/** Asks server and worker what a task that has not ended is doing, and what its work waits for. */
export async function taskNow(
  { temporal, journals }: LiveContext,
  campaign: string,
  instance_id: string,
  missing: string[],
): Promise<TaskNow> {
  const [detail, waits] = await Promise.all([
    temporal.ask(missing, 'what it is doing is not known', (client) =>
      orUndefined('not_found', () => liveDetail(client, campaign, instance_id)),
    ),
    temporal.ask([], '', async (client) => {
      const description = await client.workflow.getHandle(pullRequestWorkflowId(campaign, instance_id)).describe();
      return waitsOf(description, campaign, instance_id, journals);
    }),
  ]);
  return { detail: detail ?? null, waits: waits ?? [] };
}

/** Where one rollout stands that is not decided; undefined for one that was never planned. */
export async function openRollout(context: LiveContext, id: string): Promise<RolloutNow | undefined> {
  const found = await context.ledger.plannedRollout(id);
  if (found === null) return undefined;
  const { campaign, instance_id, harness, mode, sample } = found.rollout.key;
  const still = { row: id, turns: null, waiting_for: null, since: null, detail: '' };
  if (found.entry !== null) return { missing: [], ...still, stage: 'done' };
  const end = await context.ledger.campaignEnd(campaign);
  if (end !== null) return { missing: [], ...still, stage: 'planned', detail: `its campaign has ended: ${end.progress.state}` };
  const missing: string[] = [];
  const { detail, waits } = await taskNow(context, campaign, instance_id, missing);
  const rollout = detail?.rollouts.find(({ cell }) => cell.harness === harness && cell.mode === mode && cell.sample === sample);
  if (detail !== null && rollout !== undefined) return { missing, row: id, ...rolloutNow(rollout, detail, waits) };
  if (missing.length > 0) return { missing, ...still, stage: 'not known' };
  return { missing, ...still, stage: 'planned', waiting_for: 'room in its campaign' };
}
