import { Worker } from 'node:worker_threads';
import { Problem } from '../../../schemas/problem.ts';
import type { LedgerThreadData } from './ledger-thread.ts';
import type { Answer, Asked, Request } from './requests.ts';

interface Waiting {
  resolve: (value: unknown) => void;
  reject: (error: Problem) => void;
}

/**
 * The way to the thread of a ledger, which starts with the first request and again after it died. A process that waits
 * for no answer may end although the thread is there.
 */
export class ThreadLink {
  readonly #path: string;
  #thread: Worker | undefined;
  readonly #waiting = new Map<number, Waiting>();
  #asked = 0;
  #closed = false;

  constructor(path: string) {
    this.#path = path;
  }

  /** The thread's answer. Throws the `Problem` that it had, ledger_failed when it died, ledger_closed after the end. */
  ask(request: Request): Promise<unknown> {
    if (this.#closed) return Promise.reject(new Problem('ledger_closed', `the ledger at ${this.#path} is closed`));
    const thread = this.#thread ?? this.#start();
    return new Promise((resolve, reject) => {
      const asked: Asked = { id: this.#asked++, request };
      if (this.#waiting.size === 0) thread.ref();
      this.#waiting.set(asked.id, { resolve, reject });
      thread.postMessage(asked);
    });
  }

  async end(): Promise<void> {
    try {
      if (this.#thread !== undefined) await this.ask({ kind: 'close' });
    } finally {
      this.#closed = true;
      await this.#thread?.terminate();
    }
  }

  #start(): Worker {
    const workerData: LedgerThreadData = { path: this.#path };
    const thread = new Worker(new URL('./ledger-thread.ts', import.meta.url), {
      name: 'ledger',
      workerData,
      // Not those of this process, which are meant for its main thread. SQLite and TypeScript warn in Node 22.
      execArgv: ['--disable-warning=ExperimentalWarning'],
      resourceLimits: { maxYoungGenerationSizeMb: 16 },
    });
    thread.on('message', (answer: Answer) => this.#answered(answer));
    thread.on('error', (error) => this.#ended(thread, error.message));
    thread.on('exit', (code) => this.#ended(thread, `its thread ended with ${code}`));
    this.#thread = thread;
    return thread;
  }

  #answered(answer: Answer): void {
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    if (this.#waiting.size === 0) this.#thread?.unref();
    if ('value' in answer) waiting?.resolve(answer.value);
    else {
      const { code, message, hint } = answer.problem;
      waiting?.reject(new Problem(code, message, hint === undefined ? {} : { hint }));
    }
  }

  #ended(thread: Worker, reason: string): void {
    if (this.#thread !== thread) return;
    this.#thread = undefined;
    const problem = new Problem('ledger_failed', `the ledger at ${this.#path} stopped: ${reason}`, {
      hint: 'nothing that was recorded is lost; the next call starts it again',
    });
    for (const { reject } of this.#waiting.values()) reject(problem);
    this.#waiting.clear();
  }
}
