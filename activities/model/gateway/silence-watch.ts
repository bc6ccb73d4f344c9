const longestTimerMs = 2 ** 31 - 1;

/** The reason of an abort that came from silence rather than from outside. */
class TooSilent extends Error {
  constructor(milliseconds: number) {
    super(`no sign of life from the server for ${milliseconds / 1000} s`);
    this.name = 'TooSilent';
  }
}

/** Aborts when nothing was heard for so long, or when the outer signal does. */
export class SilenceWatch {
  readonly #controller = new AbortController();
  readonly #outer: AbortSignal;
  readonly #forward = () => this.#controller.abort(this.#outer.reason);
  #limitMs: number;
  #timer: NodeJS.Timeout;

  constructor(limitMs: number, outer: AbortSignal) {
    this.#limitMs = Math.min(limitMs, longestTimerMs);
    this.#outer = outer;
    this.#timer = this.#start();
    if (outer.aborted) this.#forward();
    outer.addEventListener('abort', this.#forward, { once: true });
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Any byte is a sign of life, also one of a comment that says nothing else. */
  heard(): void {
    this.#timer.refresh();
  }

  /** From now on less is waited for. */
  shorten(limitMs: number): void {
    if (limitMs >= this.#limitMs) return;
    clearTimeout(this.#timer);
    this.#limitMs = limitMs;
    this.#timer = this.#start();
  }

  throwIfOver(): void {
    this.signal.throwIfAborted();
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#outer.removeEventListener('abort', this.#forward);
  }

  #start(): NodeJS.Timeout {
    return setTimeout(() => this.#controller.abort(new TooSilent(this.#limitMs)), this.#limitMs);
  }
}
