import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import type { Hono } from 'hono';
import { messageOf, Problem } from '../../schemas/problem.ts';
import { type Access, hostsOf, isLoopback } from './guard.ts';

export interface Serving {
  /** Where to open it, without a token. */
  url: string;
  /** Ends within a second, open connections included. */
  close(): Promise<void>;
}

interface Place {
  host: string;
  /** 0 takes a free one. */
  port: number;
  /** Needed for any address but this machine's own. */
  token: string | null;
  /** Names under which what stands in front of it is asked: `host` or `host:port`. */
  names?: readonly string[];
}

/**
 * Serves an app. Throws `Problem` token_needed for an address that others reach without a token, port_taken.
 */
export async function serve({ host, port, token, names = [] }: Place, app: (access: Access) => Hono): Promise<Serving> {
  if (token === null && !isLoopback(host)) {
    throw new Problem('token_needed', `${host} can be reached by other machines: pages there need a token`, {
      hint: 'give --token-file with a file that holds a long random text, or leave --host away',
    });
  }
  const hosts = new Set<string>();
  const inner = app({ hosts, token });
  const server = createAdaptorServer({ fetch: inner.fetch });
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (error) {
    throw new Problem('port_taken', `port ${port} of ${host} cannot be used: ${messageOf(error)}`, {
      cause: error,
      hint: 'give another --port, or 0 for a free one',
    });
  }
  const bound = portOf(server.address());
  for (const name of hostsOf(host, bound, names)) hosts.add(name);
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${bound}/`,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      if ('closeAllConnections' in server) server.closeAllConnections();
      await closed;
    },
  };
}

function portOf(address: AddressInfo | string | null): number {
  return typeof address === 'object' && address !== null ? address.port : 0;
}
