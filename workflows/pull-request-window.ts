import type { PlannedTask } from '../schemas/campaign-plan.ts';
import type { PullRequestOutcome } from '../schemas/pull-request.ts';
import type { HostPauses } from '../schemas/teacher-health.ts';
import type { CampaignState, Standing, StandingChange } from './campaign-state.ts';
import type { UpdateReply } from './contract/messages.ts';

/** The pull requests of a campaign on the server. */
export interface PullRequests {
  /** `running`: it runs already, or has ended as done, since an earlier start of the campaign. */
  start(entry: PlannedTask, standing: Standing): Promise<'started' | 'running'>;
  /** False when it could not be delivered: the pull request is not there yet, or not any more. */
  send(instanceId: string, change: StandingChange): Promise<boolean>;
  cancel(instanceId: string): Promise<void>;
  /** Outcomes of those that are not running any more. */
  ended(instanceIds: string[]): Promise<PullRequestOutcome[]>;
}

/**
 * Starts pull requests as the state of a campaign has room, and sends each what it has to know. A message that reaches no
 * pull request, since the server has not started it yet, is sent again once it is started, and at each reconciliation
 * until it is delivered; what was delivered is not repeated, because each message stays in two histories.
 */
export class PullRequestWindow {
  readonly #state: CampaignState;
  readonly #pullRequests: PullRequests;

  constructor(state: CampaignState, pullRequests: PullRequests) {
    this.#state = state;
    this.#pullRequests = pullRequests;
  }

  async start(entry: PlannedTask): Promise<void> {
    const id = entry.instance_id;
    const standing = this.#state.begin(id);
    if ((await this.#pullRequests.start(entry, standing)) === 'running') {
      this.#state.forget(id);
      await this.reconcile([id]);
    }
    await this.#inform(id);
  }

  async end(outcome: PullRequestOutcome): Promise<void> {
    this.#state.end(outcome);
    await this.#advance();
  }

  async pause(reason: string): Promise<UpdateReply> {
    const reply = this.#state.pause(reason);
    await this.#informAll();
    return reply;
  }

  async resume(): Promise<UpdateReply> {
    const reply = this.#state.resume();
    await this.#informAll();
    await this.#advance();
    return reply;
  }

  /** What a host holds back, or that it goes on. */
  async report(pauses: HostPauses, at: number): Promise<void> {
    this.#state.held.report(pauses, at);
    await this.#informAll();
    await this.#advance();
  }

  /** Forgets what hosts reported long ago. */
  async expire(now: number): Promise<void> {
    this.#state.held.expire(now);
    await this.#informAll();
    await this.#advance();
  }

  async setConcurrency(concurrency: number): Promise<UpdateReply> {
    const reply = this.#state.setConcurrency(concurrency);
    await this.#advance();
    return reply;
  }

  /** Asks the server about pull requests that report nothing, since a terminated one cannot, and sends again what did not arrive. */
  async reconcile(instanceIds: string[] = this.#state.begun): Promise<void> {
    for (const outcome of await this.#pullRequests.ended(instanceIds)) this.#state.end(outcome);
    await this.#advance();
    await this.#informAll();
  }

  async cancelAll(): Promise<void> {
    await Promise.all(this.#state.begun.map((id) => this.#pullRequests.cancel(id)));
  }

  /** Gives those that were prefetched the room that others left. */
  async #advance(): Promise<void> {
    for (let next = this.#state.advance(); next !== undefined; next = this.#state.advance()) await this.#inform(next);
  }

  async #informAll(): Promise<void> {
    await Promise.all(this.#state.begun.map((id) => this.#inform(id)));
  }

  async #inform(id: string): Promise<void> {
    for (let change = this.#state.due(id); change !== undefined; change = this.#state.due(id)) {
      if (!(await this.#pullRequests.send(id, change))) return;
      this.#state.received(id, change);
    }
  }
}
