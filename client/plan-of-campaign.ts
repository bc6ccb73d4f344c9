import { type ArtifactStore, getJson } from '../activities/artifacts/store.ts';
import type { Ledger } from '../activities/ledger/ledger.ts';
import { CampaignPlan } from '../schemas/campaign-plan.ts';

/** The plan that a campaign was last started with; null where none is on record. */
export async function planOf(ledger: Ledger, store: ArtifactStore, campaign: string): Promise<CampaignPlan | null> {
  const ref = (await ledger.campaign(campaign))?.plan ?? null;
  return ref === null ? null : await getJson(store, ref, CampaignPlan);
}
