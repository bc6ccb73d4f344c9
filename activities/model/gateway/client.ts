import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { orAborted } from '../../../platform/waiting.ts';
import type { Budget } from '../../../schemas/budget.ts';
import { Problem } from '../../../schemas/problem.ts';
import { Connection, ConnectionLost } from './connection.ts';
import { fingerprint } from './fingerprint.ts';
import { launchGateway } from './launch.ts';
import { type Ask, type GatewayStatus, type Outcome, protocolVersion } from './protocol.ts';
import { gatewaySocket } from './socket-path.ts';

export interface GatewayClientOptions {
  /** Tracemill's home: one gateway serves each. */
  home: string;
  /** Where the values of keys are looked up. */
  environment: NodeJS.ProcessEnv;
  /** After how long without anything to do the gateway ends; 10 minutes by default. */
  idleSeconds?: number;
}

const firstAnswerMs = 20_000;
const relaunchMs = 3_000;
const oldProtocolPatienceMs = 120_000;
const lossesInARow = 5;

/**
 * A worker's way to the gateway of its host, which it starts when there is none. One client serves all the
 * rollouts of a worker.
 */
export class GatewayClient {
  readonly #options: GatewayClientOptions;
  readonly #socket: string;
  readonly #fingerprint = fingerprint();
  #connecting: Promise<Connection> | undefined;
  #connection: Connection | undefined;

  constructor(options: GatewayClientOptions) {
    this.#options = options;
    this.#socket = gatewaySocket(options.home);
  }

  /** The value of a key variable, from the worker's environment. */
  key(variable: string): string | undefined {
    return this.#options.environment[variable];
  }

  /** Starts or finds the gateway, so that the first exchange need not wait for it. */
  async ready(): Promise<void> {
    await this.#connected();
  }

  /**
   * Asks for an exchange, or attaches to it when it was asked before. A gateway that dies loses its requests:
   * the exchange is then asked again, which is the only case of a request made twice. `body` is called for each
   * sending, so that a request that waits for its answer is held by the gateway alone.
   */
  async ask(ask: Omit<Ask, 'id' | 'type'>, body: () => Buffer, signal: AbortSignal, onRetry: (detail: string) => void): Promise<Outcome> {
    for (let losses = 0; ; losses++) {
      try {
        const connection = await orAborted(this.#connected(), signal);
        return await connection.ask(ask, body, signal, onRetry);
      } catch (error) {
        if (!(error instanceof ConnectionLost)) throw error;
        if (losses + 1 >= lossesInARow) {
          throw new Problem(
            'gateway_unavailable',
            `rollout ${ask.rollout}, exchange ${ask.exchange}: the model gateway went away ${lossesInARow} times`,
            {
              hint: `its log is ${join(this.#options.home, 'logs', 'gateway.log')}`,
            },
          );
        }
      }
    }
  }

  /** Reports that a reply is on disk. Without a gateway it does nothing. */
  acknowledge(rollout: string, exchange: number): void {
    if (this.#connection !== undefined) this.#connection.acknowledge(rollout, exchange);
    else void this.#existing().then((connection) => connection?.acknowledge(rollout, exchange));
  }

  /** Aborts what a rollout that is given up still has in flight. */
  async cancel(rollout: string): Promise<void> {
    const connection = await this.#existing();
    await connection?.cancel(rollout).catch(ignoreLoss);
  }

  /** Undefined when no gateway runs. */
  async status(): Promise<GatewayStatus | undefined> {
    const connection = await this.#existing();
    return connection?.status().catch(ignoreLoss);
  }

  /** Changes a campaign's budget. Without a gateway it does nothing; the next gateway is sent the budget again. */
  async setBudget(campaign: string, budget: Budget): Promise<void> {
    const connection = await this.#existing();
    await connection?.setBudget(campaign, budget).catch(ignoreLoss);
  }

  /** Undefined when no gateway runs, else whether it ends now rather than when it is idle. */
  async stop(whenIdle: boolean): Promise<boolean | undefined> {
    const connection = await this.#existing();
    return connection?.stop(whenIdle).catch(ignoreLoss);
  }

  close(): void {
    this.#connection?.close();
  }

  async #existing(): Promise<Connection | undefined> {
    if (this.#connection !== undefined && !this.#connection.lost) return this.#connection;
    const connection = await Connection.open(this.#socket);
    if (this.#connecting === undefined && connection !== undefined) this.#connection = connection;
    return connection;
  }

  #connected(): Promise<Connection> {
    if (this.#connection !== undefined && !this.#connection.lost && this.#connection.protocol === protocolVersion) {
      return Promise.resolve(this.#connection);
    }
    this.#connecting ??= this.#connect().finally(() => {
      this.#connecting = undefined;
    });
    return this.#connecting;
  }

  async #connect(): Promise<Connection> {
    const started = Date.now();
    let launched = 0;
    for (;;) {
      const connection = await Connection.open(this.#socket);
      if (connection !== undefined) {
        const usable = await this.#inspect(connection);
        if (usable) {
          this.#connection = connection;
          return connection;
        }
        connection.close();
        if (Date.now() - started > oldProtocolPatienceMs) throw this.#notReplaced();
        await sleep(200);
        continue;
      }
      if (Date.now() - started > firstAnswerMs) throw this.#silent();
      if (Date.now() - launched > relaunchMs) {
        launchGateway({ ...this.#options, idleSeconds: this.#options.idleSeconds ?? 600 });
        launched = Date.now();
      }
      await sleep(15);
    }
  }

  /** A gateway of other code ends as soon as it is idle; until then it serves, if it speaks the same protocol. */
  async #inspect(connection: Connection): Promise<boolean> {
    if (connection.fingerprint === this.#fingerprint) return true;
    const leaving = await connection.stop(true).catch(() => true);
    return !leaving && connection.protocol === protocolVersion;
  }

  #silent(): Problem {
    return new Problem('gateway_unavailable', `no model gateway answers at ${this.#socket}`, {
      hint: `its log is ${join(this.#options.home, 'logs', 'gateway.log')}`,
    });
  }

  #notReplaced(): Problem {
    return new Problem('gateway_outdated', 'a model gateway of another version still has requests in flight', {
      hint: 'wait for the other worker to finish, or run "tracemill gateway stop"',
    });
  }
}

function ignoreLoss(error: unknown): undefined {
  if (!(error instanceof ConnectionLost)) throw error;
  return undefined;
}
