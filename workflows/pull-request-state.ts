import type { Cell } from '../schemas/campaign.ts';
import type { ReportedProblem } from '../schemas/reported-problem.ts';
import type { PullRequestDetail, PullRequestOutcome, PullRequestRun, PullRequestStage } from '../schemas/pull-request.ts';
import type { RolloutDetail, RolloutStage } from '../schemas/rollout-detail.ts';
import type { RolloutResult } from '../schemas/rollout-result.ts';
import type { RolloutTotals } from '../schemas/rollout-totals.ts';
import type { RowFate } from '../schemas/row-fate.ts';
import { addTotals, noTotals } from './campaign-state.ts';

/** Stage and fate of a pull request and its rollouts: what its query answers and what it reports to its campaign. */
export class PullRequestState {
  readonly #run: PullRequestRun;
  readonly #rollouts: RolloutDetail[];
  #stage: PullRequestStage = 'queued';
  #since: number;
  #host: string | null = null;
  #detail = '';
  #paused: boolean;
  #prefetched: boolean;

  /** Times are in milliseconds since the epoch, as the workflow knows them. */
  constructor(run: PullRequestRun, at: number) {
    this.#run = run;
    this.#since = at;
    this.#paused = run.paused;
    this.#prefetched = run.prefetched;
    this.#rollouts = run.cells.map((cell) => ({
      cell,
      stage: 'planned',
      since: at,
      turns: 0,
      usage: { prompt_tokens: 0, completion_tokens: 0 },
      cost_usd: 0,
      ending: null,
      fate: null,
      detail: '',
    }));
  }

  get paused(): boolean {
    return this.#paused;
  }

  /** Whether its rollouts have to wait for their turn. */
  get prefetched(): boolean {
    return this.#prefetched;
  }

  startRollouts(): void {
    this.#prefetched = false;
  }

  setPaused(paused: boolean): void {
    this.#paused = paused;
  }

  enter(stage: PullRequestStage, at: number, detail = ''): void {
    if (stage !== this.#stage) this.#since = at;
    this.#stage = stage;
    this.#detail = detail;
  }

  onHost(host: string): void {
    this.#host = host;
  }

  rolloutStage(cell: Cell, stage: RolloutStage, at: number): void {
    this.#update(cell, { stage, since: at });
  }

  rolloutEnded(cell: Cell, { turns, usage, cost_usd, ending }: RolloutResult): void {
    this.#update(cell, { turns, usage, cost_usd, ending });
  }

  decided(cell: Cell, fate: RowFate): void {
    this.#update(cell, { fate, stage: 'done', since: null });
  }

  lost(cell: Cell, detail: string): void {
    this.#update(cell, { stage: 'lost', since: null, detail });
  }

  /** Cells without a fate: what has to be put on record when the pull request fails as a whole. */
  get openCells(): Cell[] {
    return this.#rollouts.filter(({ stage }) => stage !== 'done' && stage !== 'lost').map(({ cell }) => cell);
  }

  get lostRollouts(): number {
    return this.#rollouts.filter(({ stage }) => stage === 'lost').length;
  }

  detail(): PullRequestDetail {
    return {
      campaign: this.#run.campaign,
      instance_id: this.#run.entry.instance_id,
      stage: this.#stage,
      since: this.#since,
      paused: this.#paused,
      host: this.#host,
      detail: this.#detail,
      rollouts: this.#rollouts,
    };
  }

  outcome(status: PullRequestOutcome['status'], detail: string, problem?: ReportedProblem): PullRequestOutcome {
    const outcome = { instance_id: this.#run.entry.instance_id, status, detail, totals: this.#totals() };
    return problem === undefined ? outcome : { ...outcome, problem };
  }

  #totals(): RolloutTotals {
    return this.#rollouts.map(totalsOf).reduce(addTotals, noTotals);
  }

  #update(cell: Cell, change: Partial<RolloutDetail>): void {
    const at = this.#run.cells.indexOf(cell);
    const before = this.#rollouts[at];
    if (before !== undefined) this.#rollouts[at] = { ...before, ...change };
  }
}

function totalsOf(rollout: RolloutDetail): RolloutTotals {
  return {
    planned: 1,
    done: rollout.stage === 'done' ? 1 : 0,
    lost: rollout.stage === 'lost' ? 1 : 0,
    kept: rollout.fate?.kept === true ? 1 : 0,
    resolved: rollout.fate?.resolved === 1 ? 1 : 0,
    turns: rollout.stage === 'done' ? rollout.turns : 0,
    prompt_tokens: rollout.usage.prompt_tokens,
    completion_tokens: rollout.usage.completion_tokens,
    cost_usd: rollout.cost_usd,
  };
}
