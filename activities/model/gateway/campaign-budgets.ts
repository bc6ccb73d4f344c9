import { CampaignBudget, type Spent } from './campaign-budget.ts';
import type { Ask } from './protocol.ts';

/** What was spent before this gateway, by campaign and folder of journals. */
export type ReadSpending = (journals: string, campaign: string) => Promise<Spent>;

/** The budgets of all campaigns. What was spent before is read once for each, before anything more is spent. */
export class CampaignBudgets {
  readonly #read: ReadSpending;
  readonly #opening = new Map<string, Promise<CampaignBudget>>();
  readonly #opened = new Map<string, CampaignBudget>();

  constructor(read: ReadSpending) {
    this.#read = read;
  }

  get opened(): ReadonlyMap<string, CampaignBudget> {
    return this.#opened;
  }

  /** Rejects when the journals cannot be read; the next exchange then reads them again. */
  async of({ campaign, journals, budget: limits }: Pick<Ask, 'campaign' | 'journals' | 'budget'>): Promise<CampaignBudget> {
    let opening = this.#opening.get(campaign);
    if (opening === undefined) {
      opening = this.#open(campaign, journals, limits);
      this.#opening.set(campaign, opening);
      opening.catch(() => this.#opening.delete(campaign));
    }
    const budget = await opening;
    budget.setLimits(limits);
    return budget;
  }

  async #open(campaign: string, journals: string, limits: Ask['budget']): Promise<CampaignBudget> {
    const budget = new CampaignBudget(limits, await this.#read(journals, campaign));
    this.#opened.set(campaign, budget);
    return budget;
  }
}
