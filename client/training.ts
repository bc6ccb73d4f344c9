import {
  type Client,
  WorkflowExecutionAlreadyStartedError,
  WorkflowFailedError,
  type WorkflowHandle,
  type WorkflowHandleWithStartDetails,
} from '@temporalio/client';
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import { messageOf, Problem } from '../schemas/problem.ts';
import type { TrainingResult, TrainingStart } from '../schemas/training-run.ts';
import { sharedQueue, trainingWorkflowId } from '../workflows/contract/ids.ts';
import { runAttributes } from '../workflows/contract/search-keys.ts';
import type { Workflows } from '../workflows/contract/workflows.ts';
import { ownWorkflow } from './own-workflow.ts';

/** What has one variant trained. */
export type TrainingHandle = WorkflowHandle<Workflows['training']>;

/**
 * Starts the training of a variant, or goes on with it; joins the one that runs. A training that is finished on the same
 * inputs ends at once. Throws `Problem` training_of_another_store when the server knows one of this name of another home.
 */
export async function startTraining(
  client: Client,
  storeId: string,
  start: TrainingStart,
): Promise<{ handle: TrainingHandle; result: 'started' | 'running' }> {
  const workflowId = trainingWorkflowId(start.file.name, start.variant);
  const what = `training ${start.file.name}/${start.variant}`;
  const found = await ownWorkflow(client, storeId, { kind: 'training', what, workflowId });
  const running = { handle: client.workflow.getHandle<Workflows['training']>(workflowId), result: 'running' as const };
  if (found?.status.name === 'RUNNING') return running;
  try {
    const handle: WorkflowHandleWithStartDetails<Workflows['training']> = await client.workflow.start<Workflows['training']>('training', {
      workflowId,
      taskQueue: sharedQueue(storeId),
      args: [start],
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
      typedSearchAttributes: runAttributes(start.file.name),
      staticSummary: `training ${start.file.name}, variant ${start.variant}`,
    });
    return { handle, result: 'started' };
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return running;
    throw error;
  }
}

/** The result of a training. Throws the `Problem` that ended it. */
export async function trainingResult(handle: Pick<TrainingHandle, 'result'>): Promise<TrainingResult> {
  try {
    return await handle.result();
  } catch (error) {
    if (!(error instanceof WorkflowFailedError)) throw error;
    const { cause } = error;
    if (cause instanceof CancelledFailure) throw new Problem('training_cancelled', 'the training was cancelled', { cause: error });
    const hint: unknown = cause instanceof ApplicationFailure ? cause.details?.[0] : undefined;
    const code = cause instanceof ApplicationFailure ? (cause.type ?? 'training_failed') : 'training_failed';
    throw new Problem(code, messageOf(cause ?? error), { cause: error, ...(typeof hint === 'string' && hint !== '' && { hint }) });
  }
}
