import type { DatabaseSync } from 'node:sqlite';
import type { IndexRecord, IndexRecordOf } from '../../schemas/ledger-record.ts';
import { decidingRule } from '../../schemas/ledger-entry.ts';
import { rolloutId } from '../../schemas/rollout-id.ts';

/** Documents as JSON, with the columns that queries need beside them. */
const TABLES = `
  CREATE TABLE IF NOT EXISTS campaigns (campaign TEXT PRIMARY KEY, json TEXT NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS campaign_ends (campaign TEXT PRIMARY KEY, json TEXT NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS tasks (
    campaign TEXT NOT NULL, instance_id TEXT NOT NULL, json TEXT NOT NULL, PRIMARY KEY (campaign, instance_id)
  ) STRICT;
  CREATE TABLE IF NOT EXISTS rollouts (
    rollout_id TEXT PRIMARY KEY, campaign TEXT NOT NULL, instance_id TEXT NOT NULL, harness TEXT NOT NULL, mode TEXT NOT NULL,
    json TEXT NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS rollouts_of_campaign ON rollouts (campaign);
  CREATE TABLE IF NOT EXISTS attempts (
    rollout_id TEXT NOT NULL, stage TEXT NOT NULL, attempt INTEGER NOT NULL, json TEXT NOT NULL, PRIMARY KEY (rollout_id, stage, attempt)
  ) STRICT;
  CREATE TABLE IF NOT EXISTS judgements (
    trajectory_id TEXT NOT NULL, number INTEGER NOT NULL, reason TEXT NOT NULL, json TEXT NOT NULL, PRIMARY KEY (trajectory_id, number)
  ) STRICT;
  CREATE TABLE IF NOT EXISTS ledger (
    trajectory_id TEXT PRIMARY KEY, rollout_id TEXT NOT NULL, campaign TEXT NOT NULL, instance_id TEXT NOT NULL, language TEXT NOT NULL,
    kept INTEGER NOT NULL, lost INTEGER NOT NULL, resolved INTEGER NOT NULL, decided_by TEXT, json TEXT NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS ledger_of_campaign ON ledger (campaign, trajectory_id);
  CREATE INDEX IF NOT EXISTS ledger_of_task ON ledger (campaign, instance_id);
  CREATE INDEX IF NOT EXISTS ledger_of_rollout ON ledger (rollout_id);
`;

const NAMES = ['campaigns', 'campaign_ends', 'tasks', 'rollouts', 'attempts', 'judgements', 'ledger'] as const;

export function createTables(database: DatabaseSync, options: { afresh?: boolean } = {}): void {
  if (options.afresh === true) for (const name of NAMES) database.exec(`DROP TABLE IF EXISTS ${name}`);
  database.exec(TABLES);
}

export function forgetCampaign(database: DatabaseSync, campaign: string): void {
  const ofRollouts = 'rollout_id IN (SELECT rollout_id FROM rollouts WHERE campaign = ?)';
  database.prepare(`DELETE FROM attempts WHERE ${ofRollouts}`).run(campaign);
  database.prepare('DELETE FROM judgements WHERE trajectory_id IN (SELECT trajectory_id FROM ledger WHERE campaign = ?)').run(campaign);
  for (const name of ['ledger', 'rollouts', 'tasks', 'campaign_ends', 'campaigns']) {
    database.prepare(`DELETE FROM ${name} WHERE campaign = ?`).run(campaign);
  }
}

/** Brings one record into the tables; false when they hold it already. */
export function applyRecord(database: DatabaseSync, record: IndexRecord): boolean {
  switch (record.type) {
    case 'campaign':
      return upsert(database, 'campaigns', { campaign: record.campaign }, {}, record);
    case 'campaign_end':
      return upsert(database, 'campaign_ends', { campaign: record.progress.campaign }, {}, record);
    case 'task':
      return upsert(database, 'tasks', { campaign: record.campaign, instance_id: record.instance_id }, {}, record);
    case 'rollout': {
      const { campaign, instance_id, harness, mode } = record.key;
      return upsert(database, 'rollouts', { rollout_id: rolloutId(record.key) }, { campaign, instance_id, harness, mode }, record);
    }
    case 'attempt':
      return upsert(database, 'attempts', { rollout_id: rolloutId(record.key), stage: record.stage, attempt: record.attempt }, {}, record);
    case 'judgement':
      return applyJudgement(database, record);
  }
}

function applyJudgement(database: DatabaseSync, { entry, reason }: IndexRecordOf<'judgement'>): boolean {
  const columns = {
    rollout_id: rolloutId(entry.key),
    campaign: entry.key.campaign,
    instance_id: entry.key.instance_id,
    language: entry.language,
    kept: entry.kept ? 1 : 0,
    lost: entry.ending === null ? 1 : 0,
    resolved: entry.resolved,
    decided_by: decidingRule(entry)?.rule ?? null,
  };
  if (!upsert(database, 'ledger', { trajectory_id: entry.id }, columns, entry)) return false;
  database
    .prepare(
      `INSERT INTO judgements (trajectory_id, number, reason, json)
       SELECT ?1, coalesce(max(number), 0) + 1, ?2, ?3 FROM judgements WHERE trajectory_id = ?1`,
    )
    .run(entry.id, reason, JSON.stringify(entry));
  return true;
}

type Columns = Record<string, string | number | null>;

function upsert(database: DatabaseSync, table: (typeof NAMES)[number], key: Columns, columns: Columns, document: unknown): boolean {
  const values = { ...key, ...columns, json: JSON.stringify(document) };
  const names = Object.keys(values);
  const { changes } = database
    .prepare(
      `INSERT INTO ${table} (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})
       ON CONFLICT (${Object.keys(key).join(', ')}) DO UPDATE SET ${names.map((name) => `${name} = excluded.${name}`).join(', ')}
       WHERE ${table}.json <> excluded.json`,
    )
    .run(...Object.values(values));
  return Number(changes) > 0;
}
