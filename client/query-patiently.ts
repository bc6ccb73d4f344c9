import { type Client, isGrpcServiceError, ServiceError } from '@temporalio/client';
import { Problem } from '../schemas/problem.ts';

/** How long a worker gets to answer, each time; milliseconds. A query that goes to a worker that has just died gets no answer. */
const patienceMs = 3000;
const tries = 2;

/** DEADLINE_EXCEEDED and CANCELLED: no answer in time. FAILED_PRECONDITION: the server knows of no worker. */
const unanswered = new Set([1, 4, 9]);

/** Asks a workflow, which takes a worker. Throws `Problem` temporal_no_worker when none answers. */
export async function queryPatiently<T>(client: Client, query: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await client.withDeadline(Date.now() + patienceMs, query);
    } catch (error) {
      const cause: unknown = error instanceof ServiceError ? error.cause : error;
      if (!isGrpcServiceError(cause) || !unanswered.has(cause.code)) throw error;
      if (attempt < tries) continue;
      throw new Problem('temporal_no_worker', `no worker answered within ${(patienceMs * tries) / 1000} s`, {
        cause: error,
        hint: 'start one: tracemill worker',
      });
    }
  }
}
