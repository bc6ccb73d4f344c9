import { Worker } from 'node:worker_threads';
import { Problem } from '../../../schemas/problem.ts';
import type { LedgerThreadData } from './ledger-thread.ts';
import type { Answer, Asked, Request } from './requests.ts';

interface Waiting {
  resolve: (value: unknown) => void;
  reject: (error: Problem) => void;
}

/** The way to the thread of a ledger. A process that waits for no answer may end although the thread is there. */
export class ThreadLink {
  readonly #path: string;
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #asked = 0;
  #gone: Problem | undefined;

  constructor(path: string) {
    this.#path = path;
    const workerData: LedgerThreadData = { path };
    this.#worker = new Worker(new URL('./ledger-thread.ts', import.meta.url), {
      name: 'ledger',
      workerData,
      // Not those of this process: they are meant for its main thread.
      execArgv: [],
      resourceLimits: { maxYoungGenerationSizeMb: 16 },
    });
    this.#worker.unref();
    this.#worker.on('message', (answer: Answer) => this.#answered(answer));
    this.#worker.on('error', (error) => this.#ended(error.message));
    this.#worker.on('exit', (code) => this.#ended(`its thread ended with ${code}`));
  }

  /** The thread's answer. Throws the `Problem` that it had, ledger_failed when it died. */
  ask(request: Request): Promise<unknown> {
    if (this.#gone !== undefined) return Promise.reject(this.#gone);
    return new Promise((resolve, reject) => {
      const asked: Asked = { id: this.#asked++, request };
      if (this.#waiting.size === 0) this.#worker.ref();
      this.#waiting.set(asked.id, { resolve, reject });
      this.#worker.postMessage(asked);
    });
  }

  async end(): Promise<void> {
    this.#gone = new Problem('ledger_closed', `the ledger at ${this.#path} is closed`);
    await this.#worker.terminate();
  }

  #answered(answer: Answer): void {
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    if (this.#waiting.size === 0) this.#worker.unref();
    if ('value' in answer) waiting?.resolve(answer.value);
    else {
      const { code, message, hint } = answer.problem;
      waiting?.reject(new Problem(code, message, hint === undefined ? {} : { hint }));
    }
  }

  #ended(reason: string): void {
    this.#gone ??= new Problem('ledger_failed', `the ledger at ${this.#path} stopped: ${reason}`, { hint: 'start the command again' });
    for (const { reject } of this.#waiting.values()) reject(this.#gone);
    this.#waiting.clear();
  }
}
