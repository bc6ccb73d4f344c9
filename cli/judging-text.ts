import type { Judging } from '../schemas/judgement.ts';

/** How a second judge was asked, in one line: what it decided on, what it could not, and what that cost. */
export function judgingText({
  model,
  passages,
  answered,
  cached,
  cost_usd,
  prompt_tokens,
  completion_tokens,
  ...undecided
}: Judging): string {
  const missed = notJudgedText(undecided);
  const spent = `${prompt_tokens + completion_tokens} tokens${cost_usd > 0 ? `, $${cost_usd.toFixed(4)}` : ''}`;
  return `${model} decided on ${answered + cached} of ${passages} passages (${cached} from the cache, ${spent})${missed === '' ? '' : `; not judged: ${missed}`}`;
}

function notJudgedText({
  malformed,
  late,
  failed,
  over_budget,
  too_many,
}: Omit<Judging, 'model' | 'passages' | 'answered' | 'cached' | 'cost_usd' | 'prompt_tokens' | 'completion_tokens'>): string {
  return [
    [malformed, 'malformed'],
    [late, 'late'],
    [failed, 'failed'],
    [over_budget, 'over budget'],
    [too_many, 'beyond the number a trajectory may have'],
  ]
    .flatMap(([count, what]) => (count === 0 ? [] : [`${count} ${what}`]))
    .join(', ');
}
