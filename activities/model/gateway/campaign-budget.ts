import type { Budget } from '../../../schemas/budget.ts';
import type { Teacher } from '../../../schemas/campaign.ts';
import type { GatewayPause } from '../../../schemas/teacher-health.ts';
import type { Exchange } from '../../../schemas/turn.ts';
import { costOf, tokensIn } from '../usage.ts';

/** What replies have cost so far. */
export interface Spent {
  prompt_tokens: number;
  completion_tokens: number;
  cost_usd: number;
  exchanges: number;
}

export const nothingSpent: Spent = { prompt_tokens: 0, completion_tokens: 0, cost_usd: 0, exchanges: 0 };

interface Amount {
  tokens: number;
  cost_usd: number;
}

type Paid = Pick<Exchange, 'usage' | 'cost_usd'>;

/** `spent` with one more reply. */
export function withPaid(spent: Spent, { usage, cost_usd }: Paid): Spent {
  return {
    prompt_tokens: spent.prompt_tokens + usage.prompt_tokens,
    completion_tokens: spent.completion_tokens + usage.completion_tokens,
    cost_usd: spent.cost_usd + cost_usd,
    exchanges: spent.exchanges + 1,
  };
}

/** Assumed length of an answer where the profile sets no `max_tokens` and no longer one was seen. */
const assumedAnswerTokens = 1024;

/**
 * A campaign's money. Every request reserves its worst case before it goes out, so that requests in flight
 * together cannot overrun the budget; what it really cost replaces the reservation.
 */
export class CampaignBudget {
  readonly #campaign: string;
  #limits: Budget;
  #spent: Spent;
  #reserved: Amount = { tokens: 0, cost_usd: 0 };
  #longestAnswer = assumedAnswerTokens;
  #waiting = new Set<() => void>();
  /** Requests that do not fit into what is left, whatever those in flight cost. */
  readonly #shut = new Set<symbol>();
  #shutSince = 0;

  constructor(campaign: string, limits: Budget, spent: Spent) {
    this.#campaign = campaign;
    this.#limits = limits;
    this.#spent = spent;
  }

  get limits(): Budget {
    return this.#limits;
  }

  get spent(): Spent {
    return this.#spent;
  }

  get reserved(): Readonly<Amount> {
    return this.#reserved;
  }

  /** Undefined unless a request waits for the budget to be raised. */
  get pause(): GatewayPause | undefined {
    if (this.#shut.size === 0) return undefined;
    return {
      teacher: null,
      code: 'budget_spent',
      message: `${this.#spentInWords()}; another request could overrun the budget`,
      hint: `raise it and the campaign goes on: tracemill campaign budget ${this.#campaign} --cost-usd N or --tokens N`,
      since: new Date(this.#shutSince).toISOString(),
      next_try: null,
    };
  }

  setLimits(limits: Budget): void {
    if (limits.tokens === this.#limits.tokens && limits.cost_usd === this.#limits.cost_usd) return;
    this.#limits = limits;
    this.#wake();
  }

  /**
   * Resolves when the budget allows the request: until then it waits for others to cost less than they could, or for the
   * budget to be raised. Rejects with the signal's reason.
   */
  async reserve(bodyCharacters: number, teacher: Teacher, signal: AbortSignal): Promise<Reservation> {
    const request = Symbol('request');
    try {
      for (;;) {
        signal.throwIfAborted();
        const most = this.#worstCase(bodyCharacters, teacher);
        if (this.#fits(most, this.#reserved)) return this.#reservation(most);
        if (!this.#fits(most, { tokens: 0, cost_usd: 0 })) this.#shutOut(request);
        else this.#shut.delete(request);
        await this.#nextChange(signal);
      }
    } finally {
      this.#shut.delete(request);
    }
  }

  #reservation(most: Amount): Reservation {
    this.#reserve(most, 1);
    return {
      end: (paid) => {
        this.#reserve(most, -1);
        if (paid !== undefined) {
          this.#spent = withPaid(this.#spent, paid);
          this.#longestAnswer = Math.max(this.#longestAnswer, paid.usage.completion_tokens);
        }
        this.#wake();
      },
    };
  }

  #shutOut(request: symbol): void {
    if (this.#shut.size === 0) this.#shutSince = Date.now();
    this.#shut.add(request);
  }

  #worstCase(bodyCharacters: number, teacher: Teacher): Amount {
    const limit = teacher.sampling['max_completion_tokens'] ?? teacher.sampling['max_tokens'];
    const usage = { prompt_tokens: tokensIn(bodyCharacters), completion_tokens: typeof limit === 'number' ? limit : this.#longestAnswer };
    return { tokens: usage.prompt_tokens + usage.completion_tokens, cost_usd: costOf(usage, teacher.prices) };
  }

  #fits(more: Amount, reserved: Amount): boolean {
    const { tokens, cost_usd } = this.#limits;
    const tokensFit = tokens === 0 || this.#tokens + reserved.tokens + more.tokens <= tokens;
    return tokensFit && (cost_usd === 0 || this.#spent.cost_usd + reserved.cost_usd + more.cost_usd <= cost_usd);
  }

  get #tokens(): number {
    return this.#spent.prompt_tokens + this.#spent.completion_tokens;
  }

  #spentInWords(): string {
    const { tokens, cost_usd } = this.#limits;
    const parts = [
      ...(tokens > 0 ? [`${this.#tokens} of ${tokens} tokens`] : []),
      ...(cost_usd > 0 ? [`$${this.#spent.cost_usd.toFixed(4)} of $${cost_usd}`] : []),
    ];
    return `${parts.join(' and ')} are spent`;
  }

  #reserve(amount: Amount, sign: 1 | -1): void {
    this.#reserved = {
      tokens: this.#reserved.tokens + sign * amount.tokens,
      cost_usd: this.#reserved.cost_usd + sign * amount.cost_usd,
    };
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = new Set();
    for (const wake of waiting) wake();
  }

  #nextChange(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const give = () => reject(signal.reason);
      signal.addEventListener('abort', give, { once: true });
      this.#waiting.add(() => {
        signal.removeEventListener('abort', give);
        resolve();
      });
    });
  }
}

/** Called once, with what the request cost, or with nothing when it failed. */
export interface Reservation {
  end(paid: Paid | undefined): void;
}
