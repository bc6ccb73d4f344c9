/** What a page knows of one address, and how fresh that is. Times are milliseconds since the epoch. */
export interface Polled<T> {
  /** The newest answer; undefined before the first. A failed poll leaves it. */
  data: T | undefined;
  /** When a server last said that this is how things are; null before that. */
  at: number | null;
  /** Why the newest poll failed, in words; null when it did not. */
  problem: string | null;
  /** After this long without an answer, what is shown is stale. */
  staleAfter: number;
}

interface Outside<T> {
  /** Asks for the address; null when nothing changed since the version `etag`. */
  ask: (options: { signal: AbortSignal; etag?: string }) => Promise<{ data: T; etag: string } | null>;
  /** Called with each change. */
  tell: (state: Polled<T>) => void;
  now: () => number;
  /** Whether nobody sees the page: it is then asked for more seldom. */
  hidden: () => boolean;
  /** Calls back after so many milliseconds; gives what ends the wait. */
  wait: (milliseconds: number, then: () => void) => () => void;
}

/** Between polls of a page that nobody sees. */
export const hiddenMs = 30_000;

/** Polls without an answer after which what is shown is called stale. */
const staleIntervals = 3;

/**
 * Keeps one address fresh: asks, waits, asks again, one request at a time. Whatever comes after `end` is left unread, so that
 * a slow answer for one address never becomes the content of another.
 */
export class Poller<T> {
  readonly #outside: Outside<T>;
  readonly #interval: number;
  readonly #ending = new AbortController();
  #state: Polled<T>;
  #etag: string | undefined;
  #stopWaiting: () => void = () => undefined;
  #asking = false;
  #again = false;

  /** `interval` 0 asks once, as for files that never change. */
  constructor(interval: number, outside: Outside<T>) {
    this.#interval = interval;
    this.#outside = outside;
    this.#state = { data: undefined, at: null, problem: null, staleAfter: interval === 0 ? Infinity : interval * staleIntervals };
  }

  /** Asks at once, also out of turn: a page that becomes visible, or one that changed something itself. */
  async refresh(): Promise<void> {
    this.#stopWaiting();
    if (this.#asking) {
      this.#again = true;
      return;
    }
    this.#asking = true;
    do {
      this.#again = false;
      await this.#ask();
    } while (this.#again && !this.#ended());
    this.#asking = false;
    this.#waitForNext();
  }

  end(): void {
    this.#ending.abort();
    this.#stopWaiting();
  }

  async #ask(): Promise<void> {
    const { ask, now } = this.#outside;
    const { signal } = this.#ending;
    try {
      const answer = await ask({ signal, ...(this.#etag !== undefined && { etag: this.#etag }) });
      if (this.#ended()) return;
      if (answer !== null) this.#etag = answer.etag === '' ? undefined : answer.etag;
      this.#change({ ...(answer !== null && { data: answer.data }), at: now(), problem: null });
    } catch (error) {
      if (!this.#ended()) this.#change({ problem: error instanceof Error ? error.message : String(error) });
    }
  }

  #waitForNext(): void {
    if (this.#ended() || (this.#interval === 0 && this.#state.problem === null)) return;
    const { wait, hidden } = this.#outside;
    const pause = hidden() ? hiddenMs : Math.max(this.#interval, 1000);
    this.#stopWaiting = wait(pause, () => void this.refresh());
  }

  #change(part: Partial<Polled<T>>): void {
    this.#state = { ...this.#state, ...part };
    this.#outside.tell(this.#state);
  }

  #ended(): boolean {
    return this.#ending.signal.aborted;
  }
}
