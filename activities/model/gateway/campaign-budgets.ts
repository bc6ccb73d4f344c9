import type { Budget } from '../../../schemas/budget.ts';
import { CampaignBudget, type Spent } from './campaign-budget.ts';
import type { Ask } from './protocol.ts';

/** What was spent before this gateway, by folder of journals and campaign. */
export type ReadSpending = (journals: string, campaign: string) => Promise<Spent>;

/** The budgets of all campaigns. What was spent before is read once for each, before anything more is spent. */
export class CampaignBudgets {
  readonly #read: ReadSpending;
  readonly #opening = new Map<string, Promise<CampaignBudget>>();
  readonly #opened = new Map<string, CampaignBudget>();
  /** Limits that operators set after the campaign was planned. */
  readonly #changed = new Map<string, Budget>();

  constructor(read: ReadSpending) {
    this.#read = read;
  }

  get opened(): ReadonlyMap<string, CampaignBudget> {
    return this.#opened;
  }

  /** Rejects when the journals cannot be read; the next exchange then reads them again. */
  async of({ campaign, journals, budget: planned }: Pick<Ask, 'campaign' | 'journals' | 'budget'>): Promise<CampaignBudget> {
    let opening = this.#opening.get(campaign);
    if (opening === undefined) {
      opening = this.#open(campaign, journals, planned);
      this.#opening.set(campaign, opening);
      opening.catch(() => this.#opening.delete(campaign));
    }
    const budget = await opening;
    budget.setLimits(this.#changed.get(campaign) ?? planned);
    return budget;
  }

  /** From now on these limits hold, whatever the plan says. */
  setLimits(campaign: string, limits: Budget): void {
    this.#changed.set(campaign, limits);
    this.#opened.get(campaign)?.setLimits(limits);
  }

  async #open(campaign: string, journals: string, planned: Budget): Promise<CampaignBudget> {
    const budget = new CampaignBudget(campaign, planned, await this.#read(journals, campaign));
    this.#opened.set(campaign, budget);
    return budget;
  }
}
