import { createServer, type Http2Server } from 'node:http2';
import { setTimeout as sleep } from 'node:timers/promises';
import { Connection } from '@temporalio/client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { callInterceptors } from '../../../platform/temporal/call-interceptors.ts';

/** A server that answers every call with one status of gRPC. */
let server: Http2Server;
let status: string;
let asked: string[];
const uncaught: unknown[] = [];
const note = (error: unknown) => void uncaught.push(error);

beforeEach(async () => {
  [status, asked] = ['12', []];
  server = createServer();
  server.on('stream', (stream, headers) => {
    asked.push(String(headers[':path']));
    stream.respond({ ':status': 200, 'content-type': 'application/grpc', 'grpc-status': status }, { endStream: true });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  uncaught.length = 0;
  process.on('uncaughtException', note);
});
afterEach(() => {
  process.off('uncaughtException', note);
  server.close();
});

async function connect(): Promise<Connection> {
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return await Connection.connect({ address: `127.0.0.1:${port}`, interceptors: callInterceptors() });
}

describe('a connection that is closed while a call is about to be tried again', () => {
  it('ends the call as cancelled, and throws nothing where nobody can catch it', async () => {
    const connection = await connect();
    status = '14';
    asked = [];
    const call = connection.workflowService.describeNamespace({ namespace: 'default' }).then(
      () => 'answered',
      (error: unknown) => error,
    );
    while (asked.length < 2) await sleep(10);
    await connection.close();
    expect(await call).toMatchObject({ code: 1, details: 'Channel has been shut down' });
    await sleep(300);
    expect(uncaught).toEqual([]);
  });

  it('refuses a call that comes later, in the same way', async () => {
    const connection = await connect();
    await connection.close();
    await expect(connection.workflowService.describeNamespace({ namespace: 'default' })).rejects.toMatchObject({ code: 1 });
  });

  it('still tries a call again while it is open', async () => {
    const connection = await connect();
    status = '14';
    asked = [];
    const call = connection.workflowService.describeNamespace({ namespace: 'default' });
    while (asked.length < 2) await sleep(10);
    status = '5';
    await expect(call).rejects.toMatchObject({ code: 5 });
    await connection.close();
  });
});
