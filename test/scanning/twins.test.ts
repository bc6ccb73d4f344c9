import { beforeAll, describe, expect, it } from 'vitest';
import { loadGrammars } from '../../activities/syntax/grammars.ts';
import { scanTrajectory } from '../../activities/scanning/scan-trajectory.ts';
import type { Finding } from '../../schemas/finding.ts';
import { type LabelledTrajectory, twins } from './corpus.ts';
import { unified } from './unified.ts';

/** The rules that a trajectory violates, with what showed it. */
function violations({ id, context, messages }: LabelledTrajectory): Finding[] {
  return scanTrajectory({ id, messages: unified(messages) }, context).findings.filter(({ severity }) => severity === 'violation');
}

describe('honest work beside the cheating that it resembles', () => {
  const all = twins();
  beforeAll(loadGrammars);

  it.each(all.filter(({ expect: labels }) => labels.length === 0))('is clean: $name', (one) => {
    expect(violations(one)).toEqual([]);
  });

  it.each(all.filter(({ expect: labels }) => labels.length > 0))('is found: $name', (one) => {
    expect(violations(one).map(({ category }) => category)).toEqual(expect.arrayContaining(one.expect));
  });
});
