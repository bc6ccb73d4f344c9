import {
  allHandlersFinished,
  ApplicationFailure,
  CancellationScope,
  condition,
  continueAsNew,
  isCancellation,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { ReleaseInput } from '../schemas/activity-inputs.ts';
import type { Budget } from '../schemas/budget.ts';
import type { CampaignProgress } from '../schemas/campaign-progress.ts';
import type { CampaignRun } from '../schemas/campaign-run.ts';
import type { CampaignStart } from '../schemas/campaign-start.ts';
import { shortActivities } from './activity-proxies.ts';
import { CampaignState } from './campaign-state.ts';
import { childPullRequests } from './child-pull-requests.ts';
import { beforePlan, noPullRequests, planUnlessAborted } from './campaign-planning.ts';
import {
  abortUpdate,
  budgetQuery,
  budgetUpdate,
  concurrencyUpdate,
  gatewayPausedSignal,
  nothingLeft,
  pauseUpdate,
  progressQuery,
  pullRequestEnded,
  resumeUpdate,
} from './contract/messages.ts';
import { PullRequestWindow } from './pull-request-window.ts';
import { releaseAtEnd } from './release-at-end.ts';
import { reportedProblem, sentenceOf } from './reported-problem.ts';

/** Pull requests begun by one run before it continues as new, which bounds its history. */
const startsPerRun = 150;
/** Pull requests that report nothing for this long are looked up: a terminated one cannot report. */
const reconcileAfterMs = 5 * 60_000;

/**
 * Plans a campaign, runs every pull request of it through a sliding window, then builds the release. The first run plans
 * and continues as new with the plan; it ends at once where the plan is the one of an earlier, complete run. Ends as failed
 * when it could not be planned, was aborted, or pull requests failed or were cancelled: it may then be started again under
 * its name, and does what is left.
 */
export async function campaign(input: CampaignStart | CampaignRun): Promise<CampaignProgress> {
  return 'file' in input ? await planCampaign(input) : await runCampaign(input);
}

async function planCampaign(start: CampaignStart): Promise<CampaignProgress> {
  const state = new CampaignState(beforePlan(start));
  state.planning();
  handleMessages(state, new PullRequestWindow(state, noPullRequests));
  const planned = await planUnlessAborted(start, state).catch((error: unknown) => {
    state.fail(sentenceOf(reportedProblem(error)));
    throw error;
  });
  await condition(allHandlersFinished);
  if (planned === null) {
    state.finish(null);
    throw unfinished('campaign_aborted', `aborted: ${state.aborted}`, state.progress());
  }
  if (planned.finished !== null) return { ...planned.finished, detail: nothingLeft };
  return await continueAsNew<typeof campaign>({ ...planned.run, carry: state.carry() });
}

async function runCampaign(run: CampaignRun): Promise<CampaignProgress> {
  const state = new CampaignState(run);
  const window = new PullRequestWindow(state, childPullRequests(run));
  handleMessages(state, window);
  const phases = new CampaignPhases(run, state, window);
  try {
    await phases.startAll();
    await phases.drain();
  } catch (error) {
    if (!isCancellation(error)) throw error;
    await CancellationScope.nonCancellable(async () => {
      state.abort('the campaign workflow was cancelled');
      await phases.drain();
      await phases.conclude();
    });
    throw error;
  }
  await phases.conclude();
  const progress = state.progress();
  if (state.aborted !== null) throw unfinished('campaign_aborted', `aborted: ${state.aborted}`, progress);
  const { failed, cancelled } = progress.counts;
  if (failed + cancelled > 0) {
    const causes =
      cancelled > 0 ? 'failed, were cancelled or lost rollouts to infrastructure' : 'failed or lost rollouts to infrastructure';
    throw unfinished(
      'campaign_incomplete',
      `${failed + cancelled} pull requests ${causes} (see: tracemill campaign report ${run.campaign}); start the campaign again to repeat them`,
      progress,
    );
  }
  if (run.release !== null && progress.release === null) {
    throw unfinished('campaign_unreleased', `${progress.detail}; start the campaign again to build it`, progress);
  }
  return progress;
}

function handleMessages(state: CampaignState, window: PullRequestWindow): void {
  setHandler(progressQuery, () => state.progress());
  setHandler(pullRequestEnded, (outcome) => window.end(outcome));
  setHandler(pauseUpdate, (reason) => window.pause(reason));
  setHandler(resumeUpdate, () => window.resume());
  setHandler(concurrencyUpdate, (concurrency) => window.setConcurrency(concurrency), {
    validator: (concurrency) => {
      if (!Number.isInteger(concurrency) || concurrency < 1 || concurrency > 500) {
        throw ApplicationFailure.nonRetryable('the concurrency must be a whole number from 1 to 500', 'bad_concurrency');
      }
    },
  });
  setHandler(gatewayPausedSignal, (pauses) => window.report(pauses, Date.now()));
  setHandler(budgetQuery, () => state.budget);
  setHandler(budgetUpdate, (change) => state.setBudget(change), { validator: checkBudget });
  setHandler(abortUpdate, (reason) => state.abort(reason));
}

function checkBudget({ tokens, cost_usd }: Partial<Budget>): void {
  const bad = (value: number | undefined) => value !== undefined && !(Number.isFinite(value) && value >= 0);
  if (bad(cost_usd) || bad(tokens) || (tokens !== undefined && !Number.isInteger(tokens))) {
    throw ApplicationFailure.nonRetryable('a budget is a number of dollars and a whole number of tokens, 0 for no limit', 'bad_budget');
  }
}

function unfinished(type: string, message: string, progress: CampaignProgress): ApplicationFailure {
  return ApplicationFailure.create({ type, message, nonRetryable: true, details: [progress] });
}

/** The phases of a campaign, in their order. */
class CampaignPhases {
  readonly #run: CampaignRun;
  readonly #state: CampaignState;
  readonly #window: PullRequestWindow;

  constructor(run: CampaignRun, state: CampaignState, window: PullRequestWindow) {
    this.#run = run;
    this.#state = state;
    this.#window = window;
  }

  /** Starts every pull request as the window has room; stops at an abort. */
  async startAll(): Promise<void> {
    const { offset: first } = this.#state;
    while (!this.#state.allStarted) {
      const limit = first + startsPerRun - this.#state.offset;
      if (limit <= 0 || workflowInfo().continueAsNewSuggested) await this.#continueAsNew();
      const page = { plan: this.#run.plan, offset: this.#state.offset, limit: Math.min(limit, 50) };
      for (const entry of await shortActivities.loadPage(page)) {
        await this.#waitUntil(() => this.#state.mayStart || this.#state.aborted !== null);
        if (this.#state.aborted !== null) return;
        await this.#window.start(entry);
      }
    }
  }

  /** Waits for those in flight; an abort cancels them. */
  async drain(): Promise<void> {
    await this.#waitUntil(() => this.#state.idle || this.#state.aborted !== null);
    if (this.#state.aborted === null) return;
    await this.#window.cancelAll();
    await this.#waitUntil(() => this.#state.idle);
  }

  /** Builds the release, unless the campaign was aborted or wants none, and puts its end on record. */
  async conclude(): Promise<void> {
    const { campaign: name, release, release_options: { licences, ...options } = {} } = this.#run;
    if (this.#state.aborted !== null || release === null) {
      this.#state.finish(null);
    } else {
      this.#state.releasing();
      const query = licences && { campaigns: [name], licences };
      await this.#buildRelease({ campaign: name, version: release, ...options, ...(query && { query }) });
    }
    await shortActivities.recordCampaignEnd({ campaign: name, plan: this.#run.plan, progress: this.#state.progress() });
    await condition(allHandlersFinished);
  }

  /** A release that cannot be built costs no row: the campaign ends as failed, and its next start builds it. */
  async #buildRelease(input: ReleaseInput): Promise<void> {
    try {
      this.#state.finish(await releaseAtEnd(input));
    } catch (error) {
      if (CancellationScope.current().consideredCancelled) throw error;
      this.#state.finish(null, `release ${input.version} could not be built: ${sentenceOf(reportedProblem(error))}`);
    }
  }

  /** Waits for the state to change; a wait of days also fills a history. */
  async #waitUntil(ready: () => boolean): Promise<void> {
    while (!(await condition(ready, this.#patience()))) {
      await this.#window.expire(Date.now());
      if (ready()) return;
      await this.#window.reconcile();
      if (workflowInfo().continueAsNewSuggested) await this.#continueAsNew();
    }
  }

  #patience(): number {
    const { expiry } = this.#state.held;
    return expiry === undefined ? reconcileAfterMs : Math.min(reconcileAfterMs, Math.max(1, expiry - Date.now()));
  }

  async #continueAsNew(): Promise<never> {
    await condition(allHandlersFinished);
    return await continueAsNew<typeof campaign>({ ...this.#run, carry: this.#state.carry() });
  }
}
