import type { Ledger } from '../activities/ledger/ledger.ts';
import { decidingRule, type LedgerEntry } from '../schemas/ledger-entry.ts';
import { trajectoryId } from '../schemas/trajectory-id.ts';

/** One planned rollout of a campaign with what became of it. */
export interface FoundRow {
  id: string;
  task: string;
  language: string;
  harness: string;
  mode: string;
  turns: number | null;
  ending: string | null;
  resolved: number | null;
  fate: string;
}

/** Every planned rollout of a campaign, by task, harness and mode. */
export async function rowsOf(ledger: Ledger, campaign: string): Promise<FoundRow[]> {
  const entries = new Map<string, LedgerEntry>();
  for await (const entry of ledger.entries(campaign)) entries.set(entry.id, entry);
  const languages = new Map((await ledger.tasks(campaign)).map(({ instance_id, language }) => [instance_id, language]));
  return (await ledger.rollouts(campaign)).map(({ key }) => {
    const id = trajectoryId(key);
    const entry = entries.get(id);
    return {
      id,
      task: key.instance_id,
      language: languages.get(key.instance_id) ?? '',
      harness: key.harness,
      mode: key.mode,
      turns: entry?.turns ?? null,
      ending: entry?.ending?.status ?? null,
      resolved: entry?.resolved ?? null,
      fate: entry === undefined ? 'open' : entry.kept ? 'kept' : `dropped: ${decidingRule(entry)?.rule ?? 'unknown rule'}`,
    };
  });
}
