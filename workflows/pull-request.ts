import {
  ActivityFailure,
  ApplicationFailure,
  CancellationScope,
  condition,
  getExternalWorkflowHandle,
  isCancellation,
  log,
  patched,
  setHandler,
  TimeoutFailure,
  upsertSearchAttributes,
} from '@temporalio/workflow';
import { TimeoutType } from '@temporalio/common';
import type { Cell } from '../schemas/campaign.ts';
import type { PreparedImage } from '../schemas/prepared-image.ts';
import type { GateResult } from '../schemas/gate-result.ts';
import type { PullRequestOutcome, PullRequestRun, PullRequestStage } from '../schemas/pull-request.ts';
import type { RolloutResult } from '../schemas/rollout-result.ts';
import type { VerificationResult } from '../schemas/verification-result.ts';
import { hostActivities, shortActivities } from './activity-proxies.ts';
import { campaignWorkflowId } from './contract/ids.ts';
import { detailQuery, holdSignal, pullRequestEnded, rollSignal } from './contract/messages.ts';
import { PullRequestState } from './pull-request-state.ts';
import { reportedProblem, sentenceOf } from './reported-problem.ts';
import { endAttributes, stageAttribute } from './contract/search-keys.ts';

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
  setHandler(rollSignal, () => state.roll());
  let cancellation: Error | undefined;
  let outcome: PullRequestOutcome;
  try {
    outcome = await lifecycle(run, state);
  } catch (error) {
    const cancelled = error instanceof Error && isCancellation(error);
    if (cancelled) cancellation = error;
    const problem = reportedProblem(error);
    outcome = cancelled ? state.outcome('cancelled', 'cancelled') : state.outcome('failed', sentenceOf(problem), problem);
  }
  await CancellationScope.nonCancellable(async () => {
    if (outcome.status === 'failed') {
      for (const cell of state.openCells) await lose(run, state, cell, outcome.detail);
      outcome = state.outcome(outcome.status, outcome.detail, outcome.problem);
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
  const { place, gate } = await qualify(run, state);
  if (!gate.passed) {
    await shortActivities.recordGatedOut({ campaign: run.campaign, plan: run.plan, entry: run.entry, cells: run.cells, gate });
    return state.outcome('gated_out', gate.reason, gate.problem);
  }
  if (state.ahead) {
    enter(state, 'ready');
    await condition(() => !state.ahead);
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

async function qualify(run: PullRequestRun, state: PullRequestState): Promise<{ place: Place; gate: GateResult }> {
  for (;;) {
    const place = await settle(run, state);
    enter(state, 'gate');
    try {
      const gate = await onHost(place.host, run, ({ gate: judge }) => judge({ plan: run.plan, task: run.entry.task, image: place.image }));
      return { place, gate };
    } catch (error) {
      if (!(error instanceof HostLost)) throw error;
    }
  }
}

/** Finds a host and makes the clean image there; again on another host when that one is not heard of any more. */
async function settle(run: PullRequestRun, state: PullRequestState): Promise<Place> {
  for (;;) {
    const { host } = await shortActivities.acquireHost();
    state.onHost(host);
    enter(state, 'preparation');
    try {
      const image = await onHost(host, run, ({ prepare }) => prepare({ campaign: run.campaign, task: run.entry.task }));
      return { host, image };
    } catch (error) {
      if (!(error instanceof HostLost)) throw error;
      log.warn('no worker of the host took the work in time', { host });
    }
  }
}

async function rollout(run: PullRequestRun, state: PullRequestState, cell: Cell, first: Place, gate: GateResult): Promise<void> {
  await condition(() => !state.paused);
  let place = first;
  for (;;) {
    const input = { campaign: run.campaign, plan: run.plan, task: run.entry.task, cell, image: place.image };
    try {
      state.rolloutStage(cell, 'rollout');
      const result = await onHost(place.host, run, (host) => host.rollout(input));
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
      if (error instanceof HostLost) {
        place = await settle(run, state);
        enter(state, 'rollouts');
        continue;
      }
      return lose(run, state, cell, sentenceOf(reportedProblem(error)));
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
    return await onHost(place.host, run, (host) => host.verify({ ...input, gate: gate.record }));
  } catch (error) {
    if (isCancellation(error) || error instanceof HostLost) throw error;
    return shortActivities.recordUnverified({ ...input, reason: sentenceOf(reportedProblem(error)) });
  }
}

async function close(run: PullRequestRun, state: PullRequestState, outcome: PullRequestOutcome): Promise<void> {
  const { host } = state.detail();
  if (host !== null && outcome.status !== 'done') {
    await onHost(host, run, ({ cleanUp }) => cleanUp({ campaign: run.campaign, instance_id: run.entry.instance_id })).catch(
      (error: unknown) => log.warn('containers could not be removed; the reaper will', { error }),
    );
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

class HostLost extends Error {}

/** Work on a host, however long it waits there for a free slot. Throws {@link HostLost} when no worker serves the host any more. */
async function onHost<Result>(
  host: string,
  run: PullRequestRun,
  work: (activities: ReturnType<typeof hostActivities>) => Promise<Result>,
): Promise<Result> {
  for (;;) {
    try {
      return await work(hostActivities(host, run.timeouts));
    } catch (error) {
      if (!nobodyTook(error)) throw error;
      // Runs from before the question was asked took every such host for lost.
      if (!patched('ask-whether-served') || !(await shortActivities.isServed({ host })))
        throw new HostLost(`no worker serves host ${host}`);
    }
  }
}

/** Nobody took the activity from the host's queue in time: it never began. */
function nobodyTook(error: unknown): boolean {
  return (
    error instanceof ActivityFailure && error.cause instanceof TimeoutFailure && error.cause.timeoutType === TimeoutType.SCHEDULE_TO_START
  );
}
