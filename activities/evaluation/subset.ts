import { createHash } from 'node:crypto';
import type { Task } from '../../schemas/task.ts';

type Member = Pick<Task, 'instance_id' | 'repo' | 'language'>;

/**
 * A fixed part of a benchmark: each language gets its share of the instances, and within it each repository (largest
 * remainders first). Which instances stand for a repository is drawn by `seed` from their ids alone, so that the set stays
 * the same whatever the order of the rows. All of them where fewer are asked for than there are.
 */
export function chooseSubset<T extends Member>(tasks: readonly T[], { instances, seed }: { instances: number; seed: number }): T[] {
  if (instances >= tasks.length) return [...tasks];
  const chosen = new Set(
    strata(tasks, instances, ({ language }) => language).flatMap(([ofLanguage, wanted]) =>
      strata(ofLanguage, wanted, ({ repo }) => repo).flatMap(([ofRepo, count]) =>
        ofRepo
          .map(({ instance_id }) => ({ instance_id, rank: rankOf(instance_id, seed) }))
          .toSorted((a, b) => (a.rank < b.rank ? -1 : 1))
          .slice(0, count)
          .map(({ instance_id }) => instance_id),
      ),
    ),
  );
  return tasks.filter(({ instance_id }) => chosen.has(instance_id));
}

/** Members by group, with how many of `wanted` each group gets by its size. */
function strata<T>(members: readonly T[], wanted: number, groupOf: (member: T) => string): [T[], number][] {
  const groups = [...Map.groupBy(members, groupOf)].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => group);
  const exact = groups.map((group) => (wanted * group.length) / members.length);
  const shares = exact.map(Math.floor);
  const left = wanted - shares.reduce((sum, share) => sum + share, 0);
  const byRemainder = exact
    .map((share, at) => ({ at, remainder: share - Math.floor(share) }))
    .toSorted((a, b) => b.remainder - a.remainder || a.at - b.at);
  for (const { at } of byRemainder.slice(0, left)) shares[at] = (shares[at] ?? 0) + 1;
  return groups.map((group, at) => [group, shares[at] ?? 0]);
}

function rankOf(instanceId: string, seed: number): string {
  return createHash('sha256').update(`${seed} ${instanceId}`).digest('hex');
}
