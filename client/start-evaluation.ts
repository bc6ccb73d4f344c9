import { type Client, WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import type { EvaluationFile } from '../schemas/evaluation.ts';
import { Problem } from '../schemas/problem.ts';
import { evaluationWorkflowId, sharedQueue } from '../workflows/contract/ids.ts';
import type { Workflows } from '../workflows/contract/workflows.ts';
import { ownWorkflow } from './own-workflow.ts';

/** Largest size of a start, in bytes: the server takes 2 MB. */
const largestStart = 1_000_000;

/**
 * Starts an evaluation on the store, or goes on with one: what is finished stays finished. All it takes is its file as
 * `EvaluationFile`; what that names is read by the worker. `running`: it runs already. Throws `Problem`
 * evaluation_of_another_store when the server knows an evaluation of this name of another store.
 */
export async function startEvaluation(client: Client, storeId: string, file: EvaluationFile): Promise<'started' | 'running'> {
  const { name } = file;
  if ((await ownEvaluation(client, storeId, name))?.status.name === 'RUNNING') return 'running';
  const size = Buffer.byteLength(JSON.stringify(file));
  if (size > largestStart) {
    throw new Problem('bad_evaluation', `the file of evaluation ${name} has ${size} bytes, which is more than a server takes`, {
      hint: 'put the instances into a benchmark file of their own rather than into a long list in `only`',
    });
  }
  try {
    await client.workflow.start<Workflows['evaluation']>('evaluation', {
      workflowId: evaluationWorkflowId(name),
      taskQueue: sharedQueue(storeId),
      args: [{ file }],
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
      workflowIdConflictPolicy: 'FAIL',
      staticSummary: `evaluation ${name}: ${file.model.name} on ${file.benchmark.name}`.slice(0, 200),
    });
    return 'started';
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    // Started by another command a moment ago, perhaps one of another home.
    await ownEvaluation(client, storeId, name);
    return 'running';
  }
}

/** Stops an evaluation with its rollouts and its server; what is finished stays. Throws `Problem` unknown_evaluation. */
export async function cancelEvaluation(client: Client, storeId: string, name: string): Promise<void> {
  if ((await ownEvaluation(client, storeId, name))?.status.name !== 'RUNNING') {
    throw new Problem('unknown_evaluation', `no evaluation called ${name} is running`, { hint: 'see: tracemill evaluation list' });
  }
  await client.workflow.getHandle(evaluationWorkflowId(name)).cancel();
}

async function ownEvaluation(client: Client, storeId: string, name: string) {
  return await ownWorkflow(client, storeId, { kind: 'evaluation', what: `an evaluation ${name}`, workflowId: evaluationWorkflowId(name) });
}
