import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Columns, Row } from './row.ts';

/** Brings rows into the tables of one database. */
export class RowWriter {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /** False when the table holds the row already. */
  apply(row: Row): boolean {
    if (row.table === 'entries') return this.#applyEntry(row);
    return row.table === 'runs' ? this.#applyRun(row) : this.#upsert(row, row.columns);
  }

  /** The task with the change made; null when it was never planned. */
  changedTask(campaign: string, instanceId: string, change: Record<string, unknown>): Row | null {
    const known = this.#prepare('SELECT json FROM tasks WHERE campaign = ? AND instance_id = ?').get(campaign, instanceId);
    if (known === undefined) return null;
    const task: Record<string, unknown> = JSON.parse(String(known['json']));
    const given = Object.entries(change).filter(([, value]) => value !== undefined);
    const json = JSON.stringify({ ...task, ...Object.fromEntries(given) });
    return { table: 'tasks', log: campaign, key: { campaign, instance_id: instanceId }, columns: {}, json };
  }

  #applyEntry(row: Row): boolean {
    const id = row.key['trajectory_id'] ?? null;
    const known = this.#prepare('SELECT number, reason, json FROM entries WHERE trajectory_id = ?').get(id);
    if (known?.['json'] === row.json) return false;
    if (known !== undefined) {
      const { number = null, reason = null, json = null } = known;
      this.#prepare('INSERT INTO superseded (trajectory_id, number, reason, json) VALUES (?, ?, ?, ?)').run(id, number, reason, json);
    }
    const number = Number(known?.['number'] ?? 0) + 1;
    return this.#upsert(row, { ...row.columns, number, reason: row.reason ?? '' });
  }

  #applyRun(row: Row): boolean {
    const { kind = null, name = null } = row.key;
    const known = this.#prepare('SELECT number, sha256 FROM runs WHERE kind = ? AND name = ? ORDER BY number DESC LIMIT 1').get(kind, name);
    if (known !== undefined && known['sha256'] === row.columns['sha256']) return false;
    return this.#upsert({ ...row, key: { ...row.key, number: Number(known?.['number'] ?? 0) + 1 } }, row.columns);
  }

  #upsert({ table, key, json, unlessKnown = false }: Row, columns: Columns): boolean {
    const values = { ...key, ...columns, json };
    const names = Object.keys(values);
    // A task that changes becomes the last row: readers go on behind the last one that they have seen.
    const moved = table === 'tasks' ? ', rowid = (SELECT max(rowid) + 1 FROM tasks)' : '';
    const known = unlessKnown
      ? 'DO NOTHING'
      : `DO UPDATE SET ${names.map((name) => `${name} = excluded.${name}`).join(', ')}${moved} WHERE ${table}.json <> excluded.json`;
    const { changes } = this.#prepare(
      `INSERT INTO ${table} (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})
       ON CONFLICT (${Object.keys(key).join(', ')}) ${known}`,
    ).run(...Object.values(values));
    return Number(changes) > 0;
  }

  #prepare(sql: string): StatementSync {
    const known = this.#statements.get(sql) ?? this.#database.prepare(sql);
    this.#statements.set(sql, known);
    return known;
  }
}
