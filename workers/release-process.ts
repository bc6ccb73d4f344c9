import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';
import { Problem } from '../schemas/problem.ts';
import type { Logger } from '../platform/logger.ts';
import { ReleaseWorkerReport, type ReleaseWorkerSettings } from './release-worker-settings.ts';

/** A process that takes no work within this time is ended; milliseconds. */
const startMs = 60_000;
/**
 * What Node and the C library are told of this process. Its main thread plans and passes packed rows on, and a heap that may grow to
 * gigabytes keeps hundreds of megabytes of what it has dropped; each of its many threads would keep a part of its own for what lies
 * outside heaps. Threads that encode rows have bounds of their own.
 */
export const releaseProcessMemory = {
  flags: ['--max-semi-space-size=8', '--max-old-space-size=1024'],
  environment: { MALLOC_ARENA_MAX: '2' },
} as const;

/** Pause before a process that died is started again: doubled each time, up to the longest; milliseconds. */
const pauseMs = { first: 500, longest: 30_000 };

export interface ReleaseProcessOptions {
  settings: ReleaseWorkerSettings;
  environment: NodeJS.ProcessEnv;
  /** A file that exists while the process is needed: a worker that dies leaves it for the next one. */
  marker: string;
  logger: Logger;
}

interface Child {
  process: ChildProcess;
  ready: Promise<void>;
  ended: Promise<void>;
  /** It has had nothing to do for a while and takes no more work. */
  ending: boolean;
}

/**
 * The process that builds this home's releases, `release-worker.ts`: started when a release begins, so that a worker at
 * rest stays small, started again when it dies, ended with its worker or after a while without work.
 */
export class ReleaseProcess {
  readonly #options: ReleaseProcessOptions;
  #child: Child | undefined;
  #stopped = false;
  #deaths = 0;
  #restart: NodeJS.Timeout | undefined;

  constructor(options: ReleaseProcessOptions) {
    this.#options = options;
  }

  get pid(): number | undefined {
    return this.#child?.process.pid;
  }

  /** Starts the process where the last worker had one, so that a release under way goes on without another request. */
  async takeOver(): Promise<void> {
    if (existsSync(this.#options.marker)) await this.start();
  }

  /** Resolves once the process takes work. Throws `Problem` release_worker_failed when it does not come up. */
  async start(): Promise<void> {
    while (this.#child?.ending === true) await this.#child.ended;
    if (this.#stopped) throw new Problem('release_worker_stopped', 'the worker is shutting down');
    this.#child ??= this.#launch();
    await this.#child.ready;
  }

  /** Ends the process, which gives back its work; killed after `graceMs`. */
  async stop(graceMs: number): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#restart);
    const child = this.#child;
    if (child === undefined) return;
    child.process.kill('SIGTERM');
    const timer = setTimeout(() => child.process.kill('SIGKILL'), graceMs);
    await child.ended;
    clearTimeout(timer);
  }

  #launch(): Child {
    const { settings, environment, marker, logger } = this.#options;
    mkdirSync(dirname(marker), { recursive: true });
    writeFileSync(marker, '');
    const entry = join(import.meta.dirname, `release-worker${extname(import.meta.filename)}`);
    const child = fork(entry, [JSON.stringify(settings)], {
      env: { ...passedOn(environment), ...releaseProcessMemory.environment },
      execArgv: ['--disable-warning=ExperimentalWarning', ...releaseProcessMemory.flags],
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    const ready = this.#untilReady(child);
    // The caller of `start` gets the error; after a failed restart the process closes, which starts it again.
    ready.catch(() => undefined);
    const launched: Child = { process: child, ready, ending: false, ended: once(child, 'close').then(() => undefined) };
    child.on('message', (message) => {
      if (ReleaseWorkerReport.safeParse(message).data !== 'ending') return;
      launched.ending = true;
    });
    child.once('close', (code, signal) => {
      this.#child = undefined;
      if (launched.ending) rmSync(marker, { force: true });
      if (this.#stopped || launched.ending) return;
      logger.warn({ code, signal }, 'the process that builds releases died; it is started again');
      this.#startAgain();
    });
    return launched;
  }

  async #untilReady(child: ChildProcess): Promise<void> {
    const timer = setTimeout(() => child.kill('SIGKILL'), startMs);
    try {
      await new Promise<void>((resolve, reject) => {
        child.on('message', (message) => {
          if (ReleaseWorkerReport.safeParse(message).data === 'ready') resolve();
        });
        child.once('error', reject);
        child.once('close', (code, signal) => reject(new Error(`it ended with ${code ?? signal}`)));
      });
      this.#deaths = 0;
    } catch (cause) {
      throw new Problem('release_worker_failed', 'the process that builds releases does not start', {
        cause,
        hint: "see the worker's log",
      });
    } finally {
      clearTimeout(timer);
    }
  }

  #startAgain(): void {
    const pause = Math.min(pauseMs.first * 2 ** this.#deaths, pauseMs.longest);
    this.#deaths += 1;
    this.#restart = setTimeout(() => void this.start().catch(() => undefined), pause);
  }
}

/** It needs no key of a teacher, so none is in its environment. */
function passedOn(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const wanted = /^(PATH|HOME|TZ|LANG|LC_\w+|TMPDIR|XDG_\w+|NODE_EXTRA_CA_CERTS|SSL_CERT_\w+|TEMPORAL_\w+|TRACEMILL_(HOME|LOG_LEVEL))$/;
  return Object.fromEntries(Object.entries(environment).filter(([name]) => wanted.test(name)));
}
