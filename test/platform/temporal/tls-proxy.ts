import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { createServer, type TLSSocket } from 'node:tls';
import { contentsOf, type Identity } from './certificates.ts';

export interface TlsProxy {
  /** host:port on the loopback interface. */
  address: string;
  /** Connections whose client certificate was accepted. */
  accepted: () => number;
  close(): Promise<void>;
}

/** TLS in front of a server in plain text that lets in nobody without a certificate of `clientAuthority` (a file). */
export async function startTlsProxy(upstream: string, own: Identity, clientAuthority: string): Promise<TlsProxy> {
  const port = Number(upstream.split(':').at(-1));
  const open = new Set<Socket | TLSSocket>();
  let accepted = 0;
  const server = createServer(
    { ...contentsOf(own), ca: readFileSync(clientAuthority), requestCert: true, rejectUnauthorized: true, ALPNProtocols: ['h2'] },
    (client) => {
      accepted += 1;
      const behind = connect(port, '127.0.0.1');
      for (const [from, to] of [
        [client, behind],
        [behind, client],
      ] as const) {
        open.add(from);
        from.on('error', () => to.destroy());
        from.once('close', () => {
          open.delete(from);
          to.destroy();
        });
        from.pipe(to);
      }
    },
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const bound = server.address();
  return {
    address: `127.0.0.1:${typeof bound === 'object' && bound !== null ? bound.port : 0}`,
    accepted: () => accepted,
    async close() {
      server.close();
      for (const socket of open) socket.destroy();
      if (server.listening) await once(server, 'close');
    },
  };
}
