import { type Socket, connect } from 'node:net';
import type { Budget } from '../../../schemas/budget.ts';
import { FrameReader, writeFrame } from './framing.ts';
import { type Ask, GatewayFrame, type GatewayStatus, type Outcome, type WorkerFrame, protocolVersion } from './protocol.ts';

/** The gateway went away before it answered. */
export class ConnectionLost extends Error {
  constructor() {
    super('the model gateway went away');
    this.name = 'ConnectionLost';
  }
}

interface Pending {
  resolve(frame: GatewayFrame): void;
  reject(error: Error): void;
  retry(detail: string): void;
}

type Unnumbered<T> = T extends { id: number } ? Omit<T, 'id'> : never;

/** One connection to a gateway that answers. Many exchanges share it. */
export class Connection {
  readonly fingerprint: string;
  readonly protocol: number;
  readonly #socket: Socket;
  readonly #pending = new Map<number, Pending>();
  #next = 0;
  #lost = false;

  private constructor(socket: Socket, reader: FrameReader, hello: Extract<GatewayFrame, { type: 'hello' }>) {
    this.#socket = socket;
    this.fingerprint = hello.fingerprint;
    this.protocol = hello.protocol;
    socket.on('data', (bytes: Buffer) => this.#receive(reader, bytes));
    socket.once('close', () => this.#lose());
    // Waiting exchanges hold the process; an unused connection does not.
    socket.unref();
  }

  /** Undefined when nobody answers at the path. */
  static open(path: string): Promise<Connection | undefined> {
    return new Promise((resolve) => {
      const socket = connect(path);
      const reader = new FrameReader();
      const fail = () => resolve(undefined);
      socket.on('error', fail);
      socket.once('close', fail);
      socket.once('connect', () => writeFrame(socket, { type: 'hello', protocol: protocolVersion }));
      socket.on('data', function greet(bytes: Buffer) {
        const [frame] = reader.push(bytes);
        if (frame === undefined) return;
        socket.off('data', greet);
        socket.off('close', fail);
        const hello = GatewayFrame.safeParse(frame.json);
        if (hello.success && hello.data.type === 'hello') resolve(new Connection(socket, reader, hello.data));
        else resolve(undefined);
      });
    });
  }

  get lost(): boolean {
    return this.#lost;
  }

  /** Throws {@link ConnectionLost}, or the signal's reason; the request itself goes on then. */
  async ask(ask: Omit<Ask, 'id' | 'type'>, body: () => Buffer, signal: AbortSignal, onRetry: (detail: string) => void): Promise<Outcome> {
    signal.throwIfAborted();
    const id = this.#next++;
    let leave: () => void = () => undefined;
    const left = new Promise<never>((_, reject) => {
      leave = () => {
        this.#forget(id);
        this.#send({ type: 'leave', id });
        reject(signal.reason);
      };
    });
    signal.addEventListener('abort', leave, { once: true });
    try {
      const frame = await Promise.race([this.#request({ type: 'ask', ...ask }, id, onRetry, body), left]);
      if (frame.type !== 'outcome') throw new ConnectionLost();
      return frame.outcome;
    } finally {
      signal.removeEventListener('abort', leave);
    }
  }

  acknowledge(rollout: string, exchange: number): void {
    this.#send({ type: 'ack', rollout, exchange });
  }

  async cancel(rollout: string): Promise<void> {
    await this.#request({ type: 'cancel', rollout }, this.#next++);
  }

  async status(): Promise<GatewayStatus | undefined> {
    const frame = await this.#request({ type: 'status' }, this.#next++);
    return frame.type === 'status' ? frame.status : undefined;
  }

  async setBudget(campaign: string, budget: Budget): Promise<void> {
    await this.#request({ type: 'budget', campaign, budget }, this.#next++);
  }

  /** Whether it ends now. */
  async stop(whenIdle: boolean): Promise<boolean> {
    const frame = await this.#request({ type: 'stop', when_idle: whenIdle }, this.#next++);
    return frame.type === 'done' && frame.leaving;
  }

  close(): void {
    this.#socket.destroy();
  }

  #request(
    frame: Unnumbered<WorkerFrame>,
    id: number,
    retry: (detail: string) => void = () => undefined,
    body?: () => Buffer,
  ): Promise<GatewayFrame> {
    return new Promise((resolve, reject) => {
      if (this.#lost) return reject(new ConnectionLost());
      this.#pending.set(id, { resolve, reject, retry });
      this.#socket.ref();
      this.#send({ ...frame, id }, body?.());
    });
  }

  #send(frame: object, body?: Buffer): void {
    if (!this.#lost) writeFrame(this.#socket, frame, body);
  }

  #receive(reader: FrameReader, bytes: Buffer): void {
    try {
      for (const { json } of reader.push(bytes)) {
        const frame = GatewayFrame.parse(json);
        if (frame.type === 'hello') continue;
        const pending = this.#pending.get(frame.id);
        if (frame.type === 'retry') {
          pending?.retry(frame.detail);
          continue;
        }
        this.#forget(frame.id);
        pending?.resolve(frame);
      }
    } catch {
      // A gateway that does not keep to the protocol counts as none.
      this.#socket.destroy();
    }
  }

  #forget(id: number): void {
    this.#pending.delete(id);
    if (this.#pending.size === 0) this.#socket.unref();
  }

  #lose(): void {
    this.#lost = true;
    for (const pending of this.#pending.values()) pending.reject(new ConnectionLost());
    this.#pending.clear();
  }
}
