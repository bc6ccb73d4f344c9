import { type Client, isGrpcServiceError, QueryNotRegisteredError, ServiceError, WorkflowNotFoundError } from '@temporalio/client';
import type { Ledger } from '../activities/ledger/ledger.ts';
import type { CampaignStanding, CampaignStatus } from '../schemas/campaign-status.ts';
import { Problem } from '../schemas/problem.ts';
import { campaignWorkflowId } from '../workflows/contract/ids.ts';
import { progressQuery } from '../workflows/contract/messages.ts';
import type { Workflows } from '../workflows/contract/workflows.ts';
import { spendingOf, workLeft } from './campaign-figures.ts';
import { campaignRetries } from './campaign-retries.ts';
import { gatewayView, mergedPauses } from './gateway-view.ts';

/** How long a worker gets to answer; milliseconds. */
const patienceMs = 5000;

/** Where a campaign stands, and what of its tasks fails and is tried again. Throws as {@link campaignStanding}. */
export async function campaignStatus(client: Client, ledger: Pick<Ledger, 'campaignFunnel'>, campaign: string): Promise<CampaignStatus> {
  const standing = await campaignStanding(client, ledger, campaign);
  const { closed_at, progress } = standing;
  const retries = closed_at === null && progress !== null ? await campaignRetries(client, campaign, progress) : [];
  return { ...standing, retries };
}

/** Where a campaign stands. Throws `Problem` unknown_campaign when neither the server nor the ledger knows it. */
export async function campaignStanding(
  client: Client,
  ledger: Pick<Ledger, 'campaignFunnel'>,
  campaign: string,
): Promise<CampaignStanding> {
  const funnel = await ledger.campaignFunnel(campaign);
  const [seen, live] = await Promise.all([askWorkflow(client, campaign), gatewayView(campaign)]);
  if (seen === null && funnel.total.planned === 0) {
    throw new Problem('unknown_campaign', `no campaign is called ${campaign}`, { hint: 'see: tracemill campaign list' });
  }
  const { workflow, started_at, closed_at, progress } = seen ?? forgotten;
  const spending = spendingOf(progress, live);
  const turns_per_minute = live === null ? null : live.exchanges_per_minute;
  return {
    campaign,
    workflow,
    started_at,
    closed_at,
    progress,
    funnel,
    pauses: closed_at === null ? mergedPauses(progress?.pauses ?? [], live?.pauses ?? []) : [],
    busy: closed_at === null ? (live?.busy ?? []) : [],
    budget: progress?.budget ?? live?.budget ?? null,
    spending,
    turns_per_minute,
    left: workLeft(progress, funnel.total, spending, turns_per_minute),
  };
}

type Seen = Pick<CampaignStatus, 'workflow' | 'started_at' | 'closed_at' | 'progress'>;

const forgotten: Seen = { workflow: 'unknown', started_at: null, closed_at: null, progress: null };

/** Null when the server does not know the campaign. */
async function askWorkflow(client: Client, campaign: string): Promise<Seen | null> {
  const handle = client.workflow.getHandle<Workflows['campaign']>(campaignWorkflowId(campaign));
  try {
    const { status, startTime, closeTime } = await handle.describe();
    // One that is over has left its last state, which needs no worker: of a start that found nothing to do, it is that of the plan.
    const progress =
      status.name === 'COMPLETED'
        ? await handle.result()
        : await client.withDeadline(Date.now() + patienceMs, () => handle.query(progressQuery)).catch(noAnswer);
    const started_at = startTime.toISOString();
    return { workflow: status.name.toLowerCase(), started_at, closed_at: closeTime?.toISOString() ?? null, progress };
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return null;
    throw error;
  }
}

/** Without a worker no query is answered; only the ledger's figures are left. */
function noAnswer(error: unknown): null {
  if (isGrpcServiceError(error) || error instanceof ServiceError || error instanceof QueryNotRegisteredError) return null;
  throw error;
}
