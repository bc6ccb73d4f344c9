import { sleep, type WorkflowInterceptorsFactory } from '@temporalio/workflow';

/** Children are started late, as by a server under load, while signals go out at once. */
export const interceptors: WorkflowInterceptorsFactory = () => ({
  outbound: [
    {
      async startChildWorkflowExecution(input, next) {
        await sleep(3000);
        return next(input);
      },
    },
  ],
});
