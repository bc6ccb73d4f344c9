import {
  ApplicationFailure,
  CancellationScope,
  condition,
  getExternalWorkflowHandle,
  isCancellation,
  log,
  setHandler,
  upsertSearchAttributes,
} from '@temporalio/workflow';
import type { Cell } from '../schemas/campaign.ts';
import type { GateResult } from '../schemas/gate-result.ts';
import type { PullRequestOutcome, PullRequestRun, PullRequestStage } from '../schemas/pull-request.ts';
import { analysisActivities, cleanUpOn, hostActivities, HostLost, shortActivities } from './activity-proxies.ts';
import { runCell } from './run-cell.ts';
import { campaignWorkflowId } from './contract/ids.ts';
import { detailQuery, pullRequestEnded, setPausedSignal, startRolloutsSignal } from './contract/messages.ts';
import { endAttributes, stageAttribute } from './contract/search-keys.ts';
import { findPlace, type Place } from './place.ts';
import { PullRequestState } from './pull-request-state.ts';
import { reportedProblem, sentenceOf } from './reported-problem.ts';

/**
 * The lifecycle of one pull request: clean image, gate, then every rollout, each followed by verification, scan and
 * decision, and by its row on the ledger. Ends as failed when rollouts were lost to infrastructure, or
 * when it waited for a campaign that was gone, so that starting the campaign again repeats just those.
 */
export async function pullRequest(run: PullRequestRun): Promise<PullRequestOutcome> {
  const state = new PullRequestState(run, Date.now());
  setHandler(detailQuery, () => state.detail());
  setHandler(setPausedSignal, (paused) => state.setPaused(paused));
  setHandler(startRolloutsSignal, () => state.startRollouts());
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
  const { status, detail } = outcome;
  if (status === 'failed' || status === 'cancelled') {
    throw ApplicationFailure.create({ message: detail, type: `pull_request_${status}`, details: [outcome] });
  }
  return outcome;
}

async function lifecycle(run: PullRequestRun, state: PullRequestState): Promise<PullRequestOutcome> {
  const abandoned = () => state.outcome('cancelled', 'it waited for its campaign, which does not run any more');
  if (!(await campaignAllows(run, () => !state.paused))) return abandoned();
  const { place, gate } = await qualify(run, state);
  // The score of an evaluation counts every task; its record lists those whose gold patch does not pass here.
  if (!gate.passed && run.purpose !== 'evaluation') {
    await shortActivities.recordGatedOut({ campaign: run.campaign, plan: run.plan, entry: run.entry, cells: run.cells, gate });
    return state.outcome('gated_out', gate.reason, gate.problem);
  }
  const mayStart = () => !state.prefetched && !state.paused;
  if (!mayStart()) enter(state, 'ready');
  if (!(await campaignAllows(run, mayStart))) return abandoned();
  enter(state, 'rollouts');
  const results = await Promise.allSettled(run.cells.map((cell) => rollout(run, state, cell, place, gate)));
  const thrown = results.find((result) => result.status === 'rejected');
  if (thrown !== undefined) throw thrown.reason;
  const lost = state.lostRollouts;
  return lost === 0
    ? state.outcome('done', '')
    : state.outcome('failed', `${lost} of ${run.cells.length} rollouts were lost to infrastructure`);
}

/**
 * Waits until its campaign allows something; false when the campaign does not run any more. Nothing else would end the wait,
 * which keeps the task's image.
 */
async function campaignAllows({ campaign, timeouts }: PullRequestRun, allowed: () => boolean): Promise<boolean> {
  while (!(await condition(allowed, timeouts.campaign_seconds * 1000))) {
    if (!(await shortActivities.isCampaignRunning({ campaign }))) return allowed();
  }
  return true;
}

/** Makes the clean image on some host and runs the gate there. */
async function qualify(run: PullRequestRun, state: PullRequestState): Promise<{ place: Place; gate: GateResult }> {
  for (;;) {
    const place = await prepare(run, state);
    enter(state, 'gate');
    try {
      const input = { plan: run.plan, task: run.entry.task, image: place.image };
      return { place, gate: await hostActivities(place.host, run.timeouts).gate(input) };
    } catch (error) {
      if (!(error instanceof HostLost)) throw error;
    }
  }
}

async function prepare(run: PullRequestRun, state: PullRequestState): Promise<Place> {
  return findPlace({ campaign: run.campaign, task: run.entry.task }, run.timeouts, (host) => {
    state.onHost(host);
    enter(state, 'preparation');
  });
}

/** Runs a cell and keeps what became of it: its row on the ledger, or why it was lost. */
async function rollout(run: PullRequestRun, state: PullRequestState, cell: Cell, place: Place, gate: GateResult): Promise<void> {
  const input = { campaign: run.campaign, plan: run.plan, task: run.entry.task, cell };
  try {
    const fate = await runCell({
      input,
      gate: gate.record,
      timeouts: run.timeouts,
      place,
      moveOn: async () => {
        const next = await prepare(run, state);
        enter(state, 'rollouts');
        return next;
      },
      untilResumed: async () => {
        // The report of the pause may still be on its way.
        await condition(() => state.paused, '1 minute');
        if (await campaignAllows(run, () => !state.paused)) return;
        throw ApplicationFailure.nonRetryable('its campaign does not run any more', 'campaign_gone');
      },
      onStage: (stage) => state.rolloutStage(cell, stage, Date.now()),
      onRollout: (result) => state.rolloutEnded(cell, result),
      decide: (findings) => analysisActivities.decide({ ...input, ...findings }),
    });
    state.decided(cell, fate);
  } catch (error) {
    if (isCancellation(error)) {
      state.rolloutStage(cell, 'cancelled', Date.now());
      throw error;
    }
    await lose(run, state, cell, sentenceOf(reportedProblem(error)));
  }
}

async function lose(run: PullRequestRun, state: PullRequestState, cell: Cell, reason: string): Promise<void> {
  state.lost(cell, reason);
  await shortActivities.recordLost({ campaign: run.campaign, plan: run.plan, entry: run.entry, cell, reason });
}

async function close(run: PullRequestRun, state: PullRequestState, outcome: PullRequestOutcome): Promise<void> {
  const { host } = state.detail();
  if (host !== null && outcome.status !== 'done') {
    const key = { campaign: run.campaign, instance_id: run.entry.instance_id };
    await cleanUpOn(host)
      .cleanUp(key)
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
  state.enter(stage, Date.now(), detail);
  upsertSearchAttributes([stageAttribute(stage)]);
}
