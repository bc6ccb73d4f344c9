import type { CellFigures, Distribution, EvaluationFigures } from '../../../../schemas/evaluation-figures.ts';
import { cellLabel } from '../../figures/cells.ts';
import { type Section, table, text } from '../blocks.ts';
import { amount, dollars, percent, short } from '../numbers.ts';
import { sharesPicture } from '../pictures/shares.ts';

export function effort({ cells }: EvaluationFigures): Section {
  const measures: [string, (cell: CellFigures) => Distribution, (value: number) => string][] = [
    ['turns', ({ turns }) => turns, amount],
    ['prompt tokens', ({ prompt_tokens }) => prompt_tokens, short],
    ['completion tokens', ({ completion_tokens }) => completion_tokens, short],
    ['cost', ({ cost_usd }) => cost_usd, dollars],
  ];
  return {
    title: 'Turns, tokens, cost',
    blocks: [
      table(
        'For one rollout, and in all',
        ['cell', 'of', '>mean', '>median', '>90 % below', '>largest', '>in all'],
        cells.flatMap((cell) =>
          measures.map(([name, of, shown]) => {
            const { mean, median, p90, max, total } = of(cell);
            return [cellLabel(cell), name, shown(mean), shown(median), shown(p90), shown(max), shown(total)];
          }),
        ),
      ),
    ],
  };
}

export function endings({ cells, protocol }: EvaluationFigures): Section {
  const kinds = [...new Set(cells.flatMap(({ endings: found }) => Object.keys(found)))].sort();
  const total = (cell: CellFigures) => Object.values(cell.endings).reduce((sum, number) => sum + number, 0);
  return {
    title: 'Endings',
    blocks: [
      {
        kind: 'picture',
        svg: sharesPicture(
          'How the rollouts of each cell ended',
          kinds,
          cells.map((cell) => ({ label: cellLabel(cell), counts: kinds.map((kind) => cell.endings[kind] ?? 0) })),
        ),
        caption: 'How rollouts ended, in percent',
      },
      table(
        'How rollouts ended',
        ['cell', ...kinds.map((kind) => `>${kind.replaceAll('_', ' ')}`), '>rollouts'],
        cells.map((cell) => [cellLabel(cell), ...kinds.map((kind) => String(cell.endings[kind] ?? 0)), String(total(cell))]),
      ),
      ...(protocol.trained_tokens === null
        ? [text('The length that the model was trained on is not known, so requests beyond it were not counted.')]
        : [
            table(
              `Rollouts with a request beyond the trained ${amount(protocol.trained_tokens)} tokens`,
              ['cell', '>beyond', '>of', '>share'],
              cells.map(({ beyond_trained: beyond, ...cell }) => [
                cellLabel(cell),
                ...(beyond === null ? ['–', '0', '–'] : [String(beyond.beyond), String(beyond.known), percent(beyond.share)]),
              ]),
            ),
          ]),
    ],
  };
}
