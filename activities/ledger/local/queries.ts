/** What lists show of an entry beyond its columns, as one JSON array: one look at the document. */
function facts(json: string): string {
  const paths = [
    '$.repo',
    '$.language',
    '$.license',
    '$.teacher.model',
    '$.ending.kind',
    '$.turns',
    '$.usage.prompt_tokens',
    '$.usage.completion_tokens',
    '$.cost_usd',
    '$.trajectory.size_bytes',
    '$.findings',
  ];
  return `json_extract(${json}, ${paths.map((path) => `'${path}'`).join(', ')}) AS facts`;
}

/** Everything that is asked of the tables. Pages go on after the last key of the page before. */
export const queries = {
  campaigns: 'SELECT json FROM campaigns ORDER BY campaign',
  campaign: 'SELECT json FROM campaigns WHERE campaign = ?',
  has_campaign: 'SELECT 1 AS planned FROM rollouts WHERE campaign = ? LIMIT 1',
  campaign_end: 'SELECT json FROM campaign_ends WHERE campaign = ?',
  task: 'SELECT json FROM tasks WHERE campaign = ? AND instance_id = ?',
  tasks: 'SELECT instance_id AS last, json FROM tasks WHERE campaign = ? AND instance_id > ? ORDER BY instance_id LIMIT ?',
  rollouts: 'SELECT rollout_id AS last, json FROM rollouts WHERE campaign = ? AND rollout_id > ? ORDER BY rollout_id LIMIT ?',
  attempts: 'SELECT json FROM attempts WHERE rollout_id = ? ORDER BY stage, attempt',
  entries: 'SELECT trajectory_id AS last, json FROM entries WHERE campaign = ? AND trajectory_id > ? ORDER BY trajectory_id LIMIT ?',
  entries_by_task: `
    SELECT instance_id, trajectory_id, json FROM entries
    WHERE campaign = ? AND (instance_id, trajectory_id) > (?, ?) ORDER BY instance_id, trajectory_id LIMIT ?`,
  entry: 'SELECT json FROM entries WHERE trajectory_id = ?',
  revisions: `
    SELECT number, reason, json FROM superseded WHERE trajectory_id = ?1
    UNION ALL SELECT number, reason, json FROM entries WHERE trajectory_id = ?1 ORDER BY number`,
  funnel: `
    SELECT r.harness, r.mode, coalesce(e.language, t.language, 'unknown') AS language, t.state AS task_state,
           e.kept, e.lost, e.resolved, e.decided_by, e.ambiguous, count(*) AS rollouts
    FROM rollouts r
      LEFT JOIN entries e ON e.rollout_id = r.rollout_id
      LEFT JOIN tasks t ON t.campaign = r.campaign AND t.instance_id = r.instance_id
    WHERE r.campaign = ? GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9 ORDER BY 1, 2, 3, 4, 5, 6, 7, 8, 9`,
  not_judged: `
    SELECT r.harness, r.mode, e.language, json_extract(d.value, '$.rule') AS rule, count(*) AS rollouts
    FROM rollouts r JOIN entries e ON e.rollout_id = r.rollout_id, json_each(e.json, '$.decisions') d
    WHERE r.campaign = ? AND json_extract(d.value, '$.decision') = 'not_judged' GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4`,
  runs: `
    SELECT json FROM runs WHERE kind = ?1
      AND number = (SELECT max(n.number) FROM runs n WHERE n.kind = ?1 AND n.name = runs.name) ORDER BY name`,
  run_history: 'SELECT json FROM runs WHERE kind = ? AND name = ? ORDER BY number',
  find: `
    SELECT r.json AS rollout, e.json AS entry, (r.rollout_id = ?1 OR e.trajectory_id = ?1) AS exact
    FROM rollouts r LEFT JOIN entries e ON e.rollout_id = r.rollout_id
    WHERE substr(r.rollout_id, 1, length(?1)) = ?1 OR substr(e.trajectory_id, 1, length(?1)) = ?1
       OR substr(r.rollout_id, length(r.campaign) + 2, length(?1)) = ?1
    ORDER BY exact DESC, r.rollout_id LIMIT ?2`,
  rollout: `
    SELECT r.json AS rollout, e.json AS entry FROM rollouts r LEFT JOIN entries e ON e.rollout_id = r.rollout_id WHERE r.rollout_id = ?`,
  // A "+" keeps SQLite from an index: what came after a row id is a short way through the table itself.
  list_sizes: `
    SELECT (SELECT count(*) FROM rollouts WHERE campaign = ?1) AS rollouts, (SELECT count(*) FROM entries WHERE campaign = ?1) AS entries,
           (SELECT coalesce(max(rowid), 0) FROM superseded) AS superseded`,
  list_rollouts: `
    SELECT rowid AS last, rollout_id, instance_id, harness, mode, json_extract(json, '$.key.sample') AS sample,
           json_extract(json, '$.teacher') AS teacher
    FROM rollouts WHERE +campaign = ? AND rowid > ? ORDER BY rowid LIMIT ?`,
  list_entries: `
    SELECT rowid AS last, rollout_id, kept, lost, decided_by, resolved, ${facts('json')}
    FROM entries WHERE +campaign = ? AND rowid > ? ORDER BY rowid LIMIT ?`,
  list_changed: `
    SELECT s.rowid AS last, e.rollout_id, e.kept, e.lost, e.decided_by, e.resolved, ${facts('e.json')}
    FROM superseded s JOIN entries e ON e.trajectory_id = s.trajectory_id WHERE +e.campaign = ? AND s.rowid > ? ORDER BY s.rowid LIMIT ?`,
  list_tasks: `
    SELECT rowid AS last, instance_id, state, language, json_extract(json, '$.repo') AS repo, json_extract(json, '$.license') AS license
    FROM tasks WHERE +campaign = ? AND rowid > ? ORDER BY rowid LIMIT ?`,
} as const;

export type QueryName = keyof typeof queries;
