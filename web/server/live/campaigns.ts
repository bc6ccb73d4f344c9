import { campaignStanding } from '../../../client/campaign-status.ts';
import type { CampaignStanding } from '../../../schemas/campaign-status.ts';
import type { GatewayPause } from '../../../schemas/teacher-health.ts';
import type { CampaignLine, CampaignLines } from '../../../schemas/web-live.ts';
import { campaignWorkflowId, evaluationOfCampaign, sharedQueue } from '../../../workflows/contract/ids.ts';
import { collectionOf } from './home-source.ts';
import type { LiveContext } from './live-context.ts';

/** Campaigns of the home: what the ledger counts, and of those that run what their workflow says. */
export async function campaignLines({ ledger, store, temporal }: LiveContext): Promise<CampaignLines> {
  const missing: string[] = [];
  const storeId = await store.id();
  const known = await temporal.ask(missing, 'which campaigns run is not known', async (client) => {
    const found = new Map<string, { state: string; started_at: string }>();
    const query = `WorkflowType = 'campaign' AND TaskQueue = '${sharedQueue(storeId)}'`;
    for await (const { workflowId, status, startTime } of client.workflow.list({ query })) {
      const started_at = startTime.toISOString();
      if ((found.get(workflowId)?.started_at ?? '') < started_at) found.set(workflowId, { state: status.name.toLowerCase(), started_at });
    }
    return found;
  });
  const campaigns: CampaignLine[] = [];
  for (const { campaign } of await ledger.campaigns()) {
    const seen = known?.get(campaignWorkflowId(campaign));
    const running = seen?.state === 'running';
    const status = running
      ? await temporal.ask(missing, `where ${campaign} stands is not known`, (client) => campaignStanding(client, ledger, campaign))
      : null;
    campaigns.push({
      name: campaign,
      collection: collectionOf(campaign),
      evaluation: evaluationOfCampaign(campaign) ?? null,
      state: status?.progress?.state ?? (await ledger.campaignEnd(campaign))?.progress.state ?? seen?.state ?? 'unknown',
      started_at: seen?.started_at ?? null,
      counts: status?.funnel.total ?? (await ledger.campaignFunnel(campaign)).total,
      pauses: (status?.pauses ?? []).map(pauseText),
    });
  }
  campaigns.sort((a, b) => ((a.started_at ?? '') < (b.started_at ?? '') ? 1 : (a.started_at ?? '') > (b.started_at ?? '') ? -1 : 0));
  return { missing, campaigns };
}

function pauseText({ teacher, code, message }: GatewayPause): string {
  return `${teacher === null ? 'the campaign' : `teacher ${teacher}`} waits: ${code.replaceAll('_', ' ')}${message === '' ? '' : `: ${message}`}`;
}

/** Where a campaign stands; without server or worker what the ledger knows. Undefined for one that is not on record. */
export async function statusOf(context: LiveContext, campaign: string, missing: string[]): Promise<CampaignStanding | undefined> {
  const { ledger, temporal } = context;
  if (!(await ledger.hasCampaign(campaign)) && (await ledger.campaign(campaign)) === null) return undefined;
  const status = await temporal.ask(missing, 'what runs, waits and was spent is not known', (client) =>
    campaignStanding(client, ledger, campaign),
  );
  if (status !== null) {
    if (status.progress === null && status.workflow === 'running')
      missing.push('no worker answers: in flight, budget and pauses are those last known');
    return status;
  }
  const progress = (await ledger.campaignEnd(campaign))?.progress ?? null;
  const totals = progress?.totals ?? { turns: 0, prompt_tokens: 0, completion_tokens: 0, cost_usd: 0 };
  const { turns, prompt_tokens, completion_tokens, cost_usd } = totals;
  return {
    campaign,
    workflow: 'unknown',
    started_at: null,
    closed_at: null,
    progress,
    funnel: await ledger.campaignFunnel(campaign),
    pauses: [],
    busy: [],
    budget: progress?.budget ?? null,
    spending: { source: 'ended_tasks', turns, prompt_tokens, completion_tokens, cost_usd },
    turns_per_minute: null,
    left: null,
  };
}
