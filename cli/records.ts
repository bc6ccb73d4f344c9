import type { Ledger } from '../activities/ledger/ledger.ts';
import { openLocalLedger } from '../activities/ledger/local/local-ledger.ts';
import { localStore } from '../activities/artifacts/local-store.ts';
import type { ArtifactStore } from '../activities/artifacts/store.ts';
import { paths } from '../platform/home.ts';
import { Problem } from '../schemas/problem.ts';

/** Opens ledger and store of this machine for one command, and closes them after it. */
export async function withRecords<T>(use: (records: { ledger: Ledger; store: ArtifactStore }) => T | Promise<T>): Promise<T> {
  const ledger = openLocalLedger(paths.ledger());
  try {
    return await use({ ledger, store: localStore(paths.store()) });
  } finally {
    await ledger.close();
  }
}

/** Throws `Problem` unknown_campaign when nothing was ever planned under this name. */
export async function requireCampaign(ledger: Ledger, campaign: string): Promise<void> {
  if (await ledger.hasCampaign(campaign)) return;
  const known = (await ledger.campaigns()).map((record) => record.campaign);
  throw new Problem('unknown_campaign', `no rollout of a campaign named ${campaign} is on record`, {
    hint: known.length === 0 ? 'no campaign was started on this machine yet' : `known campaigns: ${known.join(', ')}`,
  });
}
