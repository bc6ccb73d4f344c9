import type { HealthFigures } from '../../../schemas/evaluation-figures.ts';
import type { Cell } from './cells.ts';

/** Over the planned rollouts of some cells: an instance without an outcome was not run. */
export function healthOf(cells: readonly Cell[], instances: number): HealthFigures {
  const planned = cells.reduce((sum, { runs }) => sum + runs.length * instances, 0);
  const outcomes = cells.flatMap((cell) => cell.outcomes);
  const part = (number: number, total: number) => (total === 0 ? 0 : number / total);
  const count = (of: (outcome: (typeof outcomes)[number]) => boolean) => outcomes.filter(of).length;
  const sum = (of: (outcome: (typeof outcomes)[number]) => number) => outcomes.reduce((total, outcome) => total + of(outcome), 0);
  const broken = count(({ verdict }) => verdict === 'infra_error' || verdict === 'not_run');
  return {
    outcomes: planned,
    infra_errors: part(broken + planned - outcomes.length, planned),
    empty_patches: part(
      count(({ verdict }) => verdict === 'empty_patch'),
      planned,
    ),
    unparsed_calls: part(
      sum(({ unparsed_calls }) => unparsed_calls),
      sum(({ calls }) => calls),
    ),
    loops_and_limits: part(
      count(({ ending }) => ending === 'stuck' || ending === 'turn_limit'),
      planned,
    ),
  };
}
