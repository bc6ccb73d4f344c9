import { InvalidArgumentError } from '@commander-js/extra-typings';
import type { Budget } from '../schemas/budget.ts';
import type { Spending } from '../schemas/campaign-status.ts';
import { Problem } from '../schemas/problem.ts';
import { printResult } from './output.ts';
import { steer, steering } from './steering.ts';

/** `tracemill campaign budget`: raises or lowers what a running campaign may spend. */
export function budgetCommand() {
  return steering(
    'budget',
    'Changes what a running campaign may spend in all; one that waits for it goes on within seconds.',
    '$ tracemill campaign budget demo --cost-usd 500\n  $ tracemill campaign budget demo --tokens 2000000000 --json\n\nWhat is not named stays as it is; 0 means no limit.',
  )
    .option('--cost-usd <dollars>', 'US dollars, by the prices of the teachers', dollars)
    .option('--tokens <number>', 'prompt and completion tokens', tokens)
    .action(async (campaign, { costUsd, tokens: most, reason }, command) => {
      const change = { ...(costUsd !== undefined && { cost_usd: costUsd }), ...(most !== undefined && { tokens: most }) };
      if (Object.keys(change).length === 0) {
        throw new Problem('invalid_budget', 'no budget was given', { hint: 'name --cost-usd, --tokens or both' });
      }
      const { result, status } = await steer(campaign, { action: 'budget', ...change }, reason);
      const { spending: spent } = status;
      const budget = status.progress?.budget ?? status.budget;
      const over = budget !== null && isSpent(budget, spent);
      const warning = over ? `\n${spentText(spent)} are spent already: the campaign waits until its budget is above that` : '';
      const { applied, detail } = result;
      printResult(command, { target: campaign, applied, detail, budget, spent, over }, `${detail}${warning}`);
    });
}

function isSpent({ tokens: most, cost_usd }: Budget, spent: Spending): boolean {
  return (most > 0 && spent.prompt_tokens + spent.completion_tokens >= most) || (cost_usd > 0 && spent.cost_usd >= cost_usd);
}

function spentText({ prompt_tokens, completion_tokens, cost_usd }: Spending): string {
  return `$${cost_usd.toFixed(2)} and ${prompt_tokens + completion_tokens} tokens`;
}

function dollars(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value < 0) throw new InvalidArgumentError('a number of dollars, 0 for no limit');
  return value;
}

function tokens(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError('a whole number of tokens, 0 for no limit');
  return Number(text);
}
