import type { Client } from '@temporalio/client';
import type { EvaluationFile } from '../schemas/evaluation.ts';
import { Problem } from '../schemas/problem.ts';
import { evaluationWorkflowId } from '../workflows/contract/ids.ts';
import type { Workflows } from '../workflows/contract/workflows.ts';
import type { NamedWorkflow } from './own-workflow.ts';
import { cancelRunning, startUnlessRunning } from './run-workflow.ts';

/** Largest size of a start, in bytes: the server takes 2 MB. */
const largestStart = 1_000_000;

/**
 * Starts an evaluation on the store, or goes on with one: what is finished stays finished. All it takes is its file as
 * `EvaluationFile`; what that names is read by the worker. `running`: it runs already. Throws `Problem`
 * evaluation_of_another_store when the server knows an evaluation of this name of another store.
 */
export async function startEvaluation(client: Client, storeId: string, file: EvaluationFile): Promise<'started' | 'running'> {
  const { name } = file;
  const size = Buffer.byteLength(JSON.stringify(file));
  if (size > largestStart) {
    throw new Problem('bad_evaluation', `the file of evaluation ${name} has ${size} bytes, which is more than a server takes`, {
      hint: 'put the instances into a benchmark file of their own rather than into a long list in `only`',
    });
  }
  return await startUnlessRunning(client, storeId, evaluationWorkflow(name), (options) =>
    client.workflow.start<Workflows['evaluation']>('evaluation', {
      ...options,
      args: [{ file }],
      staticSummary: `evaluation ${name}: ${file.model.name} on ${file.benchmark.name}`.slice(0, 200),
    }),
  );
}

/** Stops an evaluation with its rollouts and its server; what is finished stays. Throws `Problem` evaluation_not_found. */
export async function cancelEvaluation(client: Client, storeId: string, name: string): Promise<void> {
  await cancelRunning(client, storeId, evaluationWorkflow(name));
}

function evaluationWorkflow(name: string): NamedWorkflow {
  return { kind: 'evaluation', what: `evaluation ${name}`, workflowId: evaluationWorkflowId(name) };
}
