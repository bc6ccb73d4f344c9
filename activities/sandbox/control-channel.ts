import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf, Problem } from '../../schemas/problem.ts';
import type { Container, Exec } from '../engine/engine.ts';
import { quietEnvironment } from './image-environment.ts';
import { GrowingBuffer } from './growing-buffer.ts';

const program = readFileSync(join(import.meta.dirname, 'programs', 'control.sh'));

/** The control shell ended or stopped answering; the container may well live. */
export class ControlLost extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ControlLost';
  }
}

/** Someone listening for the end of a command; `cancel` must be called when that is no longer of interest. */
export interface Announcement {
  promise: Promise<void>;
  cancel: () => void;
}

interface Pending {
  nonce: string;
  maxBytes: number;
  resolve: (reply: Buffer) => void;
  reject: (error: Error) => void;
  timer: NodeJS.Timeout;
}

const requestTimeoutMs = 20_000;
/** Events are a few bytes a command; more than this in all comes from a hostile writer. */
const eventFlood = 256 * 1024;

/**
 * One shell in the container that takes requests (complete brace groups, so that a torn one is a syntax error
 * and never half executed) on its input and answers each with its output and a random end. Ended commands are
 * announced on its second output.
 */
export class ControlChannel {
  readonly nonce: string;
  readonly #exec: Exec;
  readonly #pending: Pending[] = [];
  readonly #reply = new GrowingBuffer();
  readonly #waiters = new Map<number, Set<() => void>>();
  #searched = 0;
  #events = '';
  #eventBytes = 0;
  #lost: ControlLost | undefined;

  private constructor(exec: Exec, nonce: string) {
    this.#exec = exec;
    this.nonce = nonce;
    const outputs = exec.read(
      (data) => this.#onReply(data),
      (data) => this.#onEvent(data),
    );
    outputs.then(
      () => this.#lose('its outputs ended'),
      (error: unknown) => this.#lose(messageOf(error)),
    );
  }

  /** Starts a control shell. `previous` is the nonce of the one that this process had before; refused where another process took over since. */
  static async open(container: Container, previous: string | undefined, timeoutMs = requestTimeoutMs): Promise<ControlChannel> {
    const nonce = randomBytes(12).toString('hex');
    const exec = await container.exec({ command: ['sh', '-s', nonce, previous ?? ''], env: ['LC_ALL=C', ...quietEnvironment] });
    const channel = new ControlChannel(exec, nonce);
    try {
      const greeting = await channel.#send(program, 'printf ready', 1024, timeoutMs);
      if (greeting.toString() !== 'ready') throw new ControlLost(`it greeted with ${JSON.stringify(greeting.toString().slice(0, 200))}`);
    } catch (error) {
      if (channel.#reply.length > 0 && channel.#reply.take(5).toString() === 'taken') {
        throw new Problem('sandbox_taken', 'another process took charge of this sandbox', {
          hint: 'this worker lost the rollout to a newer attempt; nothing to do',
        });
      }
      channel.close();
      throw error;
    }
    return channel;
  }

  get usable(): boolean {
    return this.#lost === undefined;
  }

  /** Runs shell code in the control shell and gives what it printed. Rejects with {@link ControlLost}. */
  request(code: string | Buffer, options: { maxBytes?: number; timeoutMs?: number } = {}): Promise<Buffer> {
    return this.#send(Buffer.alloc(0), code, options.maxBytes ?? 64 * 1024, options.timeoutMs ?? requestTimeoutMs);
  }

  /** Resolves when the command is announced as ended, or this control shell is lost. */
  ended(number: number): Announcement {
    const { promise, resolve } = Promise.withResolvers<void>();
    if (this.#lost) resolve();
    const waiters = this.#waiters.get(number) ?? new Set();
    waiters.add(resolve);
    this.#waiters.set(number, waiters);
    return {
      promise,
      cancel: () => {
        waiters.delete(resolve);
        if (waiters.size === 0) this.#waiters.delete(number);
      },
    };
  }

  /** Ends the control shell; the container goes on. */
  close(): void {
    this.#lose('it was closed');
    this.#exec.close();
  }

  #send(before: Buffer, code: string | Buffer, maxBytes: number, timeoutMs: number): Promise<Buffer> {
    if (this.#lost) return Promise.reject(this.#lost);
    const nonce = randomBytes(12).toString('hex');
    const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
    const timer = setTimeout(() => {
      this.#lose(`no answer within ${timeoutMs / 1000} s`);
      this.#exec.close();
    }, timeoutMs);
    this.#pending.push({ nonce, maxBytes, resolve, reject, timer });
    this.#exec.write(Buffer.concat([before, Buffer.from('{ '), Buffer.from(code), Buffer.from(`; printf '\\n%s\\n' ${nonce}; }\n`)]));
    return promise;
  }

  #onReply(data: Buffer): void {
    this.#reply.append(data);
    for (let next = this.#pending[0]; next !== undefined; next = this.#pending[0]) {
      const end = `\n${next.nonce}\n`;
      const found = this.#reply.indexOf(end, this.#searched - end.length);
      if (found === -1) {
        this.#searched = this.#reply.length;
        if (this.#reply.length > next.maxBytes + end.length) {
          this.#lose(`an answer exceeded ${next.maxBytes} bytes`);
          this.#exec.close();
        }
        return;
      }
      this.#pending.shift();
      this.#searched = 0;
      clearTimeout(next.timer);
      next.resolve(this.#reply.take(found, end.length));
    }
  }

  #onEvent(data: Buffer): void {
    this.#eventBytes += data.length;
    if (this.#eventBytes > eventFlood) {
      if (this.#eventBytes - data.length <= eventFlood) void this.request('r_deafen').catch(() => undefined);
      return;
    }
    this.#events += data.toString('latin1');
    const lines = this.#events.split('\n');
    this.#events = (lines.pop() ?? '').slice(-100);
    for (const line of lines) {
      const number = /^done (\d{1,9})$/.exec(line)?.[1];
      if (number === undefined) continue;
      const waiters = this.#waiters.get(Number(number));
      if (waiters === undefined) continue;
      for (const wake of waiters) wake();
    }
  }

  #lose(reason: string): void {
    if (this.#lost) return;
    this.#lost = new ControlLost(`the control shell was lost: ${reason}`);
    for (const pending of this.#pending.splice(0)) {
      clearTimeout(pending.timer);
      pending.reject(this.#lost);
    }
    for (const waiters of this.#waiters.values()) for (const wake of waiters) wake();
  }
}
