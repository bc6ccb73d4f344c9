import { engineProblem } from '../engine/engine-error.ts';
import type { ContainerSummary } from '../engine/engine.ts';
import type { HomeEngine } from './home-engine.ts';
import { label, ownerMayLive } from './labels.ts';
import { containerName } from './rollout-container.ts';

/** The pull request whose rollout a container belongs to. */
export interface ContainerOwner {
  campaign: string;
  instance_id: string;
}

export interface Reaping {
  /** Only this campaign's containers. */
  campaign?: string;
  /** Asked once for each pull request that still has rollout containers. */
  isLive: (owner: ContainerOwner) => Promise<boolean> | boolean;
  /** Report only. */
  dryRun?: boolean;
}

/** Containers of a job are short-lived; after this time (milliseconds) one is left over, even if its owner lives. */
const jobLifeMs = 24 * 3_600_000;

/**
 * Removes the containers that nobody needs any more: those of rollouts whose pull request no longer runs, and those
 * of jobs whose worker on this host is gone. Looks at labels alone, and only at containers of this home. Gives the names of
 * what it removed.
 */
export async function reap(engine: HomeEngine, { campaign, isLive, dryRun = false }: Reaping): Promise<string[]> {
  const filters = campaign === undefined ? [label.kind] : [label.kind, `${label.campaign}=${campaign}`];
  const live = new Map<string, Promise<boolean>>();
  const rolloutIsLive = (id: string) => {
    const [name = '', instance_id = ''] = id.split('/');
    const key = `${name}/${instance_id}`;
    const answer = live.get(key) ?? Promise.resolve(isLive({ campaign: name, instance_id }));
    live.set(key, answer);
    return answer;
  };
  const removed: string[] = [];
  for (const container of await list(engine, filters)) {
    const rollout = container.labels[label.rollout];
    const needed = rollout === undefined ? jobIsLive(container) : await rolloutIsLive(rollout);
    if (needed) continue;
    if (!dryRun) await engine.container(container.id).remove();
    removed.push(container.name);
  }
  return removed;
}

/** Removes every container of a campaign, live or not. Gives their names. */
export function removeCampaign(engine: HomeEngine, campaign: string): Promise<string[]> {
  return removeWhere(engine, campaign, () => true);
}

/** Removes the containers of one pull request's rollouts, live or not. Gives their names. */
export function removeRollouts(engine: HomeEngine, { campaign, instance_id }: ContainerOwner): Promise<string[]> {
  return removeWhere(engine, campaign, ({ labels }) => labels[label.rollout]?.startsWith(`${campaign}/${instance_id}/`) === true);
}

/** Removes one rollout's container if there is one. */
export async function removeRollout(engine: HomeEngine, rolloutId: string): Promise<void> {
  try {
    await engine.container(containerName(engine.home, rolloutId)).remove();
  } catch (error) {
    throw engineProblem(error, rolloutId);
  }
}

async function removeWhere(engine: HomeEngine, campaign: string, chosen: (container: ContainerSummary) => boolean): Promise<string[]> {
  const containers = (await list(engine, [`${label.campaign}=${campaign}`])).filter(chosen);
  for (const { id } of containers) await engine.container(id).remove();
  return containers.map(({ name }) => name);
}

function jobIsLive({ labels, createdAt }: ContainerSummary): boolean {
  const owner = labels[label.owner];
  return owner !== undefined && ownerMayLive(owner) && Date.now() - createdAt < jobLifeMs;
}

async function list(engine: HomeEngine, labels: string[]): Promise<ContainerSummary[]> {
  try {
    return await engine.listContainers([...labels, `${label.home}=${engine.home}`]);
  } catch (error) {
    throw engineProblem(error, 'the list of containers');
  }
}
