import { createHash, randomUUID } from 'node:crypto';
import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import type { CampaignStatus } from '../schemas/campaign-status.ts';
import { messageOf, Problem } from '../schemas/problem.ts';
import type { SteeringAction, SteeringResult } from '../schemas/web-live.ts';
import { campaignWorkflowId } from '../workflows/contract/ids.ts';
import {
  abortUpdate,
  budgetUpdate,
  concurrencyUpdate,
  pauseUpdate,
  resumeUpdate,
  type UpdateReply,
} from '../workflows/contract/messages.ts';
import { askedOutcome, readAudit, writeAudit } from './audit-log.ts';
import { settingsText, versionOf } from './steering-preview.ts';

/** A change that somebody asks for. */
export interface Asked {
  campaign: string;
  action: SteeringAction;
  /** Empty where none was given. */
  reason: string;
  /** Who asks, for the log. */
  who: string;
  /** The same key is carried out once, and gives the same answer. */
  key?: string;
}

/** How long the workflow gets to answer; milliseconds. */
const patienceMs = 30_000;

/**
 * Carries out a change, once a key, with a line in the audit log before it is sent and one after. `status` is asked before and
 * after, for the log. Throws `Problem` key_reused when the key stands for another change, unknown_campaign when it does not run.
 */
export async function steerCampaign(
  client: Client,
  { campaign, action, reason, who, key = randomUUID() }: Asked,
  status: () => Promise<CampaignStatus>,
): Promise<SteeringResult> {
  const asked_sha256 = createHash('sha256')
    .update(JSON.stringify([campaign, action, reason]))
    .digest('hex');
  const known = readAudit().lines.findLast((line) => line.key === key);
  if (known !== undefined && known.asked_sha256 !== asked_sha256) {
    throw new Problem('key_reused', `the key ${key} was used for another change`, { hint: 'ask again with a key of its own' });
  }
  if (known?.result) return known.result;
  const before = settingsText(await status());
  const line = { campaign, who, action: actionText(action), reason, before, key, asked_sha256 };
  const now = () => new Date().toISOString();
  writeAudit({ ...line, at: now(), after: '', outcome: askedOutcome, result: null });
  try {
    const { applied, detail } = await send(client, campaign, action, reason, key);
    const after = await status();
    const result = { applied, detail, version: versionOf(after) };
    writeAudit({ ...line, at: now(), after: settingsText(after), outcome: `${applied ? 'applied' : 'nothing to do'}: ${detail}`, result });
    return result;
  } catch (error) {
    writeAudit({ ...line, at: now(), after: '', outcome: `failed: ${messageOf(error)}`, result: null });
    throw error;
  }
}

/** The key is the update's id, too: the server takes it once although it is sent twice. */
async function send(client: Client, campaign: string, action: SteeringAction, reason: string, updateId: string): Promise<UpdateReply> {
  const handle = client.workflow.getHandle(campaignWorkflowId(campaign));
  const update = async (): Promise<UpdateReply> => {
    switch (action.action) {
      case 'pause':
        return await handle.executeUpdate(pauseUpdate, { args: [reason === '' ? 'paused by an operator' : reason], updateId });
      case 'resume':
        return await handle.executeUpdate(resumeUpdate, { updateId });
      case 'abort':
        return await handle.executeUpdate(abortUpdate, { args: [reason === '' ? 'aborted by an operator' : reason], updateId });
      case 'concurrency':
        return await handle.executeUpdate(concurrencyUpdate, { args: [action.concurrency], updateId });
      case 'budget': {
        const { tokens, cost_usd } = action;
        const change = { ...(tokens !== undefined && { tokens }), ...(cost_usd !== undefined && { cost_usd }) };
        return await handle.executeUpdate(budgetUpdate, { args: [change], updateId });
      }
    }
  };
  try {
    return await client.withDeadline(Date.now() + patienceMs, update);
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
    throw new Problem('unknown_campaign', `no campaign called ${campaign} is running`, { hint: 'see: tracemill campaign list' });
  }
}

function actionText(action: SteeringAction): string {
  switch (action.action) {
    case 'concurrency':
      return `concurrency ${action.concurrency}`;
    case 'budget':
      return [
        'budget',
        ...(action.tokens === undefined ? [] : [`${action.tokens} tokens`]),
        ...(action.cost_usd === undefined ? [] : [`$${action.cost_usd}`]),
      ].join(' ');
    case 'pause':
    case 'resume':
    case 'abort':
      return action.action;
  }
}
