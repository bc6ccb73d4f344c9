import { type Client, WorkflowExecutionAlreadyStartedError, WorkflowFailedError } from '@temporalio/client';
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import { messageOf, Problem } from '../schemas/problem.ts';
import type { ReportedProblem } from '../schemas/reported-problem.ts';
import { sharedQueue } from '../workflows/contract/ids.ts';
import { type NamedWorkflow, ownWorkflow } from './own-workflow.ts';

/** What every workflow that can be started again is started with. */
interface StartOptions {
  workflowId: string;
  taskQueue: string;
  workflowIdReusePolicy: 'ALLOW_DUPLICATE';
  workflowIdConflictPolicy: 'FAIL';
}

/**
 * Starts a workflow unless it runs, also when another command starts it at the same moment. Throws `Problem`
 * `<kind>_of_another_store` when the one that the server knows is another home's.
 */
export async function startUnlessRunning(
  client: Client,
  storeId: string,
  workflow: NamedWorkflow,
  start: (options: StartOptions) => Promise<unknown>,
): Promise<'started' | 'running'> {
  if ((await ownWorkflow(client, storeId, workflow))?.status.name === 'RUNNING') return 'running';
  try {
    await start({
      workflowId: workflow.workflowId,
      taskQueue: sharedQueue(storeId),
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
      workflowIdConflictPolicy: 'FAIL',
    });
    return 'started';
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    // A moment ago, perhaps by a command of another home.
    await ownWorkflow(client, storeId, workflow);
    return 'running';
  }
}

/** Cancels a workflow of this store. Throws `Problem` `<kind>_not_found` when it does not run. */
export async function cancelRunning(client: Client, storeId: string, workflow: NamedWorkflow): Promise<void> {
  if ((await ownWorkflow(client, storeId, workflow))?.status.name !== 'RUNNING') {
    throw new Problem(`${workflow.kind}_not_found`, `${workflow.what} is not running`, { hint: `see: tracemill ${workflow.kind} list` });
  }
  await client.workflow.getHandle(workflow.workflowId).cancel();
}

/** The result of a workflow at its end; asks the server alone, no worker. Throws the `Problem` that ended it. */
export async function resultOfRun<T>(kind: NamedWorkflow['kind'], handle: { result(): Promise<T> }): Promise<T> {
  try {
    return await handle.result();
  } catch (error) {
    if (!(error instanceof WorkflowFailedError)) throw error;
    const { cause } = error;
    if (cause instanceof CancelledFailure) throw new Problem(`${kind}_cancelled`, `the ${kind} was cancelled`, { cause: error });
    const code = cause instanceof ApplicationFailure ? cause.type : undefined;
    const hint: unknown = cause instanceof ApplicationFailure ? cause.details?.[0] : undefined;
    throw new Problem(code ?? `${kind}_failed`, messageOf(cause ?? error), {
      cause: error,
      ...(typeof hint === 'string' && hint !== '' && { hint }),
    });
  }
}

/** Why a workflow ended without its result; null when it has one. */
export async function problemOfRun(kind: NamedWorkflow['kind'], handle: { result(): Promise<unknown> }): Promise<ReportedProblem | null> {
  try {
    await resultOfRun(kind, handle);
    return null;
  } catch (error) {
    if (error instanceof Problem) return { code: error.code, message: error.message, hint: error.hint ?? '' };
    return { code: 'unexpected', message: messageOf(error), hint: '' };
  }
}
