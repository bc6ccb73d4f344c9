import { messageOf, Problem } from '../../schemas/problem.ts';
import { EngineError } from './engine.ts';

const is = (error: unknown, reason: EngineError['reason']) => error instanceof EngineError && error.reason === reason;

/** There is no such container or image. */
export const isMissing = (error: unknown): boolean => is(error, 'missing');

/** A name that is taken, or a state that does not allow the request. */
export const isConflict = (error: unknown): boolean => is(error, 'conflict');

/** The engine itself could not be reached. */
export const isUnreachable = (error: unknown): boolean => is(error, 'unreachable');

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
  if (image !== undefined && isMissing(error)) return imageMissing(image, what, error);
  return new Problem('container_failed', `${what}: ${messageOf(error)}`, {
    hint: 'the step is tried again; if this repeats, look at the container engine with `tracemill doctor`',
    cause: error,
  });
}

/** `Problem` image_missing: the engine has no such image. `what` names the task or rollout. */
export function imageMissing(image: string, what: string, cause?: unknown): Problem {
  return new Problem('image_missing', `${what}: the engine has no image ${image}`, {
    hint: 'pull or build the image, then start the campaign again',
    cause,
  });
}
