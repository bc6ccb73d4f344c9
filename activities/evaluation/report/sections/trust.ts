import type { EvaluationFigures, HealthFigures } from '../../../../schemas/evaluation-figures.ts';
import { thresholds } from '../../alarm/thresholds.ts';
import { cellLabel } from '../../figures/cells.ts';
import { type Section, table, text } from '../blocks.ts';
import { percent } from '../numbers.ts';

/** What speaks for and against believing the rates. */
export function findings({ cells }: EvaluationFigures): Section {
  const categories = cells.flatMap((cell) =>
    Object.entries(cell.findings.categories).map(([category, rollouts]) => [cellLabel(cell), category, String(rollouts)]),
  );
  return {
    title: 'Git hacking',
    blocks: [
      text('A rollout is flagged when the scanner found that it looked for the solution instead of working it out.'),
      table(
        'Resolve rate without flagged rollouts',
        ['cell', '>flagged', '>rate', '>flagged as unresolved', '>flagged left out'],
        cells.map(({ findings: found, ...cell }) => [
          cellLabel(cell),
          String(found.flagged),
          percent(cell.rate.mean),
          percent(found.flagged_unresolved),
          found.flagged_left_out === null ? '–' : percent(found.flagged_left_out),
        ]),
      ),
      ...(categories.length === 0 ? [] : [table('Rollouts by category of finding', ['cell', 'category', '>rollouts'], categories)]),
    ],
  };
}

export function crossCheck({ cross_check: { checked, disagreements } }: EvaluationFigures): Section {
  return {
    title: 'Grader and own verification',
    blocks:
      checked === 0
        ? [text('No verdict of the grader was checked by our own verification.')]
        : [
            text(`${checked} verdicts were checked, ${disagreements.length} differ. The score is that of the grader.`),
            ...(disagreements.length === 0
              ? []
              : [
                  table(
                    'Different verdicts',
                    ['instance', 'cell', '>run', 'grader', 'ours', 'why'],
                    disagreements.map(({ instance_id, run, grader, ours, reason, ...cell }) => [
                      instance_id,
                      cellLabel(cell),
                      String(run + 1),
                      grader.replaceAll('_', ' '),
                      ours === 1 ? 'resolved' : 'unresolved',
                      reason,
                    ]),
                  ),
                ]),
          ],
  };
}

export function health({ cells, health: all, benchmark }: EvaluationFigures): Section {
  const row = (label: string, { outcomes, infra_errors, empty_patches, unparsed_calls, loops_and_limits }: HealthFigures) => [
    label,
    String(outcomes),
    ...[infra_errors, empty_patches, unparsed_calls, loops_and_limits].map(percent),
  ];
  return {
    title: 'Health',
    blocks: [
      table(
        'Shares of rollouts, and of tool calls',
        ['cell', '>rollouts', '>broken or not run', '>empty patch', '>calls not read', '>loops, turn limit'],
        [row('all', all), ...cells.map((cell) => row(cellLabel(cell), cell.health))],
      ),
      text(
        `An evaluation counts as invalid from more than ${percent(thresholds.infra_errors)} broken, ${percent(thresholds.empty_patches)} empty patches or ${percent(thresholds.unparsed_calls)} unread calls on, or when loops and turn limits have doubled against the baseline.`,
      ),
      ...(benchmark.gold_failures.length === 0
        ? []
        : [
            text(`The gold patch does not pass here for ${benchmark.gold_failures.length} instances, which nobody can resolve:`),
            { kind: 'list' as const, items: benchmark.gold_failures },
          ]),
    ],
  };
}
