import { Problem } from '../../schemas/problem.ts';
import type { ShellAction } from '../sandbox/index.ts';
import type { EditAction, Hands, Performed } from './agent.ts';
import type { SandboxHands } from './driver.ts';
import type { Journal } from '../journal/journal.ts';
import type { LastingSandbox } from './lasting-sandbox.ts';
import type { SandboxAction } from './replay.ts';
import { sha256Of } from './value-hash.ts';

/**
 * Gives every action the next number. One whose observation the journal holds is not carried out. Any other is
 * carried out, and its observation is on disk before the harness sees it.
 */
export class JournalledHands implements SandboxHands {
  readonly #journal: Journal;
  readonly #sandbox: LastingSandbox;
  readonly #rollout: string;
  #next = 0;

  constructor(journal: Journal, sandbox: LastingSandbox, rollout: string) {
    this.#journal = journal;
    this.#sandbox = sandbox;
    this.#rollout = rollout;
  }

  get lastAction(): number {
    return this.#next - 1;
  }

  during(turn: number): Hands {
    return {
      shell: (request: ShellAction) => this.#perform(turn, { kind: 'shell', request }, request),
      edit: ({ arguments: sent, ...request }: EditAction) =>
        this.#perform(turn, { kind: 'edit', request }, { edit: sent, snapshotOf: request.snapshotOf }),
    };
  }

  async #perform(turn: number, action: SandboxAction, identity: unknown): Promise<Performed> {
    const number = this.#next++;
    const action_sha256 = sha256Of(identity);
    const recorded = this.#journal.observation(number);
    if (recorded !== undefined) {
      if (recorded.action_sha256 !== action_sha256 || recorded.turn !== turn) {
        throw new Problem(
          'journal_diverged',
          `${this.#rollout}: action ${number} of turn ${turn} is not the one that the journal ${this.#journal.path} holds`,
          {
            hint: 'the harness changed since the rollout began: continue with the version that began it, or start a campaign under another name',
          },
        );
      }
      this.#sandbox.recall(action);
      return { action: number, result: recorded.result };
    }
    const result = await this.#sandbox.perform(action);
    await this.#journal.append({ type: 'observation', at: Date.now(), action: number, turn, action_sha256, result });
    return { action: number, result };
  }
}
