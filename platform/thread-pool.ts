import { Worker, type ResourceLimits, type Transferable } from 'node:worker_threads';

/** What a thread sends back; several times for one unit, the last one with `done`. */
export interface ThreadResult {
  /** Of the unit. */
  number: number;
  done: boolean;
}

export interface ThreadPoolOptions<Unit, Result> {
  /** The module that a thread runs: it takes each unit as a message and posts results. */
  program: URL;
  threads: number;
  /** Given to every thread as `workerData`. */
  data: unknown;
  resourceLimits: ResourceLimits;
  /** What of a unit moves to the thread instead of being copied. */
  transfer?: (unit: Unit) => Transferable[];
  /** Called as results arrive, before their turn in the order of the units. */
  onArrival?: (result: Result) => void;
  /** What is thrown when a thread dies, of the reason. */
  failed: (reason: Error) => Error;
  signal?: AbortSignal;
}

/** Units given to one thread at a time: one in work, one waiting. */
const unitsAThread = 2;

/**
 * Gives units to threads and yields their results in the order of the units. Units are taken from the source as threads
 * become free, so that memory is bounded by a few units a thread, however many there are. Numbers of units count from 0.
 * When the caller stops early, the signal aborts or a thread dies, all threads are ended before this returns or throws.
 */
export async function* inThreads<Unit extends { number: number }, Result extends ThreadResult>(
  units: AsyncIterable<Unit>,
  options: ThreadPoolOptions<Unit, Result>,
): AsyncGenerator<Result> {
  const pool = new ThreadPool(options);
  try {
    yield* pool.results(units);
  } finally {
    await pool.close();
  }
}

class ThreadPool<Unit extends { number: number }, Result extends ThreadResult> {
  readonly #options: ThreadPoolOptions<Unit, Result>;
  readonly #threads: { worker: Worker; open: number }[];
  readonly #finished = new Map<number, Result[]>();
  readonly #done = new Set<number>();
  readonly #abort = () => this.#failed(this.#options.signal?.reason);
  #failure: { error: unknown } | undefined;
  #wake: () => void = () => undefined;
  #closing = false;

  constructor(options: ThreadPoolOptions<Unit, Result>) {
    const { program, threads, data, resourceLimits, failed, signal } = options;
    signal?.throwIfAborted();
    this.#options = options;
    this.#threads = Array.from({ length: threads }, () => {
      const worker = new Worker(program, { workerData: data, resourceLimits });
      const thread = { worker, open: 0 };
      worker.on('message', (result: Result) => this.#arrived(thread, result));
      worker.on('error', (error) => this.#failed(failed(error)));
      worker.on('exit', (code) => (this.#closing ? undefined : this.#failed(failed(new Error(`a thread ended with ${code}`)))));
      return thread;
    });
    signal?.addEventListener('abort', this.#abort, { once: true });
  }

  async *results(units: AsyncIterable<Unit>): AsyncGenerator<Result> {
    const source = units[Symbol.asyncIterator]();
    let next = 0;
    let given = 0;
    let exhausted = false;
    while (!exhausted || next < given) {
      // Results that wait for an earlier unit are bounded too: no unit starts far ahead of the one that is due.
      const thread =
        given - next < this.#threads.length * unitsAThread * 2 ? this.#threads.find(({ open }) => open < unitsAThread) : undefined;
      if (!exhausted && thread !== undefined) {
        const unit = await source.next();
        if (unit.done === true) exhausted = true;
        else {
          thread.open += 1;
          given += 1;
          thread.worker.postMessage(unit.value, this.#options.transfer?.(unit.value) ?? []);
        }
      } else if (!this.#finished.has(next) && !this.#done.has(next)) {
        await this.#somethingHappens();
      }
      while (this.#finished.has(next) || this.#done.has(next)) {
        if (this.#failure !== undefined) throw this.#failure.error;
        yield* this.#finished.get(next) ?? [];
        this.#finished.delete(next);
        if (!this.#done.delete(next)) break;
        next += 1;
      }
      if (this.#failure !== undefined) throw this.#failure.error;
    }
  }

  async close(): Promise<void> {
    this.#closing = true;
    this.#options.signal?.removeEventListener('abort', this.#abort);
    await Promise.all(this.#threads.map(({ worker }) => worker.terminate()));
  }

  #somethingHappens(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
      if (this.#failure !== undefined) resolve();
    });
  }

  #arrived(thread: { open: number }, result: Result): void {
    this.#options.onArrival?.(result);
    this.#finished.set(result.number, [...(this.#finished.get(result.number) ?? []), result]);
    if (result.done) {
      thread.open -= 1;
      this.#done.add(result.number);
    }
    this.#wake();
  }

  /** The first failure is the one that is told. */
  #failed(error: unknown): void {
    this.#failure ??= { error };
    this.#wake();
  }
}
