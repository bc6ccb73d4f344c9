import type { EvaluationFigures } from '../../../../schemas/evaluation-figures.ts';
import { cellLabel } from '../../figures/cells.ts';
import { type Section, table, text } from '../blocks.ts';
import { percent, range } from '../numbers.ts';
import { intervalPicture } from '../pictures/intervals.ts';

export function scores({ cells, benchmark, protocol, detectable }: EvaluationFigures): Section {
  return {
    title: 'Resolve rate',
    blocks: [
      text(
        `Resolved instances of all ${benchmark.instances}, in percent: what failed, broke or did not run counts as unresolved. The interval holds the true rate of such instances in 95 of 100 cases, taking the mean as one run (Wilson); the two beside it resample instances, and whole repositories, 10,000 times. The deviation of runs shows the noise of sampling alone.`,
      ),
      {
        kind: 'picture',
        svg: intervalPicture(
          'Resolve rate of each cell with its 95 % interval; small marks are single runs',
          cells.map((cell) => ({
            label: cellLabel(cell),
            value: cell.rate.mean,
            interval: cell.interval,
            marks: cell.runs.map(({ rate }) => rate),
          })),
        ),
        caption: 'Mean (large), single runs (small) and 95 % interval of each cell, in percent',
      },
      table(
        'Resolve rate by harness and mode, percent',
        ['cell', '>mean', '>95 % interval', '>by instance', '>by repository', '>deviation', '>min to max', '>run to run'],
        cells.map((cell) => [
          cellLabel(cell),
          percent(cell.rate.mean),
          range(cell.interval),
          range(cell.by_instance),
          range(cell.by_repo),
          cell.rate.sd === null ? '–' : (cell.rate.sd * 100).toFixed(2),
          range({ low: cell.rate.min, high: cell.rate.max }),
          cell.run_to_run === null ? '–' : percent(cell.run_to_run),
        ]),
      ),
      table(
        'Every run',
        [
          'cell',
          '>run',
          '>rate',
          '>error',
          '>95 % interval',
          '>resolved',
          '>unresolved',
          '>empty',
          '>not applied',
          '>timeout',
          '>broken',
          '>not run',
        ],
        cells.flatMap((cell) =>
          cell.runs.map(({ run, rate, standard_error, interval, verdicts }) => [
            cellLabel(cell),
            String(run + 1),
            percent(rate),
            (standard_error * 100).toFixed(1),
            range(interval),
            String(verdicts.resolved),
            String(verdicts.unresolved),
            String(verdicts.empty_patch),
            String(verdicts.patch_apply_failed),
            String(verdicts.test_timeout),
            String(verdicts.infra_error),
            String(verdicts.not_run),
          ]),
        ),
      ),
      text(
        `${protocol.runs > 1 ? `"run to run" is the share of instances that two of the ${protocol.runs} runs decide differently. ` : ''}${detectable
          .map(({ discordance, difference }) =>
            difference === null
              ? `With ${percent(discordance)} of the instances decided differently, a comparison of two single runs finds nothing.`
              : `With ${percent(discordance)} of the instances decided differently, a comparison of two single runs finds differences from ${(difference * 100).toFixed(1)} points on (80 % power).`,
          )
          .join(' ')}`,
      ),
    ],
  };
}
