import { setTimeout as sleep } from 'node:timers/promises';
import { Problem } from '../../schemas/problem.ts';
import { isConflict, isMissing, isUnreachable } from '../engine/engine-error.ts';
import type { Container } from '../engine/engine.ts';
import { ControlChannel, ControlLost } from './control-channel.ts';
import { SandboxGone } from './sandbox-gone.ts';

/**
 * Keeps a control shell to a container, opening a new one when the old one is lost. When none can be opened
 * (processes exhausted, everything killed) the container is swept: all but its first process are killed.
 */
export class ControlLink {
  readonly #container: Container;
  readonly #name: string;
  #channel: ControlChannel | undefined;
  #opening: Promise<ControlChannel> | undefined;
  #nonce: string | undefined;
  #closed = false;

  constructor(container: Container, name: string) {
    this.#container = container;
    this.#name = name;
  }

  async channel(): Promise<ControlChannel> {
    if (this.#closed) throw new Problem('sandbox_detached', `${this.#name} was detached by this process`);
    if (this.#channel?.usable) return this.#channel;
    this.#opening ??= this.#open().finally(() => {
      this.#opening = undefined;
    });
    return this.#opening;
  }

  /** Asks, once more through a new control shell when the first was lost. For requests that may be repeated. */
  async ask(code: string | Buffer, options: { maxBytes?: number; timeoutMs?: number } = {}): Promise<Buffer> {
    try {
      return await this.askOnce(code, options);
    } catch (error) {
      if (!(error instanceof ControlLost)) throw error;
      return this.askOnce(code, options);
    }
  }

  async askOnce(code: string | Buffer, options: { maxBytes?: number; timeoutMs?: number } = {}): Promise<Buffer> {
    const channel = await this.channel();
    try {
      return await channel.request(code, options);
    } catch (error) {
      if (error instanceof ControlLost) await this.#insistOnLife(error);
      throw error;
    }
  }

  /** Kills everything in the container but its first process, which then opens a new shell; `reset` makes it forget its state too. */
  async sweep(reset: boolean): Promise<void> {
    try {
      await this.#container.signal(reset ? 'SIGUSR2' : 'SIGUSR1');
    } catch (error) {
      throw this.#classify(error);
    }
    this.#channel?.close();
    this.#channel = undefined;
    await sleep(100);
  }

  close(): void {
    this.#closed = true;
    this.#channel?.close();
    this.#channel = undefined;
  }

  async #open(): Promise<ControlChannel> {
    let reason: unknown;
    for (let attempt = 0; attempt < 4; attempt++) {
      try {
        const channel = await ControlChannel.open(this.#container, this.#nonce, attempt === 0 ? 20_000 : 10_000);
        if (this.#closed) channel.close();
        this.#channel = channel;
        this.#nonce = channel.nonce;
        return channel;
      } catch (error) {
        if (error instanceof Problem) throw error;
        reason = error;
        await this.#insistOnLife(error);
        if (attempt === 0) await sleep(200);
        else await this.sweep(attempt > 1);
      }
    }
    throw new SandboxGone(this.#name, reason);
  }

  async #insistOnLife(error: unknown): Promise<void> {
    if (isMissing(error) || isUnreachable(error)) throw new SandboxGone(this.#name, error);
    try {
      const { running, status } = await this.#container.inspect();
      if (!running) throw new SandboxGone(this.#name, new Error(`its container is ${status}`));
    } catch (inspection) {
      throw this.#classify(inspection);
    }
  }

  #classify(error: unknown): unknown {
    return isMissing(error) || isUnreachable(error) || isConflict(error) ? new SandboxGone(this.#name, error) : error;
  }
}
