import { Connection, isGrpcServiceError, ServiceError } from '@temporalio/client';
import { NamespaceNotFoundError } from '@temporalio/common';
import { Problem } from '../../schemas/problem.ts';
import { callInterceptors } from './call-interceptors.ts';
import { probe, unreachable } from './probe.ts';
import { describeServer, type TemporalServer } from './server.ts';

/** A connection that is to be closed by whoever asked. Throws the `Problem`s of {@link probe}, and what the SDK throws. */
export async function openConnection(server: TemporalServer, timeoutMs: number): Promise<Connection> {
  await probe(server, timeoutMs);
  const { address, access } = server;
  return await Connection.connect({ address, connectTimeout: timeoutMs, interceptors: callInterceptors(), ...access });
}

/**
 * Connects, does the work, closes. Throws the `Problem`s of {@link probe} when the server does not answer or let us in
 * within `timeoutMs`, temporal_unauthorized and temporal_namespace_missing when it refuses what the work asks.
 */
export async function withConnection<T>(
  server: TemporalServer,
  work: (connection: Connection) => Promise<T>,
  timeoutMs = 10_000,
): Promise<T> {
  const connection = await openConnection(server, timeoutMs).catch((error: unknown) => {
    throw error instanceof Problem ? error : (refusal(server, error) ?? unreachable(server, error));
  });
  try {
    return await work(connection);
  } catch (error) {
    throw refusal(server, error) ?? error;
  } finally {
    await connection.close();
  }
}

const notFound = 5;
const permissionDenied = 7;
const unauthenticated = 16;

/** What the server refuses on principle, so that trying again is no use; undefined for anything else. */
function refusal(server: TemporalServer, error: unknown): Problem | undefined {
  const cause: unknown = error instanceof ServiceError ? error.cause : error;
  if (error instanceof NamespaceNotFoundError || cause instanceof NamespaceNotFoundError) return namespaceMissing(server, error);
  if (!isGrpcServiceError(cause)) return undefined;
  if (cause.code === notFound && /namespace/i.test(cause.details)) return namespaceMissing(server, error);
  if (cause.code !== unauthenticated && cause.code !== permissionDenied) return undefined;
  const { apiKey, tls } = server.access;
  const withKey = apiKey !== undefined;
  const shown = withKey
    ? 'the API key'
    : tls === false
      ? 'requests without an API key or TLS'
      : 'requests under this certificate, or without an API key';
  return new Problem('temporal_unauthorized', `the Temporal server at ${describeServer(server)} refuses ${shown}: ${cause.details}`, {
    cause: error,
    hint: `${withKey ? 'check TEMPORAL_API_KEY (or the profile’s api_key)' : 'set TEMPORAL_API_KEY'} and whether it may use the namespace`,
  });
}

function namespaceMissing(server: TemporalServer, cause: unknown): Problem {
  return new Problem('temporal_namespace_missing', `the Temporal server at ${describeServer(server)} has no such namespace`, {
    cause,
    hint:
      server.namedBy === undefined
        ? 'run: tracemill up'
        : `set TEMPORAL_NAMESPACE to one that it has, or create it: temporal operator namespace create --namespace ${server.namespace}`,
  });
}
