import { createHash } from 'node:crypto';
import type { Budget } from '../schemas/budget.ts';
import { CampaignConcurrency } from '../schemas/campaign.ts';
import type { CampaignProgress } from '../schemas/campaign-progress.ts';
import type { CampaignStatus } from '../schemas/campaign-status.ts';
import type { SteeringAction, SteeringPreview } from '../schemas/web-live.ts';

/** Changes with whatever steering may change or rests on, and with nothing else: figures that count on do not change it. */
export function versionOf({ workflow, started_at, progress, budget }: CampaignStatus): string {
  const { state, concurrency, detail } = progress ?? { state: null, concurrency: null, detail: null };
  const parts = JSON.stringify([workflow, started_at, state, concurrency, detail, budget]);
  return createHash('sha256').update(parts).digest('base64url').slice(0, 16);
}

/** What steering may change, as it is, in one line. */
export function settingsText({ workflow, progress, budget }: CampaignStatus): string {
  if (progress === null) return `workflow ${workflow}, no worker answers`;
  return `${progress.state}, ${tasks(progress.concurrency)} at once, budget ${budgetText(budget ?? progress.budget)}`;
}

/** What a change would do to a campaign as it stands, in numbers; and why it cannot be done, where it cannot. */
export function previewOf(status: CampaignStatus, action: SteeringAction): SteeringPreview {
  const { progress } = status;
  const version = versionOf(status);
  const refusal = refusalOf(status, action);
  if (progress === null || refusal !== null) return { version, effects: [], refused: refusal };
  return { version, effects: effectsOf(status, progress, action), refused: null };
}

function refusalOf({ workflow, progress }: CampaignStatus, action: SteeringAction): string | null {
  if (workflow !== 'running') return `the campaign does not run: its workflow is ${workflow}`;
  if (progress === null) return 'no worker answers for the campaign; start one: tracemill worker';
  const { state } = progress;
  if (['aborting', 'done', 'failed', 'aborted'].includes(state)) return `the campaign is ${state}`;
  if (action.action === 'pause' && state === 'paused') return 'the campaign is paused already';
  if (action.action === 'resume' && state !== 'paused') return `the campaign is not paused but ${state}`;
  if (action.action === 'concurrency' && !CampaignConcurrency.safeParse(action.concurrency).success) {
    return `tasks at once are a whole number from ${CampaignConcurrency.minValue} to ${CampaignConcurrency.maxValue}`;
  }
  if (action.action === 'budget' && action.tokens === undefined && action.cost_usd === undefined) return 'no budget was given';
  return null;
}

function effectsOf(status: CampaignStatus, progress: CampaignProgress, action: SteeringAction): string[] {
  const { funnel, spending, pauses } = status;
  const { open, planned } = funnel.total;
  const under = progress.in_flight.length;
  const later = Math.max(0, progress.tasks - progress.started);
  switch (action.action) {
    case 'pause':
      return [
        `${tasks(under)} under way finish the rollouts that have begun`,
        `${tasks(later)} do not begin until the campaign is resumed`,
      ];
    case 'resume':
      return [
        `${tasks(later)} may begin, up to ${progress.concurrency} at once`,
        `${open} of ${planned} rollouts are open`,
        ...pauses.map(
          ({ teacher, code }) => `${teacher === null ? 'the campaign' : `teacher ${teacher}`} still waits: ${code.replaceAll('_', ' ')}`,
        ),
      ];
    case 'abort':
      return [
        `${tasks(under)} under way are cancelled and their containers removed`,
        `${open} of ${planned} rollouts are never decided; ${planned - open} stay on the ledger`,
        `$${spending.cost_usd.toFixed(2)} and ${spending.prompt_tokens + spending.completion_tokens} tokens are spent already`,
        'no release is built; it cannot be undone, but the campaign can be started again',
      ];
    case 'concurrency': {
      const more = Math.min(later + progress.prefetched.length, Math.max(0, action.concurrency - under));
      return [
        `tasks at once: ${progress.concurrency} → ${action.concurrency}`,
        action.concurrency < under
          ? `${tasks(under)} under way go on; none begins until fewer than ${action.concurrency} are left`
          : `${tasks(under)} under way; up to ${more} more may begin now`,
      ];
    }
    case 'budget': {
      const next = { ...progress.budget, ...given(action) };
      return [`budget: ${budgetText(progress.budget)} → ${budgetText(next)}`, ...leftOf(next, status)];
    }
  }
}

function given({ tokens: most, cost_usd }: { tokens?: number | undefined; cost_usd?: number | undefined }): Partial<Budget> {
  return { ...(most !== undefined && { tokens: most }), ...(cost_usd !== undefined && { cost_usd }) };
}

/** What a budget leaves of what is spent already. */
function leftOf({ tokens: most, cost_usd }: Budget, { spending }: CampaignStatus): string[] {
  const used = spending.prompt_tokens + spending.completion_tokens;
  const over = (most > 0 && used >= most) || (cost_usd > 0 && spending.cost_usd >= cost_usd);
  return [
    `spent so far: $${spending.cost_usd.toFixed(2)} and ${used} tokens`,
    ...(cost_usd > 0 ? [`$${Math.max(0, cost_usd - spending.cost_usd).toFixed(2)} are left`] : []),
    ...(most > 0 ? [`${Math.max(0, most - used)} tokens are left`] : []),
    ...(over ? ['that is spent already: the campaign would wait until its budget is raised'] : []),
  ];
}

function budgetText({ tokens: most, cost_usd }: Budget): string {
  return `${cost_usd === 0 ? 'no limit in money' : `$${cost_usd}`}, ${most === 0 ? 'no limit in tokens' : `${most} tokens`}`;
}

function tasks(number: number): string {
  return `${number} ${number === 1 ? 'task' : 'tasks'}`;
}
