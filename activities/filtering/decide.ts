import type { Decision } from '../../schemas/ledger-entry.ts';
import type { Preset } from './presets.ts';
import type { FilterInput } from './filter.ts';
import { filters } from './filters.ts';

/** Every filter decides on every row, so that the ledger holds all that is wrong with it and not only the first thing. */
export function decideAll(input: FilterInput, preset: Preset): { kept: boolean; decisions: Decision[] } {
  const decisions = filters.flatMap((filter) => {
    const setting = preset.rules[filter.id];
    return setting === undefined ? [] : [filter.decide(input, setting.effect, setting.parameters ?? {})];
  });
  return { kept: isKept(decisions), decisions };
}

export function isKept(decisions: Decision[]): boolean {
  return decisions.every((decision) => decision.decision !== 'drop');
}
