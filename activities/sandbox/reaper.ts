import type Docker from 'dockerode';
import { engineProblem, isNotFound } from './engine-error.ts';
import { label, ownerMayLive, thisHome } from './labels.ts';
import { containerName, removeContainer } from './rollout-container.ts';

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

/** Containers of a job are short-lived; after this time (seconds) one is a left-over whoever owns it. */
const jobLifeSeconds = 24 * 3600;

/**
 * Removes the containers that nobody needs any more: those of rollouts whose pull request no longer runs, and those
 * of jobs whose worker on this host is gone. Looks at labels alone, and only at containers of this home. Gives the names of
 * what it removed.
 */
export async function reap(docker: Docker, { campaign, isLive, dryRun = false }: Reaping): Promise<string[]> {
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
  for (const container of await list(docker, filters)) {
    const rollout = container.Labels[label.rollout];
    const needed = rollout === undefined ? jobIsLive(container) : await rolloutIsLive(rollout);
    if (needed) continue;
    if (!dryRun) await removeContainer(docker.getContainer(container.Id));
    removed.push(nameOf(container));
  }
  return removed;
}

/** Removes every container of a campaign, live or not. Gives their names. */
export function removeCampaign(docker: Docker, campaign: string): Promise<string[]> {
  return removeWhere(docker, campaign, () => true);
}

/** Removes the containers of one pull request's rollouts, live or not. Gives their names. */
export function removeRollouts(docker: Docker, { campaign, instance_id }: ContainerOwner): Promise<string[]> {
  return removeWhere(docker, campaign, ({ Labels }) => Labels[label.rollout]?.startsWith(`${campaign}/${instance_id}/`) === true);
}

/** Removes one rollout's container if there is one. */
export async function removeRollout(docker: Docker, rolloutId: string): Promise<void> {
  try {
    await removeContainer(docker.getContainer(containerName(rolloutId)));
  } catch (error) {
    throw engineProblem(error, rolloutId);
  }
}

async function removeWhere(docker: Docker, campaign: string, chosen: (container: Docker.ContainerInfo) => boolean): Promise<string[]> {
  const containers = (await list(docker, [`${label.campaign}=${campaign}`])).filter(chosen);
  for (const { Id } of containers) await removeContainer(docker.getContainer(Id));
  return containers.map(nameOf);
}

function jobIsLive({ Labels, Created }: Docker.ContainerInfo): boolean {
  const owner = Labels[label.owner];
  return owner !== undefined && ownerMayLive(owner) && Date.now() / 1000 - Created < jobLifeSeconds;
}

async function list(docker: Docker, labels: string[]): Promise<Docker.ContainerInfo[]> {
  try {
    return await docker.listContainers({ all: true, filters: { label: [...labels, `${label.home}=${thisHome()}`] } });
  } catch (error) {
    // A container that vanishes while the engine lists it makes some engines refuse the whole list.
    if (isNotFound(error)) return [];
    throw engineProblem(error, 'the list of containers');
  }
}

function nameOf({ Names, Id }: Docker.ContainerInfo): string {
  return Names[0]?.replace(/^\//, '') ?? Id.slice(0, 12);
}
