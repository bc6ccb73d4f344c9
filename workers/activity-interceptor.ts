import type { Context } from '@temporalio/activity';
import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common';
import type { ActivityInterceptorsFactory } from '@temporalio/worker';
import { asActivityFailure } from './activity-failure.ts';
import { type Attempts, takeOverAfter } from './attempts.ts';

/** Around every activity: its attempt is on record while it runs, and what it throws is put into Temporal's terms. */
export function activityInterceptor(attempts: Attempts): ActivityInterceptorsFactory {
  return (context: Context) => ({
    inbound: {
      async execute(input, next) {
        const { base64TaskToken, activityType, workflowExecution } = context.info;
        const ended = attempts.begin({ token: base64TaskToken, activity: activityType, workflow_id: workflowExecution?.workflowId ?? '' });
        try {
          return await next(input);
        } catch (error) {
          if (context.cancellationDetails?.workerShutdown === true) {
            // The next worker goes on where this one stopped; a cancellation would end the workflow's wait.
            throw ApplicationFailure.create({
              type: 'worker_shutdown',
              message: 'the worker was shut down',
              category: ApplicationFailureCategory.BENIGN,
              nextRetryDelay: takeOverAfter,
            });
          }
          throw asActivityFailure(error);
        } finally {
          ended();
        }
      },
    },
  });
}
