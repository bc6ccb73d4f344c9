import type { Context, Hono } from 'hono';
import { campaignStatus } from '../../../client/campaign-status.ts';
import { auditOf, readAudit } from '../../../client/audit-log.ts';
import { ownCampaignStatus } from '../../../client/own-workflow.ts';
import { type Asked, steerCampaign } from '../../../client/steer-campaign.ts';
import { previewOf } from '../../../client/steering-preview.ts';
import { messageOf, Problem } from '../../../schemas/problem.ts';
import { type AuditLines, SteeringAction, type SteeringPreview, SteeringRequest, type SteeringResult } from '../../../schemas/web-live.ts';
import { json, noCampaign } from '../answers.ts';
import type { LiveContext } from '../live/live-context.ts';

type Outcome = { status: 200; answer: SteeringResult } | { status: 412; answer: SteeringPreview };

/** Changes that are being carried out, by key: who asks again meanwhile gets the same answer. */
const underWay = new Map<string, Promise<Outcome>>();

/** Lines of the log that a page gets. */
const mostLines = 500;

/** What was changed in a campaign, by whom and why; for a server that only shows, too. */
export function auditRoute(app: Hono, { ledger }: LiveContext): void {
  app.get('/data/live/campaigns/:name/audit.json', async (asked) => {
    const name = asked.req.param('name');
    if ((await ledger.campaign(name)) === null && !(await ledger.hasCampaign(name))) return json(asked, undefined, noCampaign(name));
    const { lines, more, unread } = auditOf(name, mostLines);
    const missing = [
      ...(more > 0 ? [`${more} older changes are not shown; all: tracemill campaign audit ${name}`] : []),
      ...(unread > 0 ? [`${unread} lines of the log cannot be read`] : []),
    ];
    return json(asked, { missing, lines } satisfies AuditLines);
  });
}

/** Preview and change of a running campaign. A server that only shows does not have these routes. */
export function steeringRoutes(app: Hono, context: LiveContext): void {
  app.post('/data/live/campaigns/:name/preview', async (asked) => {
    const action = SteeringAction.parse(await body(asked));
    return asked.json(previewOf(await statusNow(context, asked.req.param('name')), action));
  });
  app.post('/data/live/campaigns/:name/steer', async (asked) => {
    const campaign = asked.req.param('name');
    const { action, reason: given } = SteeringRequest.parse(await body(asked));
    const reason = given.trim();
    if (reason === '') throw new Problem('bad_request', 'reason: a reason is needed', { hint: 'say why, in a few words' });
    const version = needed(asked, 'if-match').replaceAll('"', '');
    const key = needed(asked, 'idempotency-key');
    if (!/^[\w-]{8,100}$/.test(key)) throw new Problem('bad_request', 'Idempotency-Key: 8 to 100 letters, digits, "-" or "_"');
    const name = JSON.stringify([campaign, key, action, reason]);
    const steering = underWay.get(name) ?? change(context, { campaign, action, reason, key, who: whoAsks(asked) }, version);
    underWay.set(name, steering);
    try {
      const { status, answer } = await steering;
      return asked.json(answer, status);
    } finally {
      underWay.delete(name);
    }
  });
}

/** Carries out a change of a campaign that is still as it was previewed; else a preview of now. */
async function change(context: LiveContext, asked: Asked & { key: string }, version: string): Promise<Outcome> {
  const { campaign, action, key } = asked;
  const status = await statusNow(context, campaign);
  const preview = previewOf(status, action);
  // One that was asked before may have changed the campaign itself: it gets the answer that it got then.
  if (!readAudit().lines.some((line) => line.key === key)) {
    if (preview.version !== version) return { status: 412, answer: preview };
    if (preview.refused !== null) throw new Problem('state_refuses', preview.refused);
  }
  const client = await context.temporal.client();
  const answer = await steerCampaign(client, asked, async () => await campaignStatus(client, context.ledger, campaign));
  return { status: 200, answer };
}

async function body(asked: Context): Promise<unknown> {
  try {
    return await asked.req.json();
  } catch (error) {
    throw new Problem('bad_request', `the request is no JSON: ${messageOf(error)}`);
  }
}

function needed(asked: Context, header: string): string {
  const value = asked.req.header(header);
  if (value === undefined || value === '') throw new Problem('bad_request', `the header ${header} is missing`);
  return value;
}

/** Who asks, as far as the server knows it: by what it was let in. */
function whoAsks({ req }: Context): string {
  if (req.header('authorization') !== undefined) return 'program with the token';
  return req.header('cookie') === undefined ? 'page on this machine' : 'page with the token';
}

/** Where a campaign of this home stands. Throws `Problem` unknown_campaign, campaign_of_another_store. */
async function statusNow({ ledger, store, temporal }: LiveContext, campaign: string) {
  if ((await ledger.campaign(campaign)) === null) {
    throw new Problem('unknown_campaign', `no campaign ${campaign} is on record`, { hint: 'see: tracemill campaign list' });
  }
  const client = await temporal.client();
  await ownCampaignStatus(client, await store.id(), campaign);
  return await campaignStatus(client, ledger, campaign);
}
