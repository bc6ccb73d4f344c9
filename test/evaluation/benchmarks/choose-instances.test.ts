import { describe, expect, it } from 'vitest';
import { chooseInstances, setHash } from '../../../activities/evaluation/benchmarks/choose-instances.ts';

const instances = ['python', 'go', 'rust'].flatMap((language, at) =>
  Array.from({ length: [60, 30, 10][at] ?? 0 }, (_, number) => ({
    instance_id: `${language}-${number}`,
    repo: `r/${number % 3}`,
    language,
  })),
);
const choose = (size: number, seed = 1, of = instances) => chooseInstances(of, { size, seed, stratify_by: ['language'] });

describe('chooseInstances', () => {
  it('gives each stratum its share', () => {
    const counts = Object.entries(Object.groupBy(choose(20).chosen, ({ language }) => language)).map(([name, members]) => [
      name,
      members?.length,
    ]);
    expect(new Map(counts.map(([name, count]) => [name, count]))).toEqual(
      new Map<unknown, unknown>([
        ['python', 12],
        ['go', 6],
        ['rust', 2],
      ]),
    );
    for (let size = 1; size <= 100; size += 1) expect(choose(size).chosen).toHaveLength(size);
  });

  it('is the same in any order and on any day, and another with another seed', () => {
    const { chosen, set_sha256 } = choose(20);
    expect(choose(20, 1, instances.toReversed())).toEqual({ chosen, set_sha256 });
    // Made by the documented rule in another language.
    expect(set_sha256).toBe('e098746d3392dc23550f3ba51321c12ddb8b224c8eeac52739610f9ceab3257e');
    expect(choose(20, 2).set_sha256).not.toBe(set_sha256);
    expect(setHash(chosen.toReversed())).toBe(set_sha256);
  });

  it('keeps most of a smaller part in a larger one', () => {
    const large = new Set(choose(40).chosen.map(({ instance_id }) => instance_id));
    expect(choose(20).chosen.every(({ instance_id }) => large.has(instance_id))).toBe(true);
  });

  it('refuses more than there are', () => {
    for (const size of [0, 101, 1.5]) expect(() => choose(size)).toThrow(expect.objectContaining({ code: 'bad_subset' }));
  });
});
