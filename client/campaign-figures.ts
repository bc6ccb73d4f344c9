import type { CampaignProgress } from '../schemas/campaign-progress.ts';
import type { Spending, WorkLeft } from '../schemas/campaign-status.ts';
import type { FunnelCounts } from '../schemas/ledger-record.ts';
import type { GatewayView } from './gateway-view.ts';

/** With fewer rollouts done, their average says too little about the others. */
const fewestDone = 3;

/** What a campaign has cost: as this host's gateway counts it, unless tasks that ended elsewhere cost more. */
export function spendingOf(progress: CampaignProgress | null, live: GatewayView | null): Spending {
  const { turns, prompt_tokens, completion_tokens, cost_usd } = progress?.totals ?? noTotals;
  if (live === null || live.prompt_tokens + live.completion_tokens < prompt_tokens + completion_tokens) {
    return { source: 'ended_tasks', turns, prompt_tokens, completion_tokens, cost_usd };
  }
  return {
    source: 'gateway',
    turns: live.exchanges,
    prompt_tokens: live.prompt_tokens,
    completion_tokens: live.completion_tokens,
    cost_usd: live.cost_usd,
  };
}

const noTotals = { turns: 0, prompt_tokens: 0, completion_tokens: 0, cost_usd: 0 };

/** What is left, by the average of the rollouts that are done; null while those are too few. */
export function workLeft(
  progress: CampaignProgress | null,
  { planned, open, gated_out, lost }: FunnelCounts,
  spending: Spending,
  turnsPerMinute: number | null,
): WorkLeft | null {
  if (open === 0) return { rollouts: 0, turns: 0, cost_usd: 0, minutes: 0 };
  const { done, turns, cost_usd } = progress?.totals ?? { done: 0, turns: 0, cost_usd: 0 };
  if (done < fewestDone) return null;
  // Of those under way, only what they have not spent yet is left. Only the gateway knows that.
  const all = spending.source === 'gateway' ? planned - gated_out - lost : open;
  const spent = spending.source === 'gateway' ? spending : noTotals;
  const turnsLeft = Math.max(1, Math.round((turns / done) * all - spent.turns));
  return {
    rollouts: open,
    turns: turnsLeft,
    cost_usd: Math.max(0, (cost_usd / done) * all - spent.cost_usd),
    minutes: turnsPerMinute === null || turnsPerMinute === 0 ? null : turnsLeft / turnsPerMinute,
  };
}
