/** HTTP status of an engine's refusal; undefined when the engine did not answer. */
export function statusOf(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('statusCode' in error)) return undefined;
  return typeof error.statusCode === 'number' ? error.statusCode : undefined;
}

const unreachable = new Set(['ECONNREFUSED', 'ECONNRESET', 'ENOENT', 'EPIPE', 'EACCES', 'ETIMEDOUT', 'EHOSTUNREACH']);

/** True when the engine itself could not be reached. */
export function isUnreachable(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string' && unreachable.has(error.code);
}

export const isNotFound = (error: unknown): boolean => statusOf(error) === 404;

/** A name that is taken, or a state that does not allow the request. */
export const isConflict = (error: unknown): boolean => statusOf(error) === 409;
