import type { Comparison, EvaluationFigures, PairedFigures } from '../../../../schemas/evaluation-figures.ts';
import { cellLabel } from '../../figures/cells.ts';
import { type Block, type Section, table, text } from '../blocks.ts';
import { percent, probability, signed, signedRange } from '../numbers.ts';
import { changesPicture } from '../pictures/changes.ts';

export function comparison({ comparison: compared }: EvaluationFigures): Section[] {
  if (compared === null) return [];
  const { baseline, sets } = compared;
  const title = `Compared with ${baseline.name}`;
  if (sets === 'refused') {
    return [
      {
        title,
        blocks: [
          text(
            `Not compared: the instances differ. ${compared.only_here} are not in the baseline, ${compared.only_there} only there. To compare what both have: --intersect.`,
          ),
        ],
      },
    ];
  }
  return [{ title, blocks: [text(setsInWords(compared)), ...differences(compared), ...tables(compared)] }];
}

function setsInWords({ baseline, sets, instances, only_here, only_there }: Comparison): string {
  const of = `${baseline.name} measured ${baseline.model} and ended ${baseline.ended_at.slice(0, 10)}.`;
  return sets === 'equal'
    ? `${of} Both have the same ${instances} instances.`
    : `${of} Only the ${instances} instances of both were compared: ${only_here} are not in the baseline, ${only_there} only there.`;
}

function differences({ differences: found, unpaired_cells }: Comparison): Block[] {
  const items = [...found, ...unpaired_cells.map((cell) => `${cell}: on one side only, not compared`)];
  return items.length === 0 ? [] : [text('Done differently, so that a change may come from it:'), { kind: 'list', items }];
}

function tables({ cells, overall }: Comparison): Block[] {
  const compared = overall === null ? cells : [overall, ...cells];
  if (compared.length === 0) return [text('No harness and mode is on both sides.')];
  return [
    {
      kind: 'picture',
      svg: changesPicture(
        'Instances that did better and worse than in the baseline, by cell',
        compared.map((cell) => ({ label: nameOf(cell), gained: cell.gained.length, lost: cell.lost.length })),
      ),
      caption: 'Instances that did worse (left) and better (right) than in the baseline',
    },
    table(
      'Paired comparison, percent and points',
      ['cell', '>here', '>baseline', '>difference', '>by instance', '>by repository', '>better', '>worse', '>instances', '>left out'],
      compared.map((cell) => [
        nameOf(cell),
        percent(cell.here),
        percent(cell.there),
        signed(cell.difference),
        signedRange(cell.by_instance),
        signedRange(cell.by_repo),
        String(cell.gained.length),
        String(cell.lost.length),
        String(cell.instances),
        String(cell.unmeasured),
      ]),
    ),
    table(
      'Tests of the differences',
      ['cell', 'test', '>p', '>corrected', '>p of a loss', '>p of a gain', '>discordance', '>smallest seen'],
      compared.map((cell) => [
        nameOf(cell),
        cell.test === 'mcnemar' ? "McNemar's, exact" : 'sign flips of means',
        probability(cell.p_two_sided),
        probability(cell.p_corrected),
        probability(cell.p_loss),
        probability(cell.p_gain),
        percent(cell.discordance),
        cell.smallest_difference === null ? '–' : (cell.smallest_difference * 100).toFixed(1),
      ]),
    ),
    text(
      'p values are two-sided where not said otherwise; "corrected" is for the number of cells (Holm). "smallest seen" is the difference in points that such a comparison finds with 80 % power. Instances that broke or did not run on one side are left out.',
    ),
    ...cells.map((cell) =>
      table(
        `By language: ${nameOf(cell)}`,
        ['language', '>instances', '>here', '>baseline', '>difference', '>p', '>corrected'],
        cell.languages.map((slice) => [
          slice.name,
          String(slice.instances),
          percent(slice.here),
          percent(slice.there),
          signed(slice.difference),
          probability(slice.p),
          probability(slice.p_corrected),
        ]),
      ),
    ),
    ...cells.flatMap((cell) => changed(cell)),
  ];
}

function changed(cell: PairedFigures): Block[] {
  const listed = (what: string, ids: readonly string[]) =>
    ids.length === 0
      ? []
      : [`${what} (${ids.length}): ${ids.slice(0, most).join(', ')}${ids.length > most ? ` and ${ids.length - most} more` : ''}`];
  const items = [...listed('worse', cell.lost), ...listed('better', cell.gained)];
  return items.length === 0 ? [] : [text(`Instances that changed: ${nameOf(cell)}`), { kind: 'list', items }];
}

/** More than these are in the figures alone, which `--json` prints. */
const most = 15;

function nameOf({ harness, mode }: PairedFigures): string {
  return harness === null || mode === null ? 'all cells' : cellLabel({ harness, mode });
}
