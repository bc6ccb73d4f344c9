import type { ActionResult } from '../../schemas/journal-entry.ts';
import { messageOf, Problem } from '../../schemas/problem.ts';
import { type Sandbox, SandboxGone, type TakenPatch } from '../sandbox/index.ts';
import type { Journal } from '../journal/journal.ts';
import { carryOut, divergence, replay, type SandboxAction } from './replay.ts';

/** Containers that may be lost within one attempt before the engine counts as broken. */
const replacementsAtMost = 5;

interface Options {
  journal: Journal;
  signal: AbortSignal;
  open: () => Promise<{ sandbox: Sandbox; fresh: boolean }>;
}

/**
 * The rollout's container, replaced when it is lost: a fresh one is made and everything done so far is replayed in it
 * before the next action is carried out.
 */
export class LastingSandbox {
  readonly #journal: Journal;
  readonly #signal: AbortSignal;
  readonly #open: Options['open'];
  /** Every action so far, by number. */
  readonly #past: SandboxAction[] = [];
  #opening: Promise<Sandbox> | undefined;
  /** How many past actions the container has seen; null until it is known. */
  #seen: number | null = null;
  #replacements = 0;

  constructor({ journal, signal, open }: Options) {
    this.#journal = journal;
    this.#signal = signal;
    this.#open = open;
  }

  /** Opens the container without waiting for it; a failure is thrown by what needs it first. */
  start(): void {
    this.#opened().catch(() => undefined);
  }

  /** Takes in an action that an earlier attempt carried out and journalled. */
  recall(action: SandboxAction): void {
    this.#past.push(action);
  }

  /** Carries out the next action. Throws `SandboxGone` after too many lost containers. */
  async perform(action: SandboxAction): Promise<ActionResult> {
    const number = this.#past.length;
    const result = await this.#use((sandbox) => carryOut(sandbox, number, action, this.#signal));
    this.#past.push(action);
    this.#seen = this.#past.length;
    return result;
  }

  async change(baseCommit: string): Promise<TakenPatch> {
    return this.#use((sandbox) => sandbox.change(baseCommit, this.#signal));
  }

  /** Removes the container if this attempt opened it. */
  async remove(): Promise<void> {
    const sandbox = await this.#opening;
    await sandbox?.remove();
  }

  /** Detaches from the container where there is one. */
  async detach(): Promise<void> {
    try {
      const sandbox = await this.#opening;
      await sandbox?.detach();
    } catch {
      // The caller has an error of its own to report.
    }
  }

  async #use<T>(work: (sandbox: Sandbox) => Promise<T>): Promise<T> {
    for (;;) {
      this.#signal.throwIfAborted();
      const sandbox = await this.#opened();
      try {
        await this.#catchUp(sandbox);
        return await work(sandbox);
      } catch (error) {
        if (!(error instanceof SandboxGone) || this.#replacements >= replacementsAtMost) throw error;
        this.#replacements += 1;
        await this.detach();
        this.#opening = undefined;
        this.#seen = null;
        await this.#journal.note('container_replaced', messageOf(error));
      }
    }
  }

  #opened(): Promise<Sandbox> {
    this.#opening ??= this.#open().then(async ({ sandbox, fresh }) => {
      if (fresh) await this.#journal.note('container_created', sandbox.containerId);
      return sandbox;
    });
    return this.#opening;
  }

  /** Replays what the container has not seen. Its last action may be unfinished, so it is asked for again. */
  async #catchUp(sandbox: Sandbox): Promise<void> {
    const { lastAction } = sandbox;
    this.#seen ??= lastAction >= this.#past.length - 1 ? this.#past.length : Math.max(0, lastAction);
    for (; this.#seen < this.#past.length; this.#seen++) {
      const action = this.#past[this.#seen];
      const recorded = this.#journal.observation(this.#seen)?.result;
      if (action === undefined || recorded === undefined) {
        throw new Problem('journal_diverged', `${this.#journal.path}: no observation of action ${this.#seen} to replay`);
      }
      const replayed = await replay(sandbox, this.#seen, action, recorded, this.#signal);
      const difference = divergence(recorded, replayed);
      if (difference !== null) await this.#journal.note('replay_diverged', `action ${this.#seen}: ${difference}`);
    }
  }
}
