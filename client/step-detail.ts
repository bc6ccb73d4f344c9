import type { Client } from '@temporalio/client';
import type { Ledger } from '../activities/ledger/ledger.ts';
import type { CampaignStanding } from '../schemas/campaign-status.ts';
import type { PipelineStep } from '../schemas/pipeline.ts';
import type { TrainingStatus } from '../schemas/training-status.ts';
import { campaignStanding } from './campaign-status.ts';
import { evaluationStatus } from './evaluation-status.ts';
import { stepText } from './step-text.ts';
import { trainingStatus } from './training-status.ts';

/** What of the ledger it takes to tell. */
export type Records = Pick<Ledger, 'campaignFunnel' | 'hasCampaign' | 'run'>;

/** How far the running step of a pipeline is, in a few words; null where nothing is known of it yet. */
export async function stepDetail(client: Client, ledger: Records, { stage, name }: PipelineStep): Promise<string | null> {
  switch (stage) {
    case 'campaign':
      return rolloutsOf(await campaignStanding(client, ledger, name));
    case 'training': {
      const [training = '', variant = ''] = name.split('/');
      return stepOf(await trainingStatus(client, { training, variant }));
    }
    case 'evaluation': {
      const { progress, rollouts } = await evaluationStatus(client, ledger, name);
      const stage = progress?.stage ?? null;
      return stage === 'rollouts' && rollouts !== null ? rolloutsOf(rollouts) : stage;
    }
    case 'report':
      return null;
  }
}

function rolloutsOf({ funnel: { total } }: Pick<CampaignStanding, 'funnel'>): string {
  return `${total.planned - total.open} of ${total.planned} rollouts judged`;
}

function stepOf({ watch, doing, progress }: TrainingStatus): string | null {
  if (watch === null) return doing ?? progress?.stage.replaceAll('_', ' ') ?? null;
  return stepText(watch, (loss) => loss.toFixed(3));
}
