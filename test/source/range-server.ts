import { createServer } from 'node:http';

export interface RangeServer {
  url: string;
  requests: string[];
  close(): Promise<void>;
}

/** Serves bytes in ranges over real HTTP. `cutAfter`: every other answer is broken off after so many bytes. */
export async function serveRanges(
  bytes: Buffer,
  behaviour: { cutAfter?: number; ranges?: boolean; failFirst?: number } = {},
): Promise<RangeServer> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(request.headers.range ?? '');
    const number = requests.length;
    if (number <= (behaviour.failFirst ?? 0)) return void response.writeHead(503).end();
    const range = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '');
    if (behaviour.ranges === false || range === null) return void response.writeHead(200).end(bytes);
    const [start, end] = [Number(range[1]), Math.min(Number(range[2]), bytes.length - 1)];
    const body = bytes.subarray(start, end + 1);
    response.writeHead(206, { 'content-range': `bytes ${start}-${end}/${bytes.length}`, 'content-length': body.length, etag: '"one"' });
    if (behaviour.cutAfter === undefined || number % 2 === 1 || body.length <= behaviour.cutAfter) return void response.end(body);
    response.write(body.subarray(0, behaviour.cutAfter), () => setTimeout(() => response.destroy(), 20));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
