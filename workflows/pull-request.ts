import {
  ActivityFailure,
  ApplicationFailure,
  CancellationScope,
  condition,
  getExternalWorkflowHandle,
  isCancellation,
  log,
  rootCause,
  setHandler,
  TimeoutFailure,
  upsertSearchAttributes,
} from '@temporalio/workflow';
import { TimeoutType } from '@temporalio/common';
import type { Cell } from '../schemas/campaign.ts';
import type { PreparedImage } from '../schemas/prepared-image.ts';
import type {
  GateResult,
  PullRequestOutcome,
  PullRequestRun,
  PullRequestStage,
  RolloutResult,
  VerificationResult,
} from '../schemas/run.ts';
import { hostActivities, shortActivities } from './activity-proxies.ts';
import { campaignWorkflowId } from './ids.ts';
import { detailQuery, holdSignal, pullRequestEnded } from './messages.ts';
import { PullRequestState } from './pull-request-state.ts';
import { endAttributes, stageAttribute } from './search-keys.ts';

/** Where a pull request is being worked on: the host, and the task's clean image on it. */
interface Place {
  host: string;
  image: PreparedImage;
}

/**
 * The lifecycle of one pull request: clean image, gate, then every rollout, each followed by verification, judgement
 * (filters and scanner) and its row on the ledger. Ends as failed when rollouts were lost to infrastructure, so that
 * starting the campaign again repeats just those.
 */
export async function pullRequest(run: PullRequestRun): Promise<PullRequestOutcome> {
  const state = new PullRequestState(run);
  setHandler(detailQuery, () => state.detail());
  setHandler(holdSignal, (hold) => state.hold(hold));
  let cancellation: Error | undefined;
  let outcome: PullRequestOutcome;
  try {
    outcome = await lifecycle(run, state);
  } catch (error) {
    const cancelled = error instanceof Error && isCancellation(error);
    if (cancelled) cancellation = error;
    outcome = state.outcome(cancelled ? 'cancelled' : 'failed', cancelled ? 'cancelled' : reasonOf(error));
  }
  await CancellationScope.nonCancellable(async () => {
    if (outcome.status === 'failed') {
      for (const cell of state.openCells) await lose(run, state, cell, outcome.detail);
      outcome = state.outcome(outcome.status, outcome.detail);
    }
    await close(run, state, outcome);
  });
  if (cancellation !== undefined) throw cancellation;
  if (outcome.status === 'failed')
    throw ApplicationFailure.create({ message: outcome.detail, type: 'pull_request_failed', details: [outcome] });
  return outcome;
}

async function lifecycle(run: PullRequestRun, state: PullRequestState): Promise<PullRequestOutcome> {
  await condition(() => !state.paused);
  const place = await settle(run, state);
  enter(state, 'gate');
  const gate = await onHost(place.host, run).gate({ plan: run.plan, task: run.entry.task, image: place.image });
  if (!gate.passed) {
    await shortActivities.recordGatedOut({ campaign: run.campaign, plan: run.plan, entry: run.entry, cells: run.cells, gate });
    return state.outcome('gated_out', gate.reason);
  }
  enter(state, 'rollouts');
  const results = await Promise.allSettled(run.cells.map((cell) => rollout(run, state, cell, place, gate)));
  const thrown = results.find((result) => result.status === 'rejected');
  if (thrown !== undefined) throw thrown.reason;
  const lost = state.lostRollouts;
  return lost === 0
    ? state.outcome('done', '')
    : state.outcome('failed', `${lost} of ${run.cells.length} rollouts were lost to infrastructure`);
}

/** Finds a host and makes the clean image there; again on another host when that one is not heard of any more. */
async function settle(run: PullRequestRun, state: PullRequestState): Promise<Place> {
  for (;;) {
    const { host } = await shortActivities.acquireHost();
    state.onHost(host);
    enter(state, 'preparation');
    try {
      const image = await onHost(host, run).prepare({ campaign: run.campaign, task: run.entry.task });
      return { host, image };
    } catch (error) {
      if (!hostIsLost(error)) throw error;
      log.warn('no worker of the host took the work in time', { host });
    }
  }
}

async function rollout(run: PullRequestRun, state: PullRequestState, cell: Cell, first: Place, gate: GateResult): Promise<void> {
  await condition(() => !state.paused);
  let place = first;
  for (;;) {
    try {
      state.rolloutStage(cell, 'rollout');
      const result = await onHost(place.host, run).rollout({
        campaign: run.campaign,
        plan: run.plan,
        task: run.entry.task,
        cell,
        image: place.image,
      });
      state.rolloutEnded(cell, result);
      const verification = await verify(run, cell, place, gate, result);
      state.rolloutStage(cell, 'judgement');
      state.judged(
        cell,
        await shortActivities.judge({ campaign: run.campaign, plan: run.plan, task: run.entry.task, cell, result, verification }),
      );
      return;
    } catch (error) {
      if (isCancellation(error)) {
        state.rolloutStage(cell, 'cancelled');
        throw error;
      }
      if (hostIsLost(error)) {
        place = await settle(run, state);
        enter(state, 'rollouts');
        continue;
      }
      return lose(run, state, cell, reasonOf(error));
    }
  }
}

async function lose(run: PullRequestRun, state: PullRequestState, cell: Cell, reason: string): Promise<void> {
  state.lost(cell, reason);
  await shortActivities.recordLost({ campaign: run.campaign, plan: run.plan, entry: run.entry, cell, reason });
}

/** A verification that infrastructure keeps from ending leaves the row unverified; the rollout is not lost. */
async function verify(run: PullRequestRun, cell: Cell, place: Place, gate: GateResult, result: RolloutResult): Promise<VerificationResult> {
  const input = { campaign: run.campaign, plan: run.plan, task: run.entry.task, cell, image: place.image, trajectory: result.trajectory };
  try {
    return await onHost(place.host, run).verify({ ...input, gate: gate.record });
  } catch (error) {
    if (isCancellation(error) || hostIsLost(error)) throw error;
    return shortActivities.recordUnverified({ ...input, reason: reasonOf(error) });
  }
}

async function close(run: PullRequestRun, state: PullRequestState, outcome: PullRequestOutcome): Promise<void> {
  const { host } = state.detail();
  if (host !== null && outcome.status !== 'done') {
    await onHost(host, run)
      .cleanUp({ campaign: run.campaign, instance_id: run.entry.instance_id })
      .catch((error: unknown) => log.warn('containers could not be removed; the reaper will', { error }));
  }
  enter(state, outcome.status === 'gated_out' ? 'done' : outcome.status, outcome.detail);
  upsertSearchAttributes(endAttributes(outcome));
  await shortActivities.recordPullRequest({ campaign: run.campaign, detail: state.detail(), outcome });
  await getExternalWorkflowHandle(campaignWorkflowId(run.campaign))
    .signal(pullRequestEnded, outcome)
    .catch(() => log.info('the campaign is gone; its next start asks for this outcome'));
}

function enter(state: PullRequestState, stage: PullRequestStage, detail = ''): void {
  state.enter(stage, detail);
  upsertSearchAttributes([stageAttribute(stage)]);
}

function onHost(host: string, run: PullRequestRun) {
  return hostActivities(host, run.timeouts);
}

/** Nobody took the activity from the host's queue: the work never began there. */
function hostIsLost(error: unknown): boolean {
  return (
    error instanceof ActivityFailure && error.cause instanceof TimeoutFailure && error.cause.timeoutType === TimeoutType.SCHEDULE_TO_START
  );
}

function reasonOf(error: unknown): string {
  return rootCause(error) ?? String(error);
}
