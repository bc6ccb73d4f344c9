import { messageOf, Problem } from '../../schemas/problem.ts';
import { EngineError } from './engine.ts';

const unreachable = new Set(['ECONNREFUSED', 'ECONNRESET', 'ENOENT', 'EPIPE', 'EACCES', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENOTFOUND']);

/** An error of Docker's client as the port gives it; an abort, and what is no answer of an engine, stays as it is. */
export function engineErrorOf(error: unknown): unknown {
  if (error instanceof EngineError || error instanceof Problem) return error;
  const status = statusOf(error);
  if (status !== undefined) {
    const reason = status === 404 ? 'missing' : status === 409 ? 'conflict' : 'refused';
    return new EngineError(reason, messageOf(error), error);
  }
  return unreachable.has(codeOf(error)) ? new EngineError('unreachable', messageOf(error), error) : error;
}

/** Settles like a request to the engine, with its errors as the port gives them. */
export async function asked<T>(request: Promise<T>): Promise<T> {
  try {
    return await request;
  } catch (error) {
    throw engineErrorOf(error);
  }
}

/** HTTP status of a refusal; undefined when the engine did not answer. */
function statusOf(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('statusCode' in error)) return undefined;
  return typeof error.statusCode === 'number' ? error.statusCode : undefined;
}

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string' ? error.code : '';
}
