/**
 * The way to one teacher of one campaign: so many requests at a time, first come, first served. A rollout has
 * one request at most in the queue and goes to its end for the next, so none can crowd out the others.
 */
export class Lane {
  #capacity: number;
  #active = 0;
  #waiting: (() => void)[] = [];
  #resumeAt = 0;
  #alarmSet = false;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get load(): { active: number; waiting: number; capacity: number; pausedMs: number } {
    const pausedMs = Math.max(0, this.#resumeAt - Date.now());
    return { active: this.#active, waiting: this.#waiting.length, capacity: this.#capacity, pausedMs };
  }

  setCapacity(capacity: number): void {
    this.#capacity = capacity;
    this.#admit();
  }

  /** Keeps every request of the lane back for so long. */
  pause(milliseconds: number): void {
    this.#resumeAt = Math.max(this.#resumeAt, Date.now() + milliseconds);
  }

  /** Resolves when the request may go out; the caller releases the place afterwards. Rejects when aborted. */
  enter(signal: AbortSignal): Promise<() => void> {
    return new Promise((resolve, reject) => {
      const give = () => {
        signal.removeEventListener('abort', leave);
        this.#active += 1;
        resolve(() => {
          this.#active -= 1;
          this.#admit();
        });
      };
      const leave = () => {
        this.#waiting = this.#waiting.filter((other) => other !== give);
        reject(signal.reason);
      };
      if (signal.aborted) return reject(signal.reason);
      signal.addEventListener('abort', leave, { once: true });
      this.#waiting.push(give);
      this.#admit();
    });
  }

  #admit(): void {
    const pausedMs = this.#resumeAt - Date.now();
    if (pausedMs > 0) {
      if (this.#alarmSet) return;
      this.#alarmSet = true;
      setTimeout(() => {
        this.#alarmSet = false;
        this.#admit();
      }, pausedMs + 1);
      return;
    }
    while (this.#active < this.#capacity) {
      const give = this.#waiting.shift();
      if (give === undefined) return;
      give();
    }
  }
}
