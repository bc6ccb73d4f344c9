import type { LedgerActivities } from '../../workflows/contract/activities.ts';
import type { Ledger } from './ledger.ts';

export function createLedgerActivities({ ledger }: { ledger: Ledger }): LedgerActivities {
  return {
    async recordPullRequest({ campaign, detail, outcome }) {
      const { status, detail: text, problem } = outcome;
      await ledger.changeTask(campaign, detail.instance_id, {
        state: status,
        problem: text === '' ? null : text,
        reported: problem ?? null,
      });
    },

    async recordCampaignEnd({ plan, progress }) {
      await ledger.recordCampaignEnd({ plan, progress });
    },
  };
}
