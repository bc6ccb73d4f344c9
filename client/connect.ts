import { Client } from '@temporalio/client';
import { knownTemporal, withConnection } from '../infra/temporal.ts';
import { Problem } from '../schemas/problem.ts';

/**
 * Does `work` with a client of the Temporal server in use, without starting one. Throws `Problem` temporal_unreachable
 * or temporal_not_started when there is none.
 */
export async function withClient<T>(work: (client: Client) => Promise<T>): Promise<T> {
  const server = knownTemporal();
  if (server === undefined) {
    throw new Problem('temporal_not_started', 'no Temporal server was started for this home', { hint: 'run: tracemill up' });
  }
  return await withConnection(server, (connection) => work(new Client({ connection, namespace: server.namespace })));
}
