import type { Judging } from '../../../schemas/judgement.ts';

const counts = ['passages', 'answered', 'cached', 'malformed', 'late', 'failed', 'over_budget', 'too_many'] as const;
const costs = ['prompt_tokens', 'completion_tokens', 'cost_usd'] as const;

/** How one judge was asked about several trajectories; null for none. */
export function judgingSum([first, ...others]: readonly Judging[]): Judging | null {
  if (first === undefined) return null;
  const sum = { ...first };
  for (const one of others) for (const name of [...counts, ...costs] as const) sum[name] += one[name];
  return sum;
}
