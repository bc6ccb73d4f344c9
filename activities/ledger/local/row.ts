import { decidingRule } from '../../../schemas/ledger-entry.ts';
import type { LedgerRecord } from '../../../schemas/ledger-record.ts';
import { rolloutId } from '../../../schemas/rollout-id.ts';

/** Of what belongs to no campaign; no campaign's name begins with "_". */
const RUNS_LOG = '_runs';

export type Columns = Record<string, string | number | null>;

/** A record as the tables hold it. */
export interface Row {
  table: 'campaigns' | 'campaign_ends' | 'tasks' | 'rollouts' | 'attempts' | 'entries' | 'runs';
  /** Name of the log that its line goes to: its campaign, or {@link RUNS_LOG}. */
  log: string;
  key: Columns;
  columns: Columns;
  /** The record; of an entry the entry alone. */
  json: string;
  /** Of an entry: why it was decided. */
  reason?: string;
  /** Does not change a row that is there. */
  unlessKnown?: boolean;
}

export function rowOf(record: LedgerRecord): Row {
  const json = JSON.stringify(record.type === 'entry' ? record.entry : record);
  switch (record.type) {
    case 'campaign':
      return { table: 'campaigns', log: record.campaign, key: { campaign: record.campaign }, columns: {}, json };
    case 'campaign_end': {
      const { campaign } = record.progress;
      return { table: 'campaign_ends', log: campaign, key: { campaign }, columns: {}, json };
    }
    case 'task': {
      const { campaign, instance_id } = record;
      return { table: 'tasks', log: campaign, key: { campaign, instance_id }, columns: {}, json };
    }
    case 'rollout': {
      const { campaign, instance_id, harness, mode } = record.key;
      const columns = { campaign, instance_id, harness, mode };
      return { table: 'rollouts', log: campaign, key: { rollout_id: rolloutId(record.key) }, columns, json };
    }
    case 'attempt': {
      const { key, stage, attempt } = record;
      return { table: 'attempts', log: key.campaign, key: { rollout_id: rolloutId(key), stage, attempt }, columns: {}, json };
    }
    case 'entry': {
      const { entry, reason } = record;
      const { campaign, instance_id } = entry.key;
      const columns = {
        rollout_id: rolloutId(entry.key),
        campaign,
        instance_id,
        language: entry.language,
        kept: entry.kept ? 1 : 0,
        lost: entry.ending === null ? 1 : 0,
        resolved: entry.resolved,
        decided_by: decidingRule(entry)?.rule ?? null,
        ambiguous: (entry.verdict?.ambiguous ?? []).length > 0 ? 1 : 0,
      };
      return { table: 'entries', log: campaign, key: { trajectory_id: entry.id }, columns, json, reason };
    }
    case 'run': {
      const { kind, name } = record;
      return { table: 'runs', log: RUNS_LOG, key: { kind, name }, columns: { sha256: record.record.sha256 }, json };
    }
  }
}
