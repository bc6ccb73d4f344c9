import { Context } from '@temporalio/activity';
import { paths } from '../../infra/home.ts';
import type { ArtifactRef } from '../../schemas/artifact-ref.ts';
import type { CampaignPlan } from '../../schemas/campaign-plan.ts';
import type { Cell } from '../../schemas/campaign.ts';
import type { RolloutKey } from '../../schemas/names.ts';
import type { PreparedImage } from '../../schemas/prepared-image.ts';
import { Problem } from '../../schemas/problem.ts';
import { rolloutId } from '../../schemas/rollout-id.ts';
import type { RolloutHeartbeat, RolloutResult } from '../../schemas/run.ts';
import type { Trajectory } from '../../schemas/trajectory.ts';
import { putJson } from '../artifacts/store.ts';
import type { ActivityContext } from '../context.ts';
import { heartbeating } from '../heartbeating.ts';
import { openModelSession } from '../model/session.ts';
import { createSandboxes } from '../sandbox/open-sandbox.ts';
import { removeRollout } from '../sandbox/reaper.ts';
import type { HarnessChoice } from './harnesses/choose.ts';
import { Journal, journalPath } from './journal.ts';
import { OneAtATime } from './one-at-a-time.ts';
import { runRollout } from './run-rollout.ts';

interface RolloutInput {
  campaign: string;
  plan: ArtifactRef;
  task: ArtifactRef;
  cell: Cell;
  image: PreparedImage;
}

/** One rollout, from its first turn or from wherever an earlier attempt left its journal. */
export function createRolloutActivities(context: ActivityContext) {
  const { docker, store, plans, gateway } = context;
  const openSandbox = createSandboxes(docker);
  const attempts = new OneAtATime();

  return {
    async rollout(input: RolloutInput): Promise<RolloutResult> {
      return heartbeating(async ({ signal, beat }) => {
        const [plan, task] = await Promise.all([plans.plan(input.plan), plans.task(input.task)]);
        const key = {
          campaign: input.campaign,
          instance_id: task.instance_id,
          harness: input.cell.harness,
          mode: input.cell.mode,
          sample: input.cell.sample,
        };
        const profile = teacherOf(plan, input.cell);
        const { harness, templates } = harnessOf(plan, key);
        const id = rolloutId(key);
        return attempts.run(id, signal, async (own) => {
          const journal = await Journal.open(journalPath(paths.journals(), key));
          const { budget, sandbox: limits } = plan.campaign;
          const session = openModelSession({
            gateway,
            journal,
            key,
            teacher: profile,
            teacherName: input.cell.teacher,
            budget,
            journals: paths.journals(),
          });
          try {
            const trajectory = await runRollout({
              key,
              task,
              harness,
              templates,
              teacher: { name: input.cell.teacher, profile },
              image: { id: input.image.image_id, workdir: input.image.workdir, cleaned: true },
              limits,
              session,
              openSandbox,
              journal,
              signal: own,
              onProgress: ({ state, lastAction, ...counts }) =>
                beat({ cell: input.cell, ...counts, doing: state, actions: lastAction + 1 } satisfies RolloutHeartbeat),
            });
            const result = resultOf(trajectory, await putJson(store, trajectory));
            // An attempt that died between the patch's entry and the container's removal left it to this one.
            await removeRollout(docker, id);
            return result;
          } catch (error) {
            if (isGivenUp()) await Promise.allSettled([session.cancel(), removeRollout(docker, id)]);
            throw error;
          } finally {
            await journal.close();
          }
        });
      });
    },
  };
}

/** Cancelled by somebody, not by the end of this worker: nobody will go on with this rollout. */
function isGivenUp(): boolean {
  return Context.current().cancellationDetails?.cancelRequested === true;
}

function teacherOf({ campaign }: CampaignPlan, cell: Cell) {
  const profile = campaign.teachers[cell.teacher];
  if (profile === undefined) throw new Problem('bad_campaign', `campaign ${campaign.name} has no teacher ${cell.teacher}`);
  return profile;
}

function harnessOf({ campaign, templates }: CampaignPlan, key: RolloutKey) {
  const { openhands, sweagent } = campaign.harnesses;
  const harness: HarnessChoice | undefined =
    key.harness === 'openhands'
      ? openhands && { name: 'openhands', settings: openhands }
      : sweagent && { name: 'sweagent', settings: sweagent };
  const texts = templates[key.harness];
  if (harness === undefined || texts === undefined)
    throw new Problem('bad_campaign', `campaign ${campaign.name} does not run ${key.harness}`);
  return { harness, templates: texts };
}

function resultOf(trajectory: Trajectory, ref: ArtifactRef): RolloutResult {
  const { ending, turns, usage, cost_usd, model_patch } = trajectory;
  return { trajectory: ref, ending: ending.kind, turns: turns.length, usage, cost_usd, empty_patch: model_patch.trim() === '' };
}
