import { messageOf, Problem } from '../../schemas/problem.ts';

/** HTTP status of an engine's refusal; undefined when the engine did not answer. */
export function statusOf(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('statusCode' in error)) return undefined;
  return typeof error.statusCode === 'number' ? error.statusCode : undefined;
}

const unreachable = new Set(['ECONNREFUSED', 'ECONNRESET', 'ENOENT', 'EPIPE', 'EACCES', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENOTFOUND']);

/** True when the engine itself could not be reached. */
export function isUnreachable(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string' && unreachable.has(error.code);
}

export const isNotFound = (error: unknown): boolean => statusOf(error) === 404;

/** A name that is taken, or a state that does not allow the request. */
export const isConflict = (error: unknown): boolean => statusOf(error) === 409;

/** For clean-up: a container that is gone, or that another caller is removing already, is no error. */
export function ignoreMissing(error: unknown): void {
  if (!isNotFound(error) && !isConflict(error)) throw error;
}

/**
 * An engine's refusal in Tracemill's words. Codes: `engine_unreachable`; `image_missing` when a container was to
 * be made of an image that is not there; `container_failed` for the rest. `what` names the task or rollout.
 */
export function engineProblem(error: unknown, what: string, image?: string): Problem {
  if (error instanceof Problem) return error;
  if (isUnreachable(error)) {
    return new Problem('engine_unreachable', `${what}: the container engine does not answer: ${messageOf(error)}`, {
      hint: 'start the engine, or set DOCKER_HOST; `tracemill doctor` shows its state',
      cause: error,
    });
  }
  if (image !== undefined && isNotFound(error)) {
    return new Problem('image_missing', `${what}: the engine has no image ${image}`, {
      hint: 'pull or build the image, then start the campaign again',
      cause: error,
    });
  }
  return new Problem('container_failed', `${what}: ${messageOf(error)}`, {
    hint: 'the step is tried again; if this repeats, look at the container engine with `tracemill doctor`',
    cause: error,
  });
}
