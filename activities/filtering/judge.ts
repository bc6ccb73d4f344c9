import type { Decision } from '../../schemas/ledger-entry.ts';
import type { Preset } from './presets.ts';
import type { FilterInput } from './rule.ts';
import { rules } from './rules.ts';

/** Every rule judges every row, so that the ledger tells all that is wrong with it and not only the first thing. */
export function judgeAll(input: FilterInput, preset: Preset): { kept: boolean; decisions: Decision[] } {
  const decisions = rules.flatMap((rule) => {
    const setting = preset.rules[rule.id];
    return setting === undefined ? [] : [rule.decide(input, setting.effect, setting.parameters ?? {})];
  });
  return { kept: isKept(decisions), decisions };
}

export function isKept(decisions: Decision[]): boolean {
  return decisions.every((decision) => decision.decision !== 'drop');
}
