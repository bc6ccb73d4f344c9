import type { Client, WorkflowHandle } from '@temporalio/client';
import type { TrainingResult, TrainingStart } from '../schemas/training-run.ts';
import { trainingWorkflowId } from '../workflows/contract/ids.ts';
import { runAttributes } from '../workflows/contract/search-keys.ts';
import type { Workflows } from '../workflows/contract/workflows.ts';
import type { NamedWorkflow } from './own-workflow.ts';
import { resultOfRun, startUnlessRunning } from './run-workflow.ts';

/** What has one variant trained. */
export type TrainingHandle = WorkflowHandle<Workflows['training']>;

/** The workflow of a variant. */
export function trainingWorkflow(training: string, variant: string): NamedWorkflow {
  return { kind: 'training', what: `training ${training}/${variant}`, workflowId: trainingWorkflowId(training, variant) };
}

/**
 * Starts the training of a variant, or goes on with it; joins the one that runs. A training that is finished on the same
 * inputs ends at once. Throws `Problem` training_of_another_store when the server knows one of this name of another home.
 */
export async function startTraining(
  client: Client,
  storeId: string,
  start: TrainingStart,
): Promise<{ handle: TrainingHandle; result: 'started' | 'running' }> {
  const { file, variant } = start;
  const workflow = trainingWorkflow(file.name, variant);
  const result = await startUnlessRunning(client, storeId, workflow, (options) =>
    client.workflow.start<Workflows['training']>('training', {
      ...options,
      args: [start],
      typedSearchAttributes: runAttributes(file.name),
      staticSummary: `training ${file.name}, variant ${variant}`,
    }),
  );
  return { handle: client.workflow.getHandle<Workflows['training']>(workflow.workflowId), result };
}

/** The result of a training. Throws the `Problem` that ended it. */
export async function trainingResult(handle: Pick<TrainingHandle, 'result'>): Promise<TrainingResult> {
  return await resultOfRun('training', handle);
}
