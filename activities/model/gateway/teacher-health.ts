import type { GatewayPause } from '../../../schemas/teacher-health.ts';
import { longestRetryAfterMs } from '../retry.ts';
import type { Outage } from '../failure/classify-failure.ts';

/** So many failures in a row, of any requests, are the teacher's and not the requests'. */
const failuresInARow = 3;

/** Milliseconds until the first try of a paused teacher, and the longest wait between two. */
const soon = { first: 1000, longest: 15_000 };
const seldom = { first: 5000, longest: 60_000 };
const delays: Record<Outage['code'], { first: number; longest: number }> = {
  teacher_unreachable: soon,
  teacher_failing: soon,
  teacher_unauthorized: seldom,
  teacher_quota: seldom,
  teacher_model_missing: seldom,
};

export type PauseOfTeacher = Omit<GatewayPause, 'teacher'>;

/** Permission to send one request. One of its methods is called once, with the result. */
export interface Permit {
  /** The teacher gave a reply. */
  answered(): void;
  /** The teacher is there and takes the key, but gave no reply to this request. */
  reached(): void;
  /** As `reached`, and it asks for fewer requests. */
  busy(message: string): void;
  /** Whether the teacher is paused now. */
  failed(outage: Outage, message: string, retryAfterMs: number | undefined): boolean;
  /** The request was given up before it had a result. */
  dropped(): void;
}

interface Pause {
  code: GatewayPause['code'];
  message: string;
  hint: string;
  since: number;
  /** Null: no request can show whether it is over. */
  nextTry: number | null;
  tries: number;
}

/**
 * Whether a teacher answers at all: healthy, or paused. While it is paused all requests to it wait, but for one at a time
 * that goes out to try, at growing intervals; the first that is answered lets all others go out.
 */
export class TeacherHealth {
  readonly #onChange: (pause: PauseOfTeacher | undefined) => void;
  #key: string | null | undefined;
  #pause: Pause | undefined;
  #failures = 0;
  #answers = 0;
  /** Grows with each recovery. The result of a request sent before says nothing of the teacher now. */
  #recoveries = 0;
  #busy: { since: number; message: string } | undefined;
  #trying = false;
  /** Set by the timer alone: a clock that is set back, or a timer that ends a moment early, must not lose the next try. */
  #isDue = false;
  #waiting: ((permit: Permit) => void)[] = [];
  #timer: NodeJS.Timeout | undefined;

  /** `onChange` is called with a pause when it begins, and with nothing when it ends. */
  constructor(onChange: (pause: PauseOfTeacher | undefined) => void = () => undefined) {
    this.#onChange = onChange;
  }

  /** The key as the latest worker has it; null for none. */
  get key(): string | null {
    return this.#key ?? null;
  }

  /** Replies so far. */
  get answers(): number {
    return this.#answers;
  }

  /**
   * Undefined while requests go out, and when another try is due but no request waits to make it: the next request
   * will.
   */
  get pause(): PauseOfTeacher | undefined {
    if (this.#pause === undefined || (this.#isDue && !this.#trying && this.#waiting.length === 0)) return undefined;
    const { code, message, hint, since, nextTry } = this.#pause;
    return { code, message, hint, since: asTime(since), next_try: nextTry === null ? null : asTime(nextTry) };
  }

  /** Set while the teacher has refused every request since `since` (ISO 8601) for being busy, and is not paused. */
  get busy(): { since: string; message: string } | undefined {
    if (this.#busy === undefined || this.#pause !== undefined) return undefined;
    return { since: asTime(this.#busy.since), message: this.#busy.message };
  }

  /** Takes the key that a worker sent; a new one is tried at once. `variable`: where the worker should have it, if anywhere. */
  setKey(key: string | null, variable: string | undefined): void {
    const changed = this.#key !== key;
    this.#key = key;
    if (!changed) return;
    if (key === null && variable !== undefined) {
      this.#begin('key_missing', `the worker has no key in ${variable}`, `start the worker with ${variable} in its environment`);
    } else if (this.#pause?.code === 'key_missing') {
      this.#recover();
    } else if (this.#pause !== undefined) {
      this.#tryAt(Date.now());
    }
  }

  /** Resolves when a request may go out. Rejects with the signal's reason. */
  admit(signal: AbortSignal): Promise<Permit> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      if (this.#pause === undefined) return resolve(this.#permit(false));
      const leave = () => {
        this.#waiting = this.#waiting.filter((other) => other !== go);
        reject(signal.reason);
      };
      const go = (permit: Permit) => {
        signal.removeEventListener('abort', leave);
        resolve(permit);
      };
      signal.addEventListener('abort', leave, { once: true });
      this.#waiting.push(go);
      this.#tryIfDue();
    });
  }

  #permit(trying: boolean): Permit {
    const recoveries = this.#recoveries;
    const current = () => recoveries === this.#recoveries;
    const alive = () => {
      if (trying && current()) this.#recover();
      else if (this.#pause === undefined && current()) this.#failures = 0;
    };
    return {
      answered: () => {
        this.#answers += 1;
        this.#busy = undefined;
        alive();
      },
      reached: alive,
      busy: (message) => {
        this.#busy = { since: this.#busy?.since ?? Date.now(), message };
        alive();
      },
      failed: (outage, message, retryAfterMs) => {
        if (!current()) return this.#pause !== undefined;
        if (this.#pause === undefined) {
          this.#failures += 1;
          if (!outage.atOnce && this.#failures < failuresInARow) return false;
          this.#begin(outage.code, message, outage.hint, retryAfterMs);
        } else if (trying) {
          this.#trying = false;
          this.#pause = { ...this.#pause, code: outage.code, message, hint: outage.hint, tries: this.#pause.tries + 1 };
          this.#tryAt(Date.now() + waitMs(outage.code, this.#pause.tries, retryAfterMs));
        }
        return true;
      },
      dropped: () => {
        if (!trying || !current()) return;
        this.#trying = false;
        this.#tryIfDue();
      },
    };
  }

  #begin(code: Pause['code'], message: string, hint: string, retryAfterMs?: number): void {
    const now = Date.now();
    const since = this.#pause?.since ?? now;
    this.#pause = { code, message, hint, since, nextTry: null, tries: 0 };
    this.#trying = false;
    this.#isDue = false;
    clearTimeout(this.#timer);
    if (code !== 'key_missing' && code !== 'budget_spent') this.#tryAt(now + waitMs(code, 0, retryAfterMs));
    this.#onChange(this.pause);
  }

  #recover(): void {
    clearTimeout(this.#timer);
    this.#pause = undefined;
    this.#failures = 0;
    this.#recoveries += 1;
    this.#trying = false;
    this.#onChange(undefined);
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const go of waiting) go(this.#permit(false));
  }

  #tryAt(time: number): void {
    if (this.#pause === undefined) return;
    this.#pause = { ...this.#pause, nextTry: time };
    this.#isDue = false;
    clearTimeout(this.#timer);
    const due = () => {
      this.#isDue = true;
      this.#tryIfDue();
    };
    this.#timer = setTimeout(due, Math.max(0, time - Date.now()));
    this.#timer.unref();
  }

  /** The one that has waited for longest goes; when it fails it waits behind the others. */
  #tryIfDue(): void {
    if (this.#trying || !this.#isDue) return;
    const go = this.#waiting.shift();
    if (go === undefined) return;
    this.#trying = true;
    go(this.#permit(true));
  }
}

function waitMs(code: Outage['code'], tries: number, retryAfterMs = 0): number {
  const { first, longest } = delays[code];
  return Math.max(Math.min(longest, first * 2 ** tries), Math.min(retryAfterMs, longestRetryAfterMs));
}

function asTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
