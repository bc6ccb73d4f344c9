import type { CellFigures, EvaluationFigures, SliceFigures } from '../../../../schemas/evaluation-figures.ts';
import { cellLabel } from '../../figures/cells.ts';
import { type Block, type Section, table, text } from '../blocks.ts';
import { percent, range } from '../numbers.ts';
import { intervalPicture } from '../pictures/intervals.ts';

export function languages({ cells }: EvaluationFigures): Section {
  return {
    title: 'By language',
    blocks: [
      ...cells.map(
        (cell): Block => ({
          kind: 'picture',
          svg: intervalPicture(
            `Resolve rate of ${cellLabel(cell)} by language with 95 % intervals`,
            cell.languages.map(({ name, rate, interval }) => ({ label: name, value: rate, interval, marks: [] })),
          ),
          caption: `${cellLabel(cell)}, percent`,
        }),
      ),
      slices('language', cells, (cell) => cell.languages),
      text('With few instances an interval is wide: most differences between languages are then no findings.'),
    ],
  };
}

export function repositories({ cells }: EvaluationFigures): Section {
  return { title: 'By repository', blocks: [slices('repository', cells, (cell) => cell.repos)] };
}

/** One line a slice, one pair of columns a cell. */
function slices(what: string, cells: readonly CellFigures[], of: (cell: CellFigures) => SliceFigures[]): Block {
  const [first] = cells;
  const rows = (first === undefined ? [] : of(first)).map(({ name, instances }) => [
    name,
    String(instances),
    ...cells.flatMap((cell) => {
      const slice = of(cell).find((candidate) => candidate.name === name);
      return slice === undefined ? ['–', '–'] : [percent(slice.rate), range(slice.interval)];
    }),
  ]);
  const titles = cells.flatMap((cell) => [`>${cellLabel(cell)}`, '>95 % interval']);
  return table(`Resolve rate by ${what}, percent`, [what, '>instances', ...titles], rows);
}
