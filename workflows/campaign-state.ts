import type { Budget } from '../schemas/budget.ts';
import type { CampaignCarry, CampaignRun } from '../schemas/campaign-run.ts';
import type { CampaignProgress } from '../schemas/campaign-progress.ts';
import type { PullRequestOutcome } from '../schemas/pull-request.ts';
import type { ReleaseResult } from '../schemas/release-result.ts';
import type { RolloutTotals } from '../schemas/rollout-totals.ts';
import type { UpdateReply } from './contract/messages.ts';
import { HeldTeachers } from './held-teachers.ts';

/** Sums two totals. */
export function addTotals(a: RolloutTotals, b: RolloutTotals): RolloutTotals {
  return {
    planned: a.planned + b.planned,
    done: a.done + b.done,
    lost: a.lost + b.lost,
    kept: a.kept + b.kept,
    resolved: a.resolved + b.resolved,
    prompt_tokens: a.prompt_tokens + b.prompt_tokens,
    turns: a.turns + b.turns,
    completion_tokens: a.completion_tokens + b.completion_tokens,
    cost_usd: a.cost_usd + b.cost_usd,
  };
}

export const noTotals: RolloutTotals = {
  planned: 0,
  done: 0,
  lost: 0,
  kept: 0,
  resolved: 0,
  turns: 0,
  prompt_tokens: 0,
  completion_tokens: 0,
  cost_usd: 0,
};

/** What a campaign asks of a pull request. */
export interface Standing {
  /** It begins no rollout. */
  paused: boolean;
  /** Its rollouts have to wait for their turn. */
  prefetched: boolean;
}

/** A change of a pull request's standing, as it is sent. */
export type StandingChange = { message: 'setPaused'; paused: boolean } | { message: 'startRollouts' };

/** What the window has to know of the campaign. */
export type CampaignBounds = Pick<
  CampaignRun,
  'campaign' | 'tasks' | 'skipped' | 'concurrency' | 'prefetch' | 'budget' | 'teacher_checks' | 'carry'
>;

/**
 * The sliding window of a campaign: which pull requests are in flight, which are prefetched, what became of the others,
 * what the operator asked for, and what each pull request knows of that. Handlers change it, the workflow waits on it.
 */
export class CampaignState {
  readonly #run: CampaignBounds;
  readonly #inFlight: Set<string>;
  readonly #prefetched: Set<string>;
  /** The last standing that each begun pull request certainly received; unknown for those that are absent. */
  readonly #received = new Map<string, Standing>();
  #counts: CampaignCarry['counts'];
  #totals: RolloutTotals;
  #offset: number;
  #concurrency: number;
  #paused: boolean;
  #aborted: string | null;
  #budget: Budget;
  readonly #held: HeldTeachers;
  #detail = '';
  #phase: 'planning' | 'running' | 'releasing' | 'done' | 'failed' = 'running';
  #release: ReleaseResult | null = null;

  constructor(run: CampaignBounds) {
    this.#run = run;
    const { carry } = run;
    this.#inFlight = new Set(carry?.in_flight);
    this.#prefetched = new Set(carry?.prefetched);
    this.#counts = carry?.counts ?? { done: 0, gated_out: 0, failed: 0, cancelled: 0 };
    this.#totals = carry?.totals ?? noTotals;
    this.#offset = carry?.offset ?? 0;
    this.#concurrency = carry?.concurrency ?? run.concurrency;
    this.#paused = carry?.paused ?? false;
    this.#aborted = carry?.aborted ?? null;
    this.#budget = carry?.budget ?? run.budget;
    this.#held = new HeldTeachers(carry?.held);
    const uninformed = new Set(carry?.uninformed);
    for (const id of this.begun) if (!uninformed.has(id)) this.#received.set(id, this.#standing(id));
  }

  get offset(): number {
    return this.#offset;
  }

  /** Pull requests that began and have not ended. */
  get begun(): string[] {
    return [...this.#inFlight, ...this.#prefetched];
  }

  get paused(): boolean {
    return this.#paused;
  }

  get budget(): Budget {
    return this.#budget;
  }

  /** Hosts that report that requests to teachers wait. */
  get held(): HeldTeachers {
    return this.#held;
  }

  /** The reason of the abort, or null. */
  get aborted(): string | null {
    return this.#aborted;
  }

  get allStarted(): boolean {
    return this.#offset >= this.#run.tasks;
  }

  get mayStart(): boolean {
    if (!this.#goesOn) return false;
    return (this.#hasRoom && !this.#held.any) || this.#prefetched.size < this.#run.prefetch;
  }

  get idle(): boolean {
    return this.#inFlight.size === 0 && this.#prefetched.size === 0;
  }

  get #goesOn(): boolean {
    return !this.#paused && this.#aborted === null;
  }

  get #hasRoom(): boolean {
    return this.#inFlight.size < this.#concurrency;
  }

  /**
   * Must be called before the child is started, so that its report finds it in flight. Returns what to start it
   * with: those prefetched get their turn in the order in which they began.
   */
  begin(instanceId: string): Standing {
    const prefetched = !this.#hasRoom || this.#held.any || this.#prefetched.size > 0;
    (prefetched ? this.#prefetched : this.#inFlight).add(instanceId);
    this.#offset += 1;
    const standing = this.#standing(instanceId);
    this.#received.set(instanceId, standing);
    return standing;
  }

  /** The next prefetched pull request whose rollouts may begin; it is in flight from now on. Undefined when none may. */
  advance(): string | undefined {
    if (!this.#goesOn || this.#held.any || !this.#hasRoom) return undefined;
    const [next] = this.#prefetched;
    if (next === undefined) return undefined;
    this.#prefetched.delete(next);
    this.#inFlight.add(next);
    return next;
  }

  /** What a pull request still has to be sent; undefined for one that knows everything, and for one that has not begun. */
  due(instanceId: string): StandingChange | undefined {
    if (!this.#inFlight.has(instanceId) && !this.#prefetched.has(instanceId)) return undefined;
    const { paused, prefetched } = this.#standing(instanceId);
    const received = this.#received.get(instanceId);
    if (received?.paused !== paused) return { message: 'setPaused', paused };
    return received.prefetched && !prefetched ? { message: 'startRollouts' } : undefined;
  }

  /** A change reached its pull request. */
  received(instanceId: string, change: StandingChange): void {
    // One with an unknown standing may be waiting for its turn.
    const before = this.#received.get(instanceId) ?? { ...this.#standing(instanceId), prefetched: true };
    const after = change.message === 'setPaused' ? { ...before, paused: change.paused } : { ...before, prefetched: false };
    this.#received.set(instanceId, after);
  }

  /** What a pull request was sent is unknown: it runs since an earlier start of the campaign. */
  forget(instanceId: string): void {
    this.#received.delete(instanceId);
  }

  /** Reports of pull requests that are not in flight (repeated ones) change nothing. */
  end(outcome: PullRequestOutcome): void {
    if (!this.#inFlight.delete(outcome.instance_id) && !this.#prefetched.delete(outcome.instance_id)) return;
    this.#received.delete(outcome.instance_id);
    this.#counts = { ...this.#counts, [outcome.status]: this.#counts[outcome.status] + 1 };
    this.#totals = addTotals(this.#totals, outcome.totals);
  }

  pause(reason: string): UpdateReply {
    if (this.#paused) return { applied: false, detail: 'the campaign is paused already' };
    this.#paused = true;
    this.#detail = reason;
    return {
      applied: true,
      detail: `no further rollout begins; ${this.#inFlight.size} pull requests in flight finish the rollouts under way`,
    };
  }

  resume(): UpdateReply {
    if (!this.#paused) return { applied: false, detail: 'the campaign is not paused' };
    this.#paused = false;
    this.#detail = '';
    return { applied: true, detail: `goes on with ${this.#run.tasks - this.#offset} pull requests not yet begun` };
  }

  setConcurrency(concurrency: number): UpdateReply {
    if (concurrency === this.#concurrency) return { applied: false, detail: `the concurrency is ${concurrency} already` };
    const before = this.#concurrency;
    this.#concurrency = concurrency;
    return { applied: true, detail: `${before} → ${concurrency} pull requests at the same time` };
  }

  setBudget(change: Partial<Budget>): UpdateReply {
    const before = this.#budget;
    const budget = { tokens: change.tokens ?? before.tokens, cost_usd: change.cost_usd ?? before.cost_usd };
    const same = budget.tokens === before.tokens && budget.cost_usd === before.cost_usd;
    if (same) return { applied: false, detail: `the budget is ${budgetInWords(before)} already` };
    this.#budget = budget;
    return { applied: true, detail: `${budgetInWords(before)} → ${budgetInWords(budget)}` };
  }

  abort(reason: string): UpdateReply {
    if (this.#aborted !== null) return { applied: false, detail: `the campaign was aborted already: ${this.#aborted}` };
    this.#aborted = reason;
    this.#detail = reason;
    return { applied: true, detail: `${this.begun.length} pull requests in flight are cancelled` };
  }

  planning(): void {
    this.#phase = 'planning';
  }

  /** It cannot be planned. */
  fail(detail: string): void {
    this.#phase = 'failed';
    this.#detail = detail;
  }

  releasing(): void {
    this.#phase = 'releasing';
  }

  finish(release: ReleaseResult | null, detail = ''): void {
    this.#phase = 'done';
    this.#release = release;
    if (detail !== '') this.#detail = detail;
  }

  carry(): CampaignCarry {
    return {
      offset: this.#offset,
      in_flight: [...this.#inFlight],
      prefetched: [...this.#prefetched],
      uninformed: this.begun.filter((id) => this.due(id) !== undefined),
      counts: this.#counts,
      totals: this.#totals,
      concurrency: this.#concurrency,
      paused: this.#paused,
      aborted: this.#aborted,
      budget: this.#budget,
      held: this.#held.reports,
    };
  }

  progress(): CampaignProgress {
    return {
      campaign: this.#run.campaign,
      state: this.#word(),
      tasks: this.#run.tasks,
      skipped: this.#run.skipped,
      started: this.#offset,
      in_flight: [...this.#inFlight],
      prefetched: [...this.#prefetched],
      counts: this.#counts,
      totals: this.#totals,
      concurrency: this.#concurrency,
      budget: this.#budget,
      pauses: this.#held.pauses,
      detail: this.#detail,
      ...(this.#run.teacher_checks !== undefined && { teacher_checks: this.#run.teacher_checks }),
      release: this.#release,
    };
  }

  #standing(instanceId: string): Standing {
    const prefetched = this.#prefetched.has(instanceId);
    // Those prefetched only wait for their turn: their images may be made meanwhile.
    return { paused: this.#paused || (this.#held.any && !prefetched), prefetched };
  }

  #word(): CampaignProgress['state'] {
    if (this.#aborted !== null) return this.#phase === 'done' ? 'aborted' : 'aborting';
    if (this.#phase !== 'running') return this.#phase;
    if (this.#paused) return 'paused';
    return this.#held.any ? 'waiting' : 'running';
  }
}

function budgetInWords({ tokens, cost_usd }: Budget): string {
  const parts = [...(cost_usd > 0 ? [`$${cost_usd}`] : []), ...(tokens > 0 ? [`${tokens} tokens`] : [])];
  return parts.length === 0 ? 'no limit' : parts.join(' and ');
}
