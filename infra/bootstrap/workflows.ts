import { ensureWorkflowBundle } from '../../platform/temporal/workflow-bundle.ts';
import type { Outcome } from './progress.ts';

/** Makes the code that workers load, so that their first start need not. */
export async function bundleWorkflows(): Promise<Outcome> {
  const { built } = await ensureWorkflowBundle();
  return built ? 'bundled' : null;
}
