import { messageOf } from '../../../schemas/problem.ts';
import type { Ask, Outcome } from './protocol.ts';

/** Someone on the other side of the socket who waits for an exchange. */
export interface Listener {
  retry(detail: string): void;
  outcome(outcome: Outcome): void;
}

interface Entry {
  campaign: string;
  rollout: string;
  exchange: number;
  sha256: string;
  controller: AbortController;
  listeners: Set<Listener>;
  retries: string[];
  /** Set when the exchange came out and is kept for a worker that was not there to take it. */
  kept: { outcome: Outcome; bytes: number; at: number } | undefined;
}

/** Bounds on outcomes that nobody has journalled. */
export interface KeepLimits {
  count: number;
  bytes: number;
  ageMs: number;
}

/** Starts the request of an exchange; it runs to its outcome even when nobody listens. */
export type StartExchange = (ask: Ask, body: Buffer, onRetry: (detail: string) => void, signal: AbortSignal) => Promise<Outcome>;

/** How many rollouts' last acknowledged exchange is remembered. */
const rememberedRollouts = 20_000;

/**
 * The exchanges that were asked for and not yet journalled. Asking twice for the same one, from any
 * worker, attaches to the first request or gets its outcome: this is why no token is paid twice.
 */
export class ExchangeTable {
  readonly #entries = new Map<string, Entry>();
  readonly #acknowledged = new Map<string, number>();
  readonly #start: StartExchange;
  readonly #limits: KeepLimits;
  readonly #onDrop: (what: string) => void;

  constructor(start: StartExchange, limits: KeepLimits, onDrop: (what: string) => void) {
    this.#start = start;
    this.#limits = limits;
    this.#onDrop = onDrop;
  }

  get running(): number {
    return this.#count((entry) => entry.kept === undefined);
  }

  /** Those of one campaign that have no outcome yet. */
  runningOf(campaign: string): number {
    return this.#count((entry) => entry.kept === undefined && entry.campaign === campaign);
  }

  /** Paid replies that no worker has journalled. */
  get unjournalled(): number {
    return this.#count((entry) => entry.kept?.outcome.type === 'reply');
  }

  /** Gives a function that stops listening; the request goes on without. */
  ask(ask: Ask, body: Buffer, listener: Listener): () => void {
    const refusal = this.#refusal(ask);
    if (refusal !== undefined) {
      listener.outcome(refusal);
      return () => undefined;
    }
    this.#forgetBefore(ask.rollout, ask.exchange);
    const entry = this.#entries.get(keyOf(ask)) ?? this.#begin(ask, body);
    for (const detail of entry.retries) listener.retry(detail);
    if (entry.kept !== undefined) listener.outcome(entry.kept.outcome);
    else entry.listeners.add(listener);
    return () => entry.listeners.delete(listener);
  }

  acknowledge(rollout: string, exchange: number): void {
    this.#entries.delete(keyOf({ rollout, exchange }));
    this.#acknowledged.delete(rollout);
    this.#acknowledged.set(rollout, exchange);
    const [oldest] = this.#acknowledged.keys();
    if (this.#acknowledged.size > rememberedRollouts && oldest !== undefined) this.#acknowledged.delete(oldest);
  }

  cancel(rollout: string): void {
    for (const [key, entry] of this.#entries) {
      if (entry.rollout !== rollout) continue;
      entry.controller.abort();
      if (entry.kept !== undefined) this.#entries.delete(key);
    }
    this.#acknowledged.delete(rollout);
  }

  abortAll(): void {
    for (const entry of this.#entries.values()) entry.controller.abort();
  }

  /** Drops outcomes that were kept too long. */
  dropOld(now: number): void {
    for (const [key, { kept }] of this.#entries) {
      if (kept !== undefined && now - kept.at > this.#limits.ageMs) this.#drop(key, 'nobody asked for it in time');
    }
  }

  #begin(ask: Ask, body: Buffer): Entry {
    const entry: Entry = {
      campaign: ask.campaign,
      rollout: ask.rollout,
      exchange: ask.exchange,
      sha256: ask.request_sha256,
      controller: new AbortController(),
      listeners: new Set(),
      retries: [],
      kept: undefined,
    };
    this.#entries.set(keyOf(ask), entry);
    const onRetry = (detail: string) => {
      entry.retries.push(detail);
      for (const listener of entry.listeners) listener.retry(detail);
    };
    // An error must not leave the exchange without an outcome: a worker waits for it.
    void this.#start(ask, body, onRetry, entry.controller.signal)
      .catch((error: unknown): Outcome => ({ type: 'problem', code: 'gateway_failed', message: `${keyOf(ask)}: ${messageOf(error)}` }))
      .then((outcome) => this.#finish(entry, outcome));
    return entry;
  }

  #finish(entry: Entry, outcome: Outcome): void {
    const key = keyOf(entry);
    // A problem is not kept: the next worker that asks tries again.
    if (outcome.type !== 'problem' && !entry.controller.signal.aborted)
      entry.kept = { outcome, bytes: JSON.stringify(outcome).length, at: Date.now() };
    else this.#entries.delete(key);
    for (const listener of entry.listeners) listener.outcome(outcome);
    entry.listeners.clear();
    this.#dropExcess();
  }

  #refusal(ask: Ask): Outcome | undefined {
    const known = this.#entries.get(keyOf(ask));
    if (known !== undefined && known.sha256 !== ask.request_sha256) {
      return {
        type: 'problem',
        code: 'request_diverged',
        message: `rollout ${ask.rollout}, exchange ${ask.exchange}: the same exchange was already asked with other content`,
        hint: 'settings or templates changed in the middle of a rollout; change them back, or run "tracemill gateway stop" and delete the rollout\'s journal to begin anew',
      };
    }
    // The journal of a rollout that starts again at 0 was removed on purpose.
    const acknowledged = ask.exchange === 0 ? -1 : (this.#acknowledged.get(ask.rollout) ?? -1);
    if (known === undefined && ask.exchange <= acknowledged) {
      return {
        type: 'problem',
        code: 'exchange_already_journalled',
        message: `rollout ${ask.rollout}, exchange ${ask.exchange}: another worker has journalled it already`,
        hint: 'this worker lost the rollout to another one, and nothing is to be done; if an older journal was put back, run "tracemill gateway stop"',
      };
    }
    return undefined;
  }

  /** A worker that asks for the next exchange has journalled those before, even if it died before saying so. */
  #forgetBefore(rollout: string, exchange: number): void {
    const before = exchange === 0 ? undefined : this.#entries.get(keyOf({ rollout, exchange: exchange - 1 }));
    if (before?.kept !== undefined) this.#entries.delete(keyOf(before));
  }

  #dropExcess(): void {
    const kept = [...this.#entries].filter(([, entry]) => entry.kept !== undefined);
    let bytes = kept.reduce((sum, [, entry]) => sum + (entry.kept?.bytes ?? 0), 0);
    let count = kept.length;
    for (const [key, entry] of kept) {
      if (count <= this.#limits.count && bytes <= this.#limits.bytes) return;
      count -= 1;
      bytes -= entry.kept?.bytes ?? 0;
      this.#drop(key, 'too many replies are waiting to be journalled');
    }
  }

  #drop(key: string, why: string): void {
    this.#entries.delete(key);
    this.#onDrop(`${key}: ${why}`);
  }

  #count(which: (entry: Entry) => boolean): number {
    let count = 0;
    for (const entry of this.#entries.values()) if (which(entry)) count += 1;
    return count;
  }
}

function keyOf({ rollout, exchange }: { rollout: string; exchange: number }): string {
  return `${rollout}/${exchange}`;
}
