import type { Comparison, PairedFigures } from '../../../schemas/evaluation-figures.ts';
import type { EvaluationRecord } from '../../../schemas/evaluation-record.ts';
import { holm } from '../statistics/holm.ts';
import { meanOf } from '../statistics/spread.ts';
import { type Cell, cellLabel, cellsOf, type Instance, measuredMean } from './cells.ts';
import { type Pair, pairedFigures } from './paired-figures.ts';

/**
 * A record against a baseline. Unequal sets of instances are refused, unless `intersect` asks to compare what both have;
 * the comparison says which of the two happened. Without `detail`, for a check that needs the tests alone, intervals and
 * languages are left out: they take nearly all of the time.
 */
export function compareRecords(
  here: EvaluationRecord,
  there: EvaluationRecord,
  { intersect = false, detail = true }: { intersect?: boolean; detail?: boolean } = {},
): Comparison {
  const inBaseline = new Set(there.benchmark.instances.map(({ instance_id }) => instance_id));
  const common = here.benchmark.instances.filter(({ instance_id }) => inBaseline.has(instance_id));
  const only_here = here.benchmark.instances.length - common.length;
  const only_there = there.benchmark.instances.length - common.length;
  const equal = only_here + only_there === 0;
  const sets = equal ? 'equal' : intersect && common.length > 0 ? 'intersected' : 'refused';
  const ours = cellsOf(here);
  const theirs = cellsOf(there);
  const both = ours.flatMap((cell) => {
    const other = theirs.find((candidate) => cellLabel(candidate) === cellLabel(cell));
    return other === undefined ? [] : [{ cell, other }];
  });
  const paired = new Set(both.map(({ cell }) => cellLabel(cell)));
  const cells = sets === 'refused' ? [] : corrected(both.map(({ cell, other }) => pairedCell(cell, other, common, detail)));
  return {
    baseline: { name: there.name, model: there.model.name, ended_at: there.ended_at },
    sets,
    instances: sets === 'refused' ? 0 : common.length,
    only_here,
    only_there,
    differences: protocolDifferences(here, there),
    unpaired_cells: [...ours, ...theirs].map(cellLabel).filter((label) => !paired.has(label)),
    cells,
    overall: cells.length < 2 ? null : overall(both, common, detail),
  };
}

function pairedCell(cell: Cell, other: Cell, instances: readonly Instance[], detail: boolean): PairedFigures {
  const single = cell.runs.length === 1 && other.runs.length === 1;
  const pairs = instances.flatMap((instance) => pairOf(instance, [{ cell, other }]));
  return pairedFigures(pairs, { harness: cell.harness, mode: cell.mode, unmeasured: instances.length - pairs.length, single, detail });
}

/** All cells together: the mean over the cells that measured an instance on both sides. */
function overall(both: readonly { cell: Cell; other: Cell }[], instances: readonly Instance[], detail: boolean): PairedFigures {
  const pairs = instances.flatMap((instance) => pairOf(instance, both));
  return pairedFigures(pairs, { harness: null, mode: null, unmeasured: instances.length - pairs.length, single: false, detail });
}

function pairOf(instance: Instance, both: readonly { cell: Cell; other: Cell }[]): Pair[] {
  const sides = both.flatMap(({ cell, other }) => {
    const here = measuredMean(cell, instance.instance_id);
    const there = measuredMean(other, instance.instance_id);
    return here === null || there === null ? [] : [{ here, there }];
  });
  if (sides.length === 0) return [];
  return [{ instance, here: meanOf(sides.map(({ here }) => here)), there: meanOf(sides.map(({ there }) => there)) }];
}

function corrected(cells: readonly PairedFigures[]): PairedFigures[] {
  const values = holm(cells.map(({ p_two_sided }) => p_two_sided));
  return cells.map((cell, index) => ({ ...cell, p_corrected: values[index] ?? 1 }));
}

function protocolDifferences(here: EvaluationRecord, there: EvaluationRecord): string[] {
  const asked: [string, string | number | null, string | number | null][] = [
    ['benchmark', here.benchmark.name, there.benchmark.name],
    ['grader', graderOf(here), graderOf(there)],
    ['runs', here.protocol.runs, there.protocol.runs],
    ['turn limit', here.protocol.max_turns, there.protocol.max_turns],
    ['context in tokens', here.protocol.context_tokens, there.protocol.context_tokens],
  ];
  const facts = [...new Set([...Object.keys(here.model.facts), ...Object.keys(there.model.facts)])].sort();
  const ofModel = facts.map((fact): [string, string | null, string | null] => [
    fact,
    here.model.facts[fact] ?? null,
    there.model.facts[fact] ?? null,
  ]);
  return [...asked, ...ofModel].filter(([, a, b]) => a !== b).map(([what, a, b]) => `${what}: ${a ?? 'none'}, baseline ${b ?? 'none'}`);
}

function graderOf({ grader }: EvaluationRecord): string | null {
  return grader === null ? null : `${grader.name} ${grader.version}`;
}
