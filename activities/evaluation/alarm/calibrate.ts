import type { EvaluationRecord } from '../../../schemas/evaluation-record.ts';
import type { HarnessName, Mode } from '../../../schemas/names.ts';
import { Problem } from '../../../schemas/problem.ts';
import { cellLabel, score } from '../figures/cells.ts';
import { compareRecords } from '../figures/compare.ts';
import { meanOf, spreadOf } from '../statistics/spread.ts';
import { detectableRegression, judge } from './judge.ts';

/** How large the noise of an evaluation is: what reruns without any change differ in. */
export interface Calibration {
  evaluations: string[];
  /** Ordered pairs that were compared: each rerun against each other one as its baseline. */
  comparisons: number;
  /** Verdicts of the alarm on these pairs: all but `fine` are false. */
  verdicts: Record<string, number>;
  cells: {
    harness: HarnessName;
    mode: Mode;
    /** Mean resolve rate of each rerun. */
    rates: number[];
    sd: number;
    /** Mean share of instances that two reruns decide differently (with several runs: mean square of the differences). */
    discordance: number;
    /** The drop that the alarm finds in 95 of 100 nights of this size; null where it can find none. */
    detectable: number | null;
  }[];
}

/**
 * Compares reruns of one unchanged evaluation, each with each. Throws `Problem` bad_calibration for fewer than two, or for
 * reruns over other instances.
 */
export function calibrate(reruns: readonly EvaluationRecord[]): Calibration {
  const [first] = reruns;
  if (first === undefined || reruns.length < 2) {
    throw new Problem('bad_calibration', 'a calibration needs two or more reruns', {
      hint: 'run the same evaluation again under another name',
    });
  }
  const other = reruns.find(({ benchmark }) => benchmark.set_sha256 !== first.benchmark.set_sha256);
  if (other !== undefined) {
    throw new Problem('bad_calibration', `${other.name} was run on other instances than ${first.name}`, {
      hint: 'calibrate with reruns of one evaluation file',
    });
  }
  const pairs = reruns.flatMap((evaluation) =>
    reruns.filter((baseline) => baseline !== evaluation).map((baseline) => ({ evaluation, baseline })),
  );
  const verdicts: Record<string, number> = {};
  for (const pair of pairs) {
    const { verdict } = judge(pair);
    verdicts[verdict] = (verdicts[verdict] ?? 0) + 1;
  }
  const comparisons = pairs.map(({ evaluation, baseline }) => compareRecords(evaluation, baseline, { detail: false }));
  const tests = first.protocol.cells.length === 1 ? 1 : first.protocol.cells.length + 1;
  const cells = first.protocol.cells.map(({ harness, mode }) => {
    const compared = comparisons.flatMap(({ cells: all }) => all.filter((cell) => cell.harness === harness && cell.mode === mode));
    const discordance = meanOf(compared.map((cell) => cell.discordance));
    const instances = compared.reduce((least, cell) => Math.min(least, cell.instances), first.benchmark.instances.length);
    const rates = reruns.map((rerun) => rateOf(rerun, { harness, mode }));
    return {
      harness,
      mode,
      rates,
      sd: spreadOf(rates)?.sd ?? 0,
      discordance,
      detectable: detectableRegression({ instances, discordance, test: compared[0]?.test ?? 'mcnemar' }, tests),
    };
  });
  return { evaluations: reruns.map(({ name }) => name), comparisons: pairs.length, verdicts, cells };
}

/** Mean resolve rate of a cell over its runs; 0 where it left nothing. */
function rateOf({ benchmark, protocol, outcomes }: EvaluationRecord, cell: { harness: HarnessName; mode: Mode }): number {
  const resolved = outcomes.filter((outcome) => cellLabel(outcome) === cellLabel(cell) && score(outcome) === 1).length;
  return resolved / (benchmark.instances.length * protocol.runs);
}
