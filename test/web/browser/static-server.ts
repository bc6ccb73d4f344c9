import { createReadStream, existsSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';

const types: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.txt': 'text/plain; charset=utf-8',
};

interface StaticSite {
  url: string;
  /** Paths asked for that are not there. */
  missing: string[];
  close(): Promise<void>;
}

/**
 * A web server as simple as they come: files of a folder below a path, GET alone, no ranges, no tags of versions; with `gzip`
 * each answer is packed on the way, without its length.
 */
export async function serveFolder(folder: string, { below = '/', gzip = false } = {}): Promise<StaticSite> {
  const missing: string[] = [];
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? '/', 'http://localhost').pathname);
    const inside = path.startsWith(below) ? normalize(path.slice(below.length)) : '..';
    const file = join(folder, inside === '.' ? 'index.html' : inside);
    if (request.method !== 'GET' || inside.startsWith('..') || !existsSync(file) || !statSync(file).isFile()) {
      missing.push(path);
      response.writeHead(404, { 'content-type': 'text/html' }).end('<h1>Not here</h1>');
      return;
    }
    const type = types[extname(file)] ?? 'application/octet-stream';
    response.writeHead(200, { 'content-type': type, ...(gzip && { 'content-encoding': 'gzip' }) });
    const steps = gzip ? [createGzip(), response] : [response];
    pipeline([createReadStream(file), ...steps]).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${portOf(server.address())}${below}`,
    missing,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function portOf(address: AddressInfo | string | null): number {
  return typeof address === 'object' && address !== null ? address.port : 0;
}
