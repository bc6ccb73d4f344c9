import { once } from 'node:events';
import { createServer } from 'node:http';

export interface KeepAliveServer {
  url: string;
  /** Paths that were asked for. */
  requests: string[];
  close(): void;
}

/** Serves files by path, and never ends a connection by itself: what a client leaves open stays open. */
export async function startKeepAliveServer(files: ReadonlyMap<string, Buffer>): Promise<KeepAliveServer> {
  const requests: string[] = [];
  const server = createServer({ keepAliveTimeout: 600_000 }, (request, response) => {
    requests.push(request.url ?? '');
    const content = files.get(request.url ?? '');
    response.writeHead(content === undefined ? 404 : 200, { 'content-length': content?.byteLength ?? 0 }).end(content);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`,
    requests,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
