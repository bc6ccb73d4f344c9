import type { ArtifactRef } from '../../schemas/artifact-ref.ts';
import { CampaignPlan } from '../../schemas/campaign-plan.ts';
import { Task } from '../../schemas/task.ts';
import { type ArtifactStore, getJson } from '../artifacts/store.ts';

/** Plans kept in memory: a worker serves few campaigns at a time, and a plan of 20,000 tasks is some 8 MB. */
const keptPlans = 4;

/** Reads plans and tasks from the store; a plan is read and checked once however many activities ask for it. */
export class PlanReader {
  readonly #store: ArtifactStore;
  readonly #plans = new Map<string, Promise<CampaignPlan>>();

  constructor(store: ArtifactStore) {
    this.#store = store;
  }

  plan(ref: ArtifactRef): Promise<CampaignPlan> {
    const known = this.#plans.get(ref.sha256);
    if (known !== undefined) return known;
    const reading = getJson(this.#store, ref, CampaignPlan);
    this.#plans.set(ref.sha256, reading);
    reading.catch(() => this.#plans.delete(ref.sha256));
    const [oldest] = this.#plans.keys();
    if (this.#plans.size > keptPlans && oldest !== undefined) this.#plans.delete(oldest);
    return reading;
  }

  task(ref: ArtifactRef): Promise<Task> {
    return getJson(this.#store, ref, Task);
  }
}
