import type { EvaluationFigures } from '../../../schemas/evaluation-figures.ts';
import type { EvaluationRecord } from '../../../schemas/evaluation-record.ts';
import { smallestDifference } from '../statistics/smallest-difference.ts';
import { cellFigures } from './cell-figures.ts';
import { type Cell, cellsOf } from './cells.ts';
import { compareRecords } from './compare.ts';
import { healthOf } from './health.ts';
import { paperFigures } from './paper.ts';

/** Shares of discordant instances between two single runs that are usual on such benchmarks. */
const usualDiscordance = [0.15, 0.25];

/**
 * Every figure of an evaluation's report, from its record (and that of a baseline) alone: the same records give the same
 * figures. Throws `Problem` bad_evaluation_record for a record that contradicts itself.
 */
export function evaluationFigures(
  record: EvaluationRecord,
  { baseline, intersect = false }: { baseline?: EvaluationRecord; intersect?: boolean } = {},
): EvaluationFigures {
  const { name, benchmark, model, grader, protocol, started_at, ended_at } = record;
  const { instances } = benchmark;
  const cells = cellsOf(record);
  return {
    format: 1,
    name,
    benchmark: {
      name: benchmark.name,
      instances: instances.length,
      repos: new Set(instances.map(({ repo }) => repo)).size,
      data_sha256: benchmark.data_sha256,
      set_sha256: benchmark.set_sha256,
      gold_failures: benchmark.gold_failures,
    },
    model,
    grader,
    protocol,
    started_at,
    ended_at,
    cells: cells.map((cell) => cellFigures(cell, instances, protocol.trained_tokens)),
    health: healthOf(cells, instances.length),
    cross_check: crossCheck(cells),
    detectable: usualDiscordance.map((discordance) => ({
      discordance,
      difference: smallestDifference({ instances: instances.length, discordant: discordance }),
    })),
    comparison: baseline === undefined ? null : compareRecords(record, baseline, { intersect }),
    paper: paperFigures(benchmark.name),
  };
}

/** Where grader and own verification both decided, and where they differ. */
function crossCheck(cells: readonly Cell[]): EvaluationFigures['cross_check'] {
  const checked = cells
    .flatMap(({ outcomes }) => outcomes)
    .filter(({ graded_by, ours, verdict }) => graded_by === 'grader' && (ours === 0 || ours === 1) && !unknown.has(verdict));
  return {
    checked: checked.length,
    disagreements: checked
      .filter(({ verdict, ours }) => (verdict === 'resolved') !== (ours === 1))
      .map(({ instance_id, harness, mode, run, verdict, ours, disagreement }) => ({
        instance_id,
        harness,
        mode,
        run,
        grader: verdict,
        ours: ours ?? -1,
        reason: disagreement ?? '',
      })),
  };
}

const unknown = new Set<string>(['infra_error', 'not_run']);
