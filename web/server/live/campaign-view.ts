import { retriesAskedOf } from '../../../client/campaign-retries.ts';
import { pendingRetries } from '../../../client/pending-retries.ts';
import { planOf } from '../../../client/plan-of-campaign.ts';
import { versionOf } from '../../../client/steering-preview.ts';
import type { CampaignPlan } from '../../../schemas/campaign-plan.ts';
import type { CampaignRetry, CampaignStanding } from '../../../schemas/campaign-status.ts';
import { messageOf } from '../../../schemas/problem.ts';
import type { CampaignView } from '../../../schemas/web-live.ts';
import { pullRequestWorkflowId } from '../../../workflows/contract/ids.ts';
import { statusOf } from './campaigns.ts';
import { collectionOf } from './home-source.ts';
import type { LiveContext } from './live-context.ts';
import { reportOf } from './report.ts';
import { pauseDetail, withPauses } from './rollout-now.ts';
import { waitsOf } from './waiting.ts';

/** Most that is listed of what waits and of the report, and tasks that are asked what they wait for. */
const mostWaits = 200;
const mostLines = 200;
const mostAsked = 50;

export async function campaignView(context: LiveContext, campaign: string): Promise<CampaignView | undefined> {
  const missing: string[] = [];
  const standing = await statusOf(context, campaign, missing);
  if (standing === undefined) return undefined;
  const list = await context.source.list(campaign);
  const plan = await planOf(context.ledger, context.store, campaign).catch((error: unknown) => {
    missing.push(`the plan cannot be read: ${messageOf(error)}`);
    return null;
  });
  const [{ waiting, retries }, report] = await Promise.all([
    workUnderWay(context, standing, missing),
    reportOf(context, campaign, list?.version ?? '').catch((error: unknown) => {
      missing.push(`what was left out or failed is not known: ${messageOf(error)}`);
      return [];
    }),
  ]);
  const page = list?.page({ where: {}, text: '', sort: '', descending: false, after: null, limit: 1 });
  const endings = Object.entries(page?.facets['ending'] ?? {}).filter(([ending]) => ending !== '');
  const status = { ...standing, retries };
  return {
    missing,
    collection: collectionOf(campaign),
    status,
    version: versionOf(status),
    endings: Object.fromEntries(endings),
    teachers: teachersOf(plan, status),
    waiting: waiting.slice(0, mostWaits),
    waiting_more: Math.max(0, waiting.length - mostWaits),
    report: report.slice(0, mostLines),
    report_more: Math.max(0, report.length - mostLines),
  };
}

function teachersOf(plan: CampaignPlan | null, { pauses, busy, progress, workflow }: CampaignStanding): CampaignView['teachers'] {
  const models = new Map(Object.entries(plan?.campaign.teachers ?? {}).map(([name, { model }]) => [name, model]));
  for (const { teacher, model } of progress?.teacher_checks ?? []) if (!models.has(teacher)) models.set(teacher, model);
  for (const { teacher } of pauses) if (teacher !== null && !models.has(teacher)) models.set(teacher, '');
  return [...models].map(([name, model]) => {
    const pause = pauses.find(({ teacher }) => teacher === name);
    if (pause !== undefined) {
      return { name, model, state: 'waiting', detail: pauseDetail(pause), since: pause.since };
    }
    const refusing = busy.find(({ teacher }) => teacher === name);
    if (refusing !== undefined) {
      const { message, waiting, since } = refusing;
      return { name, model, state: 'busy', detail: `refuses requests for now; ${waiting} wait: ${message}`, since };
    }
    const check = progress?.teacher_checks?.find(({ teacher, problem }) => teacher === name && problem !== null);
    const detail = check?.problem ? `checked before the start: ${check.problem.message}` : '';
    return { name, model, state: workflow === 'running' && progress !== null ? 'fine' : 'unknown', detail, since: null };
  });
}

/** What tasks in flight wait for, the longest first, and what of the first of them fails and is tried again. */
async function workUnderWay(
  { temporal, journals }: LiveContext,
  status: CampaignStanding,
  missing: string[],
): Promise<Pick<CampaignView, 'waiting'> & { retries: CampaignRetry[] }> {
  const { campaign, progress } = status;
  const begun = status.closed_at === null ? [...new Set([...(progress?.in_flight ?? []), ...(progress?.prefetched ?? [])])] : [];
  if (begun.length === 0) return { waiting: [], retries: [] };
  if (begun.length > mostAsked) missing.push(`what waits is told of ${mostAsked} of ${begun.length} tasks under way`);
  const asked = begun.slice(0, mostAsked).map(
    async (instance_id) =>
      await temporal.ask(missing, `what ${instance_id} waits for is not known`, async (client) => {
        const description = await client.workflow.getHandle(pullRequestWorkflowId(campaign, instance_id)).describe();
        const waits = withPauses(waitsOf(description, campaign, instance_id, journals), status.pauses).map(({ cell, ...wait }) => ({
          ...wait,
          where: cell === null ? wait.where : `${cell.harness} · ${cell.mode} · ${cell.sample}`,
          instance_id,
        }));
        return { waits, retries: pendingRetries(description).map((retry) => ({ ...retry, instance_id })) };
      }),
  );
  const found = (await Promise.all(asked)).map((one) => one ?? { waits: [], retries: [] });
  const waiting = found.flatMap(({ waits }) => waits).sort((a, b) => ((a.since ?? '~') < (b.since ?? '~') ? -1 : 1));
  return { waiting, retries: found.slice(0, retriesAskedOf).flatMap(({ retries }) => retries) };
}
