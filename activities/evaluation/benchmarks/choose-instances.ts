import { createHash } from 'node:crypto';
import { Problem } from '../../../schemas/problem.ts';

/** What instances may be spread over. */
export type Stratum = 'language' | 'repo';

interface Choosable {
  instance_id: string;
  repo: string;
  language: string;
}

/** Names a set of instances, whatever order it is in: sha256 over the sorted ids, one a line. */
export function setHash(instances: readonly Pick<Choosable, 'instance_id'>[]): string {
  const lines = instances.map(({ instance_id }) => `${instance_id}\n`).sort(inOrder);
  return createHash('sha256').update(lines.join('')).digest('hex');
}

/**
 * A fixed part of a set: the same for the same instances, size, seed and strata, on every machine. Each stratum gets its share
 * of the size; what rounding leaves goes to the largest remainders, then to the first by name. Within a stratum instances are
 * taken in the order of sha256(`<seed> <id>`), so that a larger part of the same seed holds most of a smaller one. Throws
 * `Problem` bad_subset when there are fewer instances than asked.
 */
export function chooseInstances<T extends Choosable>(
  instances: readonly T[],
  { size, seed, stratify_by }: { size: number; seed: number; stratify_by: readonly Stratum[] },
): { chosen: T[]; set_sha256: string } {
  if (!Number.isInteger(size) || size < 1 || size > instances.length) {
    throw new Problem('bad_subset', `a part of ${size} was asked of a set of ${instances.length} instances`, {
      hint: 'ask for fewer, or leave the subset out',
    });
  }
  const strata = Map.groupBy(instances, (instance) => stratify_by.map((key) => instance[key]).join('\n'));
  const shares = [...strata]
    .map(([name, members]) => {
      const share = (size * members.length) / instances.length;
      return { name, members, taken: Math.floor(share), remainder: share - Math.floor(share) };
    })
    // Differences below this come from rounding in the division.
    .sort((one, other) =>
      Math.abs(other.remainder - one.remainder) > 1e-9 ? other.remainder - one.remainder : inOrder(one.name, other.name),
    );
  let left = size - shares.reduce((sum, { taken }) => sum + taken, 0);
  const chosen = shares.flatMap(({ members, taken }) => {
    const extra = left > 0 && taken < members.length ? 1 : 0;
    left -= extra;
    return drawn(members, seed).slice(0, taken + extra);
  });
  chosen.sort((one, other) => inOrder(one.instance_id, other.instance_id));
  return { chosen, set_sha256: setHash(chosen) };
}

function drawn<T extends Choosable>(members: readonly T[], seed: number): T[] {
  const keyed = members.map((member) => ({ member, key: createHash('sha256').update(`${seed} ${member.instance_id}`).digest('hex') }));
  return keyed.sort((one, other) => inOrder(one.key, other.key)).map(({ member }) => member);
}

function inOrder(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
