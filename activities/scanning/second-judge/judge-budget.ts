import type { Budget } from '../../../schemas/budget.ts';
import type { Teacher } from '../../../schemas/campaign.ts';
import type { Exchange } from '../../../schemas/turn.ts';
import { costOf, tokensIn } from '../../model/usage.ts';

interface Amount {
  tokens: number;
  cost_usd: number;
}

/** What a second judge may spend. A question reserves its worst case before it is put, so that no number of them can overrun it. */
export class JudgeBudget {
  readonly #limits: Budget;
  #spent: Amount;

  constructor(limits: Budget, spent: Amount = { tokens: 0, cost_usd: 0 }) {
    this.#limits = limits;
    this.#spent = spent;
  }

  /** Undefined where the question does not fit into what is left; else what to call with its cost, or with nothing when it failed. */
  reserve(bodyCharacters: number, longestAnswer: number, teacher: Teacher): ((paid: Exchange | undefined) => void) | undefined {
    const usage = { prompt_tokens: tokensIn(bodyCharacters), completion_tokens: longestAnswer };
    const most = { tokens: usage.prompt_tokens + usage.completion_tokens, cost_usd: costOf(usage, teacher.prices) };
    const { tokens, cost_usd } = this.#limits;
    const fits =
      (tokens === 0 || this.#spent.tokens + most.tokens <= tokens) && (cost_usd === 0 || this.#spent.cost_usd + most.cost_usd <= cost_usd);
    if (!fits) return undefined;
    this.#add(most, 1);
    return (paid) => {
      this.#add(most, -1);
      if (paid !== undefined) this.#add({ tokens: paid.usage.prompt_tokens + paid.usage.completion_tokens, cost_usd: paid.cost_usd }, 1);
    };
  }

  #add({ tokens, cost_usd }: Amount, sign: 1 | -1): void {
    this.#spent = { tokens: this.#spent.tokens + sign * tokens, cost_usd: this.#spent.cost_usd + sign * cost_usd };
  }
}
