import { Client } from '@temporalio/client';
import { withConnection } from '../platform/temporal/connect.ts';
import { knownServer } from '../platform/temporal/known-server.ts';
import { Problem } from '../schemas/problem.ts';

/**
 * Does `work` with a client of the Temporal server in use, without starting one. Throws as {@link withConnection} does,
 * and `Problem` temporal_not_started when there is no server.
 */
export async function withClient<T>(work: (client: Client) => Promise<T>): Promise<T> {
  const server = knownServer();
  if (server === undefined) {
    throw new Problem('temporal_not_started', 'no Temporal server was started for this home', { hint: 'run: tracemill up' });
  }
  return await withConnection(server, (connection) => work(new Client({ connection, namespace: server.namespace })));
}
