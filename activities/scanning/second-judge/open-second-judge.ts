import { join } from 'node:path';
import type { Exchange } from '../../../schemas/turn.ts';
import type { JudgeTerms } from '../../../schemas/second-judge.ts';
import { Journal } from '../../journal/journal.ts';
import { journalledSpending } from '../../model/gateway/journalled-spending.ts';
import { AnswerCache } from './answer-cache.ts';
import { type AskedModel, QuestionedModel } from './ask-model.ts';
import { JudgeBudget } from './judge-budget.ts';
import { SecondJudge } from './second-judge.ts';

/** The folder of its journals in that of a campaign. */
const folder = 'second-judge';

export interface OpenSecondJudge extends AskedModel {
  terms: JudgeTerms;
  /** Folder of answers. */
  cache: string;
  /** Its answers go into journals, so that they count for the budget of the campaign after a restart too. */
  journalled: boolean;
}

/**
 * A second judge. With journals, what it spent before on this host counts for its budget, and each reply is on disk before it
 * counts, so that none is paid twice.
 */
export async function openSecondJudge({ terms, cache, journalled, ...asked }: OpenSecondJudge): Promise<SecondJudge> {
  const journals = join(asked.journals, asked.campaign);
  const before = journalled ? await journalledSpending(journals, folder) : undefined;
  const spent = before === undefined ? undefined : { tokens: before.prompt_tokens + before.completion_tokens, cost_usd: before.cost_usd };
  return new SecondJudge({
    model: new QuestionedModel(asked),
    cache: new AnswerCache(cache),
    budget: new JudgeBudget(terms.budget, spent),
    terms,
    ...(journalled && { onPaid: (id, exchange, request) => journal(join(journals, folder, `${id}.jsonl`), exchange, request) }),
  });
}

async function journal(path: string, exchange: Exchange, request_sha256: string): Promise<void> {
  const opened = await Journal.open(path);
  try {
    const number = opened.progress.exchanges;
    await opened.append({ type: 'exchange', at: Date.now(), exchange: number, turn: number, request_sha256, ...exchange });
  } finally {
    await opened.close();
  }
}
