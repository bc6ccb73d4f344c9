/**
 * What lies in the system's own folders but belongs to whoever runs agents and tasks: logs and state of a runner, a
 * session, a task. The name right below such a folder tells, since services have a folder of their own there.
 */
const ofRunner =
  /^\/(?:var\/(?:log|lib|run|cache|spool|opt)|run|etc|usr\/local\/(?:share|lib|etc|src))\/(?:[\w-]+-)?(?:agents?|episodes?|sessions?|runners?|trials?|conversations?|ci|sudo-io|asciinema|audit|jenkins)(?:[-_.]?\d+)?(?:\/|\.(?:log|jsonl?|txt|cast|db|sqlite3?|ya?ml)(?:\.\d+)?(?:\.gz)?$)/;
const ofTask =
  /^\/(?:var\/(?:log|lib|run|cache|spool|opt)|run|etc|usr\/local\/(?:share|lib|etc|src))\/(?:secrets|(?:[\w-]+-)?(?:tasks?|instances?|problems?)(?:[-_.]?\d+)?)(?:\/|\.(?:log|jsonl?|txt|db|sqlite3?|ya?ml)$)/;
const mounted = /^\/run\/media\/./;
const serviceAgents = /\/(?:ssh|gpg|datadog|newrelic|zabbix|puppet|consul|cloudwatch|google|azure|waagent|polkit|user)-?\w*agents?/;

/** Whose place a path of the system is; undefined for the system's and its services'. */
export function placeOfMakers(path: string): 'other_runs' | 'hidden_answer' | undefined {
  if (ofTask.test(path) || mounted.test(path)) return 'hidden_answer';
  return ofRunner.test(path) && !serviceAgents.test(path) ? 'other_runs' : undefined;
}
