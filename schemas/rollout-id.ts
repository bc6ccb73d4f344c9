import type { RolloutKey } from './names.ts';

/** The id of a rollout: `campaign/instance_id/harness/mode/sample`. Names workflows, containers and requests. */
export function rolloutId(key: Omit<RolloutKey, 'mode'> & { mode: string }): string {
  return `${key.campaign}/${key.instance_id}/${key.harness}/${key.mode}/${key.sample}`;
}
