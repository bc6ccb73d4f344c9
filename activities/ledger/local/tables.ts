import type { DatabaseSync } from 'node:sqlite';

/** Counts up when the tables change. */
export const TABLES_VERSION = 3;

/** Every run that was recorded under a kind and name, numbered from 1; the highest number holds. */
const RUNS_TABLE = `
  CREATE TABLE runs (
    kind TEXT NOT NULL, name TEXT NOT NULL, number INTEGER NOT NULL, sha256 TEXT NOT NULL, json TEXT NOT NULL, PRIMARY KEY (kind, name, number)
  ) STRICT;
`;

/** Whether the verdict rests on an ambiguous log. Entries of before say nothing of it. */
const AMBIGUOUS_COLUMN = 'ambiguous INTEGER NOT NULL DEFAULT 0';

/** Documents as JSON, with the columns that queries need beside them. An entry that was replaced moves to `superseded`. */
const TABLES = `
  CREATE TABLE campaigns (campaign TEXT PRIMARY KEY, json TEXT NOT NULL) STRICT;
  CREATE TABLE campaign_ends (campaign TEXT PRIMARY KEY, json TEXT NOT NULL) STRICT;
  CREATE TABLE tasks (
    campaign TEXT NOT NULL, instance_id TEXT NOT NULL, json TEXT NOT NULL,
    language TEXT NOT NULL GENERATED ALWAYS AS (json_extract(json, '$.language')) STORED,
    state TEXT NOT NULL GENERATED ALWAYS AS (json_extract(json, '$.state')) STORED,
    PRIMARY KEY (campaign, instance_id)
  ) STRICT;
  CREATE TABLE rollouts (
    rollout_id TEXT PRIMARY KEY, campaign TEXT NOT NULL, instance_id TEXT NOT NULL, harness TEXT NOT NULL, mode TEXT NOT NULL,
    json TEXT NOT NULL
  ) STRICT;
  CREATE INDEX rollouts_of_campaign ON rollouts (campaign, rollout_id);
  CREATE TABLE attempts (
    rollout_id TEXT NOT NULL, stage TEXT NOT NULL, attempt INTEGER NOT NULL, json TEXT NOT NULL, PRIMARY KEY (rollout_id, stage, attempt)
  ) STRICT;
  CREATE TABLE entries (
    trajectory_id TEXT PRIMARY KEY, rollout_id TEXT NOT NULL, campaign TEXT NOT NULL, instance_id TEXT NOT NULL, language TEXT NOT NULL,
    kept INTEGER NOT NULL, lost INTEGER NOT NULL, resolved INTEGER NOT NULL, decided_by TEXT,
    ${AMBIGUOUS_COLUMN}, number INTEGER NOT NULL, reason TEXT NOT NULL, json TEXT NOT NULL
  ) STRICT;
  CREATE INDEX entries_of_campaign ON entries (campaign, trajectory_id);
  CREATE INDEX entries_of_task ON entries (campaign, instance_id, trajectory_id);
  CREATE INDEX entries_of_rollout ON entries (rollout_id);
  CREATE TABLE superseded (
    trajectory_id TEXT NOT NULL, number INTEGER NOT NULL, reason TEXT NOT NULL, json TEXT NOT NULL, PRIMARY KEY (trajectory_id, number)
  ) STRICT;
  ${RUNS_TABLE}
  PRAGMA user_version = ${TABLES_VERSION};
`;

export function createTables(database: DatabaseSync): void {
  database.exec(TABLES);
}

/** Adds what the tables of an older version lack; for a write transaction. */
export function bringUpToDate(database: DatabaseSync): void {
  const version = tablesVersion(database);
  if (version === 0 || version >= TABLES_VERSION) return;
  if (version === 1) database.exec(RUNS_TABLE);
  database.exec(`ALTER TABLE entries ADD COLUMN ${AMBIGUOUS_COLUMN}; PRAGMA user_version = ${TABLES_VERSION};`);
}

/** The version of the tables in a database; 0 where there are none yet. */
export function tablesVersion(database: DatabaseSync): number {
  return Number(database.prepare('PRAGMA user_version').get()?.['user_version'] ?? 0);
}

/** What belongs to a campaign, in an order in which each statement still finds its rows. */
const REMOVALS = [
  // Rollout ids begin with the campaign and a slash; the digit 0 follows the slash.
  `DELETE FROM attempts WHERE rowid IN (SELECT rowid FROM attempts WHERE rollout_id >= ?1 || '/' AND rollout_id < ?1 || '0' LIMIT ?2)`,
  `DELETE FROM superseded WHERE rowid IN (
     SELECT s.rowid FROM entries e JOIN superseded s ON s.trajectory_id = e.trajectory_id WHERE e.campaign = ?1 LIMIT ?2)`,
  ...['entries', 'rollouts', 'tasks', 'campaign_ends', 'campaigns'].map(
    (table) => `DELETE FROM ${table} WHERE rowid IN (SELECT rowid FROM ${table} WHERE campaign = ?1 LIMIT ?2)`,
  ),
];

/** Removes up to `limit` rows of a campaign; false when none was left. */
export function removeSome(database: DatabaseSync, campaign: string, limit: number): boolean {
  return REMOVALS.some((sql) => Number(database.prepare(sql).run(campaign, limit).changes) > 0);
}
