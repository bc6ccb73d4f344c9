import { basename } from 'node:path';
import { Context } from '@temporalio/activity';
import type { ArtifactRef } from '../../schemas/artifact-ref.ts';
import type { RolloutKey } from '../../schemas/names.ts';
import { Problem } from '../../schemas/problem.ts';
import { rolloutId } from '../../schemas/rollout-id.ts';
import type { RolloutHeartbeat } from '../../schemas/rollout-heartbeat.ts';
import type { RolloutResult } from '../../schemas/rollout-result.ts';
import type { Task } from '../../schemas/task.ts';
import { Trajectory } from '../../schemas/trajectory.ts';
import type { RolloutActivities } from '../../workflows/contract/activities.ts';
import { type ArtifactStore, getJson, putJson } from '../artifacts/store.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { GatewayClient } from '../model/gateway/client.ts';
import type { PlanReader } from '../planning/index.ts';
import { heartbeating } from '../../platform/heartbeating.ts';
import { patienceWithin } from '../model/long-pause.ts';
import { openModelSession } from '../model/session.ts';
import { recordedAttempt } from '../ledger/recorded-attempt.ts';
import { createSandboxes, type HomeEngine, removeRollout } from '../sandbox/index.ts';
import type { Harness } from './harness.ts';
import { Journal, journalPath } from '../journal/journal.ts';
import { setAside } from '../journal/set-aside.ts';
import { OneAtATime } from './one-at-a-time.ts';
import { type PlannedRollout, readPlannedRollout } from './planned-rollout.ts';
import type { RolloutRequest } from './rollout-request.ts';
import { runRollout } from './run-rollout.ts';

export interface RolloutNeeds {
  /** Those that a plan may name. */
  harnesses: readonly Harness[];
  engine: HomeEngine;
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

type Watching = Pick<RolloutRequest, 'signal' | 'onProgress' | 'restarted'>;

export function createRolloutActivities({
  harnesses,
  engine,
  store,
  plans,
  gateway,
  ledger,
  journals,
  version,
}: RolloutNeeds): RolloutActivities {
  const openSandbox = createSandboxes(engine);
  const underWay = new OneAtATime();

  return {
    async rollout(input) {
      return heartbeating(async ({ signal, beat }) => {
        const planned = await readPlannedRollout({ harnesses, plans }, input);
        const onProgress: RolloutRequest['onProgress'] = ({ state, lastAction, ...counts }) =>
          beat({ cell: input.cell, ...counts, doing: state, actions: lastAction + 1 } satisfies RolloutHeartbeat);
        return recordedAttempt(ledger, planned.key, 'rollout', () =>
          underWay.run(rolloutId(planned.key), signal, (attemptSignal) => attemptOrRestart(planned, { signal: attemptSignal, onProgress })),
        );
      });
    },
  };

  /** One attempt. A rollout that may not go on as it was started starts again where the campaign asks for that. */
  async function attemptOrRestart({ onChange, ...planned }: PlannedRollout, watching: Watching): Promise<RolloutResult> {
    try {
      return await attempt(planned, watching);
    } catch (error) {
      const restarts = onChange === 'restart' && error instanceof Problem && error.code === 'rollout_changed';
      if (!restarts) throw error;
      return attempt(planned, { ...watching, restarted: `${error.message}; ${await forget(planned.key)}` });
    }
  }

  /** Removes or moves away all that a rollout has so far, its journal last. Returns where that is, for people. */
  async function forget(key: RolloutKey): Promise<string> {
    await gateway.cancel(rolloutId(key));
    await removeRollout(engine, rolloutId(key));
    return `its journal until then is ${basename(await setAside(journalPath(journals, key)))}`;
  }

  async function attempt({ budget, ...planned }: Omit<PlannedRollout, 'onChange'>, watching: Watching): Promise<RolloutResult> {
    const { key, teacher } = planned;
    const journal = await Journal.open(journalPath(journals, key));
    const session = openModelSession({
      gateway,
      journal,
      key,
      teacher: teacher.profile,
      teacherName: teacher.name,
      budget,
      journals,
      patience: patienceWithin(Context.current().info.startToCloseTimeoutMs),
    });
    const discard = () => removeRollout(engine, rolloutId(key));
    try {
      const finished = await finishedRollout(journal, planned.task);
      if (finished !== undefined) return finished;
      const trajectory = await runRollout({ ...planned, ...watching, version, session, openSandbox, journal });
      const ref = await putJson(store, trajectory);
      await journal.append({ type: 'trajectory', at: Date.now(), trajectory: ref });
      // An attempt that died between the patch's entry and the container's removal left the container to this one.
      await discard();
      return resultOf(trajectory, ref);
    } catch (error) {
      if (isGivenUp()) await Promise.allSettled([session.cancel(), discard()]);
      throw error;
    } finally {
      await journal.close();
    }
  }

  /** A rollout that an earlier attempt finished stays as it is, whatever changed since. */
  async function finishedRollout({ begin, trajectory: entry }: Journal, task: Task): Promise<RolloutResult | undefined> {
    if (entry === undefined || begin?.base_commit !== task.base_commit) return undefined;
    if (!(await store.has(entry.trajectory))) return undefined;
    return resultOf(await getJson(store, entry.trajectory, Trajectory), entry.trajectory);
  }
}

/** Cancelled by somebody, not by the end of this worker: nobody will go on with this rollout. */
function isGivenUp(): boolean {
  return Context.current().cancellationDetails?.cancelRequested === true;
}

function resultOf(trajectory: Trajectory, ref: ArtifactRef): RolloutResult {
  const { ending, turns, usage, cost_usd, model_patch } = trajectory;
  return { trajectory: ref, ending: ending.kind, turns: turns.length, usage, cost_usd, empty_patch: model_patch.trim() === '' };
}
