import { basename } from 'node:path';
import { Context } from '@temporalio/activity';
import type Docker from 'dockerode';
import type { RolloutInput } from '../../schemas/activity-inputs.ts';
import type { ArtifactRef } from '../../schemas/artifact-ref.ts';
import type { Campaign, Cell } from '../../schemas/campaign.ts';
import type { CampaignPlan } from '../../schemas/campaign-plan.ts';
import type { RolloutKey } from '../../schemas/names.ts';
import { Problem } from '../../schemas/problem.ts';
import { rolloutId } from '../../schemas/rollout-id.ts';
import type { RolloutHeartbeat } from '../../schemas/rollout-heartbeat.ts';
import type { RolloutResult } from '../../schemas/rollout-result.ts';
import type { HarnessTemplates } from '../../schemas/templates.ts';
import { Trajectory } from '../../schemas/trajectory.ts';
import type { RolloutActivities } from '../../workflows/contract/activities.ts';
import { type ArtifactStore, getJson, putJson } from '../artifacts/store.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { GatewayClient } from '../model/gateway/client.ts';
import type { PlanReader } from '../planning/plan-reader.ts';
import { heartbeating } from '../../platform/heartbeating.ts';
import { openModelSession } from '../model/session.ts';
import { recordedAttempt } from '../ledger/recorded-attempt.ts';
import { createSandboxes } from '../sandbox/open-sandbox.ts';
import { removeRollout } from '../sandbox/reaper.ts';
import { type ConfiguredHarness, findHarness, type Harness } from './harness.ts';
import { Journal, journalPath } from '../journal/journal.ts';
import { setAside } from '../journal/set-aside.ts';
import { OneAtATime } from './one-at-a-time.ts';
import { type RolloutRequest, runRollout } from './run-rollout.ts';

export interface RolloutNeeds {
  /** Those that a plan may name. */
  harnesses: readonly Harness[];
  docker: Docker;
  store: ArtifactStore;
  plans: PlanReader;
  ledger: Ledger;
  /** The way to every model. */
  gateway: GatewayClient;
  /** Folder of the journals. */
  journals: string;
  /** The version of Tracemill that runs. */
  version: string;
}

/** What the store holds of a rollout. */
interface Setup extends Pick<RolloutRequest, 'key' | 'task' | 'teacher' | 'image' | 'limits' | 'harness' | 'templates'> {
  budget: Campaign['budget'];
  onChange: Campaign['rollout']['on_change'];
}

type Watching = Pick<RolloutRequest, 'signal' | 'onProgress' | 'restarted'>;

export function createRolloutActivities({
  harnesses,
  docker,
  store,
  plans,
  gateway,
  ledger,
  journals,
  version,
}: RolloutNeeds): RolloutActivities {
  const openSandbox = createSandboxes(docker);
  const attempts = new OneAtATime();

  return {
    async rollout(input) {
      return heartbeating(async ({ signal, beat }) => {
        const setup = await readSetup(input);
        const onProgress: RolloutRequest['onProgress'] = ({ state, lastAction, ...counts }) =>
          beat({ cell: input.cell, ...counts, doing: state, actions: lastAction + 1 } satisfies RolloutHeartbeat);
        return recordedAttempt(ledger, setup.key, 'rollout', () =>
          attempts.run(rolloutId(setup.key), signal, (own) => attemptOrRestart(setup, { signal: own, onProgress })),
        );
      });
    },
  };

  /** Everything about the rollout that lies in the store. */
  async function readSetup({ campaign, plan: ref, task: taskRef, cell, image }: RolloutInput): Promise<Setup> {
    const [plan, task] = await Promise.all([plans.plan(ref), plans.task(taskRef)]);
    const key: RolloutKey = { campaign, instance_id: task.instance_id, harness: cell.harness, mode: cell.mode, sample: cell.sample };
    return {
      key,
      task,
      teacher: { name: cell.teacher, profile: teacherOf(plan, cell) },
      image: { id: image.image_id, workdir: image.workdir, cleaned: true },
      budget: plan.campaign.budget,
      onChange: plan.campaign.rollout.on_change,
      limits: plan.campaign.sandbox,
      ...harnessOf(harnesses, plan, key),
    };
  }

  /** One attempt; a rollout that may not go on as it was begun begins anew where the campaign asks for that. */
  async function attemptOrRestart({ onChange, ...setup }: Setup, watching: Watching): Promise<RolloutResult> {
    try {
      return await attempt(setup, watching);
    } catch (error) {
      const restarts = onChange === 'restart' && error instanceof Problem && error.code === 'rollout_changed';
      if (!restarts) throw error;
      return attempt(setup, { ...watching, restarted: `${error.message}; ${await forget(setup.key)}` });
    }
  }

  /** Takes everything of a rollout's beginning out of the way, its journal last. Returns where that is, for people. */
  async function forget(key: RolloutKey): Promise<string> {
    await gateway.cancel(rolloutId(key));
    await removeRollout(docker, rolloutId(key));
    return `its journal until then is ${basename(await setAside(journalPath(journals, key)))}`;
  }

  async function attempt({ budget, ...setup }: Omit<Setup, 'onChange'>, watching: Watching): Promise<RolloutResult> {
    const { key, teacher } = setup;
    const journal = await Journal.open(journalPath(journals, key));
    const session = openModelSession({ gateway, journal, key, teacher: teacher.profile, teacherName: teacher.name, budget, journals });
    const discard = () => removeRollout(docker, rolloutId(key));
    try {
      const finished = await finishedRollout(journal, setup);
      if (finished !== undefined) return finished;
      const trajectory = await runRollout({ ...setup, ...watching, version, session, openSandbox, journal });
      const ref = await putJson(store, trajectory);
      await journal.append({ type: 'trajectory', at: Date.now(), trajectory: ref });
      // An attempt that died between the patch's entry and the container's removal left it to this one.
      await discard();
      return resultOf(trajectory, ref);
    } catch (error) {
      if (isGivenUp()) await Promise.allSettled([session.cancel(), discard()]);
      throw error;
    } finally {
      await journal.close();
    }
  }

  /** What an earlier attempt brought to its end stays as it is, whatever changed since. */
  async function finishedRollout({ begin, trajectory: entry }: Journal, { task }: Pick<Setup, 'task'>): Promise<RolloutResult | undefined> {
    if (entry === undefined || begin?.base_commit !== task.base_commit) return undefined;
    if (!(await store.has(entry.trajectory))) return undefined;
    return resultOf(await getJson(store, entry.trajectory, Trajectory), entry.trajectory);
  }
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

function harnessOf(
  harnesses: readonly Harness[],
  { campaign, templates: texts }: CampaignPlan,
  key: RolloutKey,
): { harness: ConfiguredHarness; templates: HarnessTemplates } {
  const settings = campaign.harnesses[key.harness];
  const templates = texts[key.harness];
  if (settings === undefined || templates === undefined) {
    throw new Problem('bad_campaign', `campaign ${campaign.name} does not run ${key.harness}`);
  }
  return { harness: { harness: findHarness(harnesses, key.harness), settings }, templates };
}

function resultOf(trajectory: Trajectory, ref: ArtifactRef): RolloutResult {
  const { ending, turns, usage, cost_usd, model_patch } = trajectory;
  return { trajectory: ref, ending: ending.kind, turns: turns.length, usage, cost_usd, empty_patch: model_patch.trim() === '' };
}
