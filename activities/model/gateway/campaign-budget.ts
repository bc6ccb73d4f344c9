import type { Campaign, Teacher } from '../../../schemas/campaign.ts';
import type { Exchange } from '../../../schemas/turn.ts';
import { costOf, tokensIn } from '../usage.ts';

export interface Spent {
  tokens: number;
  cost_usd: number;
}

/** Assumed length of an answer where the profile sets no `max_tokens` and no longer one was seen. */
const assumedAnswerTokens = 1024;

/**
 * A campaign's money. Every request reserves its worst case before it goes out, so that requests in flight
 * together cannot overrun the budget; what it really cost replaces the reservation.
 */
export class CampaignBudget {
  #limits: Campaign['budget'];
  #spent: Spent;
  #reserved: Spent = { tokens: 0, cost_usd: 0 };
  #longestAnswer = assumedAnswerTokens;
  #waiting = new Set<() => void>();

  constructor(limits: Campaign['budget'], spent: Spent) {
    this.#limits = limits;
    this.#spent = { ...spent };
  }

  get totals(): { spent: Spent; reserved: Spent } {
    return { spent: this.#spent, reserved: this.#reserved };
  }

  setLimits(limits: Campaign['budget']): void {
    this.#limits = limits;
    this.#wake();
  }

  /** Undefined when the budget does not allow the request. Waits while only reservations stand in its way. */
  async reserve(bodyCharacters: number, teacher: Teacher, signal: AbortSignal): Promise<Reservation | undefined> {
    for (;;) {
      signal.throwIfAborted();
      const most = this.#worstCase(bodyCharacters, teacher);
      if (!this.#fits(most, { tokens: 0, cost_usd: 0 })) return undefined;
      if (this.#fits(most, this.#reserved)) {
        this.#change(this.#reserved, most, 1);
        return {
          end: (exchange) => {
            this.#change(this.#reserved, most, -1);
            if (exchange !== undefined) this.#count(exchange);
            this.#wake();
          },
        };
      }
      await this.#nextChange(signal);
    }
  }

  #worstCase(bodyCharacters: number, teacher: Teacher): Spent {
    const limit = teacher.sampling['max_completion_tokens'] ?? teacher.sampling['max_tokens'];
    const usage = { prompt_tokens: tokensIn(bodyCharacters), completion_tokens: typeof limit === 'number' ? limit : this.#longestAnswer };
    return { tokens: usage.prompt_tokens + usage.completion_tokens, cost_usd: costOf(usage, teacher.prices) };
  }

  #fits(more: Spent, reserved: Spent): boolean {
    const { tokens, cost_usd } = this.#limits;
    const tokensFit = tokens === 0 || this.#spent.tokens + reserved.tokens + more.tokens <= tokens;
    return tokensFit && (cost_usd === 0 || this.#spent.cost_usd + reserved.cost_usd + more.cost_usd <= cost_usd);
  }

  #count({ usage, cost_usd }: Pick<Exchange, 'usage' | 'cost_usd'>): void {
    this.#change(this.#spent, { tokens: usage.prompt_tokens + usage.completion_tokens, cost_usd }, 1);
    this.#longestAnswer = Math.max(this.#longestAnswer, usage.completion_tokens);
  }

  #change(total: Spent, by: Spent, sign: 1 | -1): void {
    total.tokens += sign * by.tokens;
    total.cost_usd += sign * by.cost_usd;
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
  end(exchange: Pick<Exchange, 'usage' | 'cost_usd'> | undefined): void;
}
