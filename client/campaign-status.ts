import { type Client, isGrpcServiceError, QueryNotRegisteredError, ServiceError, WorkflowNotFoundError } from '@temporalio/client';
import type { Ledger } from '../activities/ledger/ledger.ts';
import type { Funnel } from '../schemas/ledger-record.ts';
import { Problem } from '../schemas/problem.ts';
import type { CampaignProgress } from '../schemas/campaign-progress.ts';
import { campaignWorkflowId } from '../workflows/contract/ids.ts';
import { progressQuery } from '../workflows/contract/messages.ts';

/** How long a worker gets to answer; milliseconds. */
const patienceMs = 5000;

export interface CampaignStatus {
  campaign: string;
  /** The workflow's own state, `unknown` when the server has forgotten it. */
  workflow: string;
  started_at: string | null;
  closed_at: string | null;
  /** Null when no worker answered in time. */
  progress: CampaignProgress | null;
  /** From the ledger, which needs neither server nor worker. */
  funnel: Funnel;
}

/** Where a campaign stands. Throws `Problem` unknown_campaign when neither the server nor the ledger knows it. */
export async function campaignStatus(client: Client, ledger: Ledger, campaign: string): Promise<CampaignStatus> {
  const handle = client.workflow.getHandle(campaignWorkflowId(campaign));
  const funnel = await ledger.campaignFunnel(campaign);
  try {
    const { status, startTime, closeTime } = await handle.describe();
    const progress = await client.withDeadline(Date.now() + patienceMs, () => handle.query(progressQuery)).catch(noAnswer);
    return {
      campaign,
      workflow: status.name.toLowerCase(),
      started_at: startTime.toISOString(),
      closed_at: closeTime?.toISOString() ?? null,
      progress,
      funnel,
    };
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
    if (funnel.total.planned > 0) return { campaign, workflow: 'unknown', started_at: null, closed_at: null, progress: null, funnel };
    throw new Problem('unknown_campaign', `no campaign is called ${campaign}`, { hint: 'see: tracemill campaign list' });
  }
}

/** Without a worker nobody can answer a query; the ledger's figures are then all there is. */
function noAnswer(error: unknown): null {
  if (isGrpcServiceError(error) || error instanceof ServiceError || error instanceof QueryNotRegisteredError) return null;
  throw error;
}
