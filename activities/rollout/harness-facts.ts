import type { HarnessFacts } from './harness.ts';
import { harnesses } from './harnesses/registry.ts';

/** Harness → a fact of it, for every harness there is. */
export function factOfEach<Fact>(fact: (facts: HarnessFacts) => Fact): Record<string, Fact> {
  return Object.fromEntries(harnesses.map(({ name, facts }) => [name, fact(facts)]));
}
