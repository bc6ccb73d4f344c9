import type { PairedFigures, PairedSlice } from '../../../schemas/evaluation-figures.ts';
import { bootstrapMean } from '../statistics/bootstrap.ts';
import { holm } from '../statistics/holm.ts';
import { mcnemar } from '../statistics/mcnemar.ts';
import { seedOf } from '../statistics/random.ts';
import { signFlip } from '../statistics/sign-flip.ts';
import { smallestDifference, smallestMeanDifference } from '../statistics/smallest-difference.ts';
import { meanOf } from '../statistics/spread.ts';
import { groupedBy, type Instance } from './cells.ts';

/** Mean scores of one instance on both sides. */
export interface Pair {
  instance: Instance;
  here: number;
  there: number;
}

/** `single`: one run on each side, so that McNemar's exact test applies; else signs of mean differences are flipped. */
export function pairedFigures(
  pairs: readonly Pair[],
  {
    harness,
    mode,
    unmeasured,
    single,
    detail,
  }: Pick<PairedFigures, 'harness' | 'mode' | 'unmeasured'> & { single: boolean; detail: boolean },
): PairedFigures {
  const seed = seedOf(`${harness}/${mode} against the baseline`);
  const differences = pairs.map(differenceOf);
  const discordance = meanOf(differences.map((difference) => difference * difference));
  const tested = testOf(pairs, single, seed);
  return {
    harness,
    mode,
    instances: pairs.length,
    unmeasured,
    here: meanOf(pairs.map(({ here }) => here)),
    there: meanOf(pairs.map(({ there }) => there)),
    difference: meanOf(differences),
    by_instance: detail ? bootstrapMean(differences, { seed }) : null,
    by_repo: detail ? bootstrapMean(differences, { seed, clusters: pairs.map(({ instance }) => instance.repo) }) : null,
    gained: changed(pairs, 1),
    lost: changed(pairs, -1),
    discordance,
    test: single ? 'mcnemar' : 'sign_flip',
    p_two_sided: tested.twoSided,
    p_loss: tested.loss,
    p_gain: tested.gain,
    p_corrected: tested.twoSided,
    smallest_difference: single
      ? smallestDifference({ instances: pairs.length, discordant: discordance })
      : smallestMeanDifference({ instances: pairs.length, meanSquare: discordance }),
    languages: detail ? languageSlices(pairs, single, seed) : [],
  };
}

function languageSlices(pairs: readonly Pair[], single: boolean, seed: number): PairedSlice[] {
  const slices = groupedBy(pairs, ({ instance }) => instance.language).map(([name, members]) => ({
    name,
    instances: members.length,
    here: meanOf(members.map(({ here }) => here)),
    there: meanOf(members.map(({ there }) => there)),
    difference: meanOf(members.map(differenceOf)),
    p: testOf(members, single, seed).twoSided,
  }));
  const corrected = holm(slices.map(({ p }) => p));
  return slices.map((slice, index) => ({ ...slice, p_corrected: corrected[index] ?? 1 }));
}

function testOf(pairs: readonly Pair[], single: boolean, seed: number): { twoSided: number; loss: number; gain: number } {
  return single
    ? mcnemar({ gained: changed(pairs, 1).length, lost: changed(pairs, -1).length })
    : signFlip(pairs.map(differenceOf), { seed });
}

function changed(pairs: readonly Pair[], direction: 1 | -1): string[] {
  return pairs.filter((pair) => Math.sign(differenceOf(pair)) === direction).map(({ instance }) => instance.instance_id);
}

function differenceOf({ here, there }: Pair): number {
  return here - there;
}
