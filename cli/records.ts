import { Index } from '../activities/ledger/ledger.ts';
import { localStore } from '../activities/artifacts/local-store.ts';
import type { ArtifactStore } from '../activities/artifacts/store.ts';
import { paths } from '../platform/home.ts';
import { Problem } from '../schemas/problem.ts';

/** Opens index and store of this machine for one command, and closes them after it. */
export async function withRecords<T>(use: (records: { index: Index; store: ArtifactStore }) => T | Promise<T>): Promise<T> {
  const index = Index.open(paths.index());
  try {
    return await use({ index, store: localStore(paths.store()) });
  } finally {
    index.close();
  }
}

/** Throws `Problem` unknown_campaign when nothing was ever planned under this name. */
export function requireCampaign(index: Index, campaign: string): void {
  if (index.rollouts(campaign).length > 0) return;
  const known = index.campaigns().map((record) => record.campaign);
  throw new Problem('unknown_campaign', `no rollout of a campaign named ${campaign} is on record`, {
    hint: known.length === 0 ? 'no campaign was started on this machine yet' : `known campaigns: ${known.join(', ')}`,
  });
}
