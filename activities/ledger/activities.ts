import type { LedgerActivities } from '../../workflows/contract/activities.ts';
import type { Index } from './ledger.ts';

export function createLedgerActivities({ index }: { index: Index }): LedgerActivities {
  return {
    async recordPullRequest({ campaign, detail, outcome }) {
      const known = index.task(campaign, detail.instance_id);
      if (known === null) return;
      const { status, detail: text, problem } = outcome;
      index.recordTask({ ...known, state: status, problem: text === '' ? null : text, reported: problem });
    },

    async recordCampaignEnd({ progress }) {
      index.recordCampaignEnd(progress);
    },
  };
}
