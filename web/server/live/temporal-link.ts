import { Client, Connection } from '@temporalio/client';
import { openConnection } from '../../../platform/temporal/connect.ts';
import { knownServer } from '../../../platform/temporal/known-server.ts';
import { messageOf, Problem } from '../../../schemas/problem.ts';

/** How long a server that did not answer is left alone, and how long it gets to answer; milliseconds. */
const restMs = 3000;
const patienceMs = 3000;

/** One connection to the Temporal server of this home for all requests of pages, made when it is first needed. */
export class TemporalLink {
  #client: Promise<Client> | undefined;
  #address = '';
  #restUntil = 0;
  #reason: Problem | undefined;

  /** Throws `Problem` temporal_not_started, temporal_unreachable and what the work throws. */
  async client(): Promise<Client> {
    const server = knownServer();
    if (server === undefined) {
      throw new Problem('temporal_not_started', 'no Temporal server was started for this home', { hint: 'run: tracemill up' });
    }
    if (server.address !== this.#address) await this.close();
    if (this.#reason !== undefined && Date.now() < this.#restUntil) throw this.#reason;
    this.#address = server.address;
    this.#client ??= (async () => {
      const connection = await openConnection(server, patienceMs);
      return new Client({ connection, namespace: server.namespace });
    })();
    try {
      return await this.#client;
    } catch (error) {
      this.#client = undefined;
      this.#restUntil = Date.now() + restMs;
      this.#reason = error instanceof Problem ? error : new Problem('temporal_unreachable', messageOf(error), { cause: error });
      throw this.#reason;
    }
  }

  /** What the work gives, null when the server or a worker does not answer: `missing` then says what is not known, and why. */
  async ask<T>(missing: string[], what: string, work: (client: Client) => Promise<T>): Promise<T | null> {
    try {
      const client = await this.client();
      return await client.withDeadline(Date.now() + 10_000, async () => await work(client));
    } catch (error) {
      const hint = error instanceof Problem && error.hint !== undefined ? ` (${error.hint})` : '';
      missing.push(`${what}: ${messageOf(error)}${hint}`);
      return null;
    }
  }

  async close(): Promise<void> {
    const client = await this.#client?.catch(() => undefined);
    this.#client = undefined;
    this.#reason = undefined;
    if (client !== undefined && client.connection instanceof Connection) await client.connection.close().catch(() => undefined);
  }
}
