import {
  allHandlersFinished,
  ApplicationFailure,
  CancellationScope,
  condition,
  continueAsNew,
  getExternalWorkflowHandle,
  isCancellation,
  log,
  ParentClosePolicy,
  setHandler,
  startChild,
  WorkflowIdReusePolicy,
  workflowInfo,
} from '@temporalio/workflow';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import type { PlannedTask } from '../schemas/campaign-plan.ts';
import type { CampaignProgress } from '../schemas/campaign-progress.ts';
import type { CampaignRun } from '../schemas/campaign-run.ts';
import { shortActivities, longActivities } from './activity-proxies.ts';
import { CampaignState } from './campaign-state.ts';
import { pullRequestWorkflowId } from './contract/ids.ts';
import {
  abortUpdate,
  concurrencyUpdate,
  holdSignal,
  pauseUpdate,
  progressQuery,
  pullRequestEnded,
  resumeUpdate,
  rollSignal,
} from './contract/messages.ts';
import { pullRequestAttributes } from './contract/search-keys.ts';

/** Pull requests begun by one run before it continues as new, which bounds its history. */
const startsPerRun = 150;
/** Pull requests that say nothing for this long are asked after: a terminated one cannot report. */
const reconcileAfter = '5 minutes';

/** Runs every pull request of a campaign through a sliding window, then builds the release. */
export async function campaign(run: CampaignRun): Promise<CampaignProgress> {
  const state = new CampaignState(run);
  setHandler(progressQuery, () => state.progress());
  setHandler(pullRequestEnded, async (outcome) => {
    state.end(outcome);
    await advance(run, state);
  });
  setHandler(pauseUpdate, async (reason) => {
    const reply = state.pause(reason);
    if (reply.applied) await tellAll(run, state, true);
    return reply;
  });
  setHandler(resumeUpdate, async () => {
    const reply = state.resume();
    if (reply.applied) await tellAll(run, state, false);
    await advance(run, state);
    return reply;
  });
  const setConcurrency = async (concurrency: number) => {
    const reply = state.setConcurrency(concurrency);
    await advance(run, state);
    return reply;
  };
  setHandler(concurrencyUpdate, setConcurrency, {
    validator: (concurrency) => {
      if (!Number.isInteger(concurrency) || concurrency < 1 || concurrency > 500) {
        throw ApplicationFailure.nonRetryable('the concurrency must be a whole number from 1 to 500', 'bad_concurrency');
      }
    },
  });
  setHandler(abortUpdate, (reason) => state.abort(reason));

  try {
    await startAll(run, state);
    await drain(run, state);
  } catch (error) {
    if (!isCancellation(error)) throw error;
    await CancellationScope.nonCancellable(async () => {
      state.abort('the campaign workflow was cancelled');
      await drain(run, state);
      await conclude(run, state);
    });
    throw error;
  }
  await conclude(run, state);
  const progress = state.progress();
  if (state.aborted !== null) throw unfinished('campaign_aborted', `aborted: ${state.aborted}`, progress);
  if (progress.counts.failed > 0) {
    throw unfinished(
      'campaign_incomplete',
      `${progress.counts.failed} pull requests failed or lost rollouts to infrastructure (see: tracemill campaign report ${run.campaign}); start the campaign again to repeat them`,
      progress,
    );
  }
  return progress;
}

/** A campaign that ends as failed may be started again under its name, and then does what is left. */
function unfinished(type: string, message: string, progress: CampaignProgress): ApplicationFailure {
  return ApplicationFailure.create({ type, message, nonRetryable: true, details: [progress] });
}

async function startAll(run: CampaignRun, state: CampaignState): Promise<void> {
  const first = state.offset;
  while (!state.allStarted) {
    const limit = first + startsPerRun - state.offset;
    if (limit <= 0 || workflowInfo().continueAsNewSuggested) {
      await condition(allHandlersFinished);
      await continueAsNew<typeof campaign>({ ...run, carry: state.carry() });
    }
    const page = await shortActivities.loadPage({ plan: run.plan, offset: state.offset, limit: Math.min(limit, 50) });
    for (const entry of page) {
      await waitFor(run, state, () => state.mayStart || state.aborted !== null);
      if (state.aborted !== null) return;
      await startPullRequest(run, state, entry);
    }
  }
}

async function drain(run: CampaignRun, state: CampaignState): Promise<void> {
  await waitFor(run, state, () => state.idle || state.aborted !== null);
  if (state.aborted === null) return;
  await Promise.all(
    state.begun.map((instanceId) =>
      getExternalWorkflowHandle(pullRequestWorkflowId(run.campaign, instanceId))
        .cancel()
        .catch((error: unknown) => log.warn('a pull request could not be cancelled', { instanceId, error })),
    ),
  );
  await waitFor(run, state, () => state.idle);
}

async function conclude(run: CampaignRun, state: CampaignState): Promise<void> {
  if (state.aborted !== null || run.release === null) {
    state.finish(null);
  } else {
    state.releasing();
    state.finish(await longActivities.buildRelease({ campaign: run.campaign, version: run.release }));
  }
  await shortActivities.recordCampaignEnd({ campaign: run.campaign, progress: state.progress() });
  await condition(allHandlersFinished);
}

/** Waits for the state to change; asks the server about pull requests in flight that stay silent. */
async function waitFor(run: CampaignRun, state: CampaignState, ready: () => boolean): Promise<void> {
  while (!(await condition(ready, reconcileAfter))) {
    await reconcile(run, state, state.begun);
  }
}

async function startPullRequest(run: CampaignRun, state: CampaignState, entry: PlannedTask): Promise<void> {
  const ahead = state.begin(entry.instance_id);
  try {
    await startChild('pullRequest', {
      workflowId: pullRequestWorkflowId(run.campaign, entry.instance_id),
      args: [{ campaign: run.campaign, plan: run.plan, entry, cells: run.cells, timeouts: run.timeouts, paused: state.paused, ahead }],
      parentClosePolicy: ParentClosePolicy.ABANDON,
      workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY,
      typedSearchAttributes: pullRequestAttributes(run.campaign, entry),
      staticSummary: `${entry.repo} · ${entry.language}`,
    });
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    // It runs since an earlier start of this campaign, and will report; or it is done, and the server tells how it ended.
    await reconcile(run, state, [entry.instance_id]);
    if (!ahead) await letRoll(run, entry.instance_id);
  }
}

async function reconcile(run: CampaignRun, state: CampaignState, instanceIds: string[]): Promise<void> {
  const ended = await shortActivities.reconcile({ campaign: run.campaign, instance_ids: instanceIds, cells: run.cells.length });
  for (const outcome of ended) state.end(outcome);
  await advance(run, state);
}

/** Gives those that were prepared ahead the room that others left. */
async function advance(run: CampaignRun, state: CampaignState): Promise<void> {
  for (let next = state.advance(); next !== undefined; next = state.advance()) await letRoll(run, next);
}

async function letRoll(run: CampaignRun, instanceId: string): Promise<void> {
  await getExternalWorkflowHandle(pullRequestWorkflowId(run.campaign, instanceId))
    .signal(rollSignal)
    .catch((error: unknown) => log.warn('a pull request could not be told that its turn has come', { instanceId, error }));
}

async function tellAll(run: CampaignRun, state: CampaignState, hold: boolean): Promise<void> {
  await Promise.all(
    state.begun.map((instanceId) =>
      getExternalWorkflowHandle(pullRequestWorkflowId(run.campaign, instanceId))
        .signal(holdSignal, hold)
        .catch((error: unknown) => log.warn('a pull request could not be told', { instanceId, error })),
    ),
  );
}
