import { NativeConnection } from '@temporalio/worker';
import { probe, unreachable } from './probe.ts';
import type { TemporalServer } from './server.ts';

/** A worker’s connection, by the same settings as any client’s; to be closed by the caller. Throws the `Problem`s of {@link probe}. */
export async function connectWorker(server: TemporalServer, timeoutMs = 10_000): Promise<NativeConnection> {
  await probe(server, timeoutMs);
  const { address, access } = server;
  try {
    return await NativeConnection.connect({ address, ...access });
  } catch (error) {
    throw unreachable(server, error);
  }
}
