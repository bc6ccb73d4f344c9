import { createReadStream } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { Worker } from 'node:worker_threads';
import { Problem } from '../../../schemas/problem.ts';
import type { InputFile } from '../inputs/input-files.ts';
import { lineBlocks } from '../inputs/line-blocks.ts';
import type { ThreadSettings, Unit, UnitResult } from './unit.ts';

export interface ScanOptions extends ThreadSettings {
  /** Threads that scan. */
  jobs: number;
}

/** Units given to one thread at a time: one in work, one waiting. */
const unitsAThread = 2;

/**
 * Scans inputs on several threads; results come in the order of the inputs. Memory is bounded by a few blocks a
 * thread, whatever the size of the inputs. Throws `Problem` scan_failed when a thread dies.
 */
export async function* scanInputs(
  inputs: readonly (InputFile | { stream: AsyncIterable<Uint8Array>; name: string })[],
  options: ScanOptions,
): AsyncGenerator<UnitResult> {
  // V8's optimising compiler for WebAssembly would take half a gigabyte for a moment.
  setFlagsFromString('--no-wasm-tier-up');
  setFlagsFromString('--no-wasm-dynamic-tiering');
  const pool = new Pool(options);
  try {
    yield* pool.results(units(inputs));
  } finally {
    await pool.close();
  }
}

async function* units(inputs: readonly (InputFile | { stream: AsyncIterable<Uint8Array>; name: string })[]): AsyncGenerator<Unit> {
  let number = 0;
  for (const input of inputs) {
    if ('stream' in input || input.form === 'lines') {
      const stream = 'stream' in input ? input.stream : createReadStream(input.path, { highWaterMark: 1024 * 1024 });
      const name = 'stream' in input ? input.name : input.path;
      for await (const block of lineBlocks(stream)) yield { kind: 'lines', number: number++, name, ...block };
    } else {
      yield { kind: 'file', number: number++, path: input.path, form: input.form };
    }
  }
}

class Pool {
  readonly #threads: { worker: Worker; open: number }[];
  readonly #finished = new Map<number, UnitResult[]>();
  readonly #done = new Set<number>();
  #failure: Error | undefined;
  #wake: () => void = () => undefined;
  #closing = false;

  constructor({ jobs, context, rules }: ScanOptions) {
    this.#threads = Array.from({ length: jobs }, () => {
      const worker = new Worker(new URL('./scan-thread.ts', import.meta.url), {
        workerData: { context, rules },
        resourceLimits: { maxYoungGenerationSizeMb: 32, maxOldGenerationSizeMb: 320 },
      });
      const thread = { worker, open: 0 };
      worker.on('message', (result: UnitResult) => this.#arrived(thread, result));
      worker.on('error', (error) => this.#failed(error));
      worker.on('exit', (code) => (this.#closing ? undefined : this.#failed(new Error(`a thread ended with ${code}`))));
      return thread;
    });
  }

  async *results(source: AsyncGenerator<Unit>): AsyncGenerator<UnitResult> {
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
          thread.worker.postMessage(unit.value, unit.value.kind === 'lines' ? [unit.value.bytes.buffer] : []);
        }
      } else if (!this.#finished.has(next) && !this.#done.has(next)) {
        await this.#somethingHappens();
      }
      if (this.#failure !== undefined)
        throw new Problem('scan_failed', `scanning stopped: ${this.#failure.message}`, { cause: this.#failure });
      while (this.#finished.has(next) || this.#done.has(next)) {
        yield* this.#finished.get(next) ?? [];
        this.#finished.delete(next);
        if (!this.#done.delete(next)) break;
        next += 1;
      }
    }
  }

  async close(): Promise<void> {
    this.#closing = true;
    await Promise.all(this.#threads.map(({ worker }) => worker.terminate()));
  }

  #somethingHappens(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  #arrived(thread: { open: number }, result: UnitResult): void {
    this.#finished.set(result.number, [...(this.#finished.get(result.number) ?? []), result]);
    if (result.done) {
      thread.open -= 1;
      this.#done.add(result.number);
    }
    this.#wake();
  }

  #failed(error: Error): void {
    this.#failure = error;
    this.#wake();
  }
}
