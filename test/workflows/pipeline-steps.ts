import { ApplicationFailure, sleep, workflowInfo } from '@temporalio/workflow';
import type { CampaignStart } from '../../schemas/campaign-start.ts';
import type { EvaluationStart } from '../../schemas/evaluation-run.ts';
import type { TrainingStart } from '../../schemas/training-run.ts';
import { nothingLeft } from '../../workflows/contract/messages.ts';

export { pipeline } from '../../workflows/pipeline.ts';

/*
 * The steps of a pipeline as far as a pipeline sees them: they end, fail, or find that nothing is left to do, as the names
 * in their files say.
 */

export async function campaign({ campaign: name }: CampaignStart): Promise<{ detail: string }> {
  await act(name);
  return { detail: name.includes('unchanged') ? nothingLeft : '' };
}

export async function training({ variant }: TrainingStart): Promise<{ unchanged: boolean }> {
  await act(variant);
  return { unchanged: variant.includes('unchanged') };
}

export async function evaluation({ file }: EvaluationStart): Promise<{ unchanged: boolean }> {
  await act(file.name);
  return { unchanged: file.name.includes('unchanged') };
}

async function act(name: string): Promise<void> {
  if (name.includes('slow')) await sleep('1 hour');
  if (name.includes('short')) await sleep(1500);
  if (!name.includes('fails')) return;
  throw ApplicationFailure.create({
    type: 'step_broke',
    message: `${workflowInfo().workflowId} broke`,
    nonRetryable: true,
    details: ['look at it'],
  });
}
