import type { ScanPreset } from '../../../schemas/scan-preset.ts';
import type { ScanRule } from '../../../schemas/scan-rule.ts';
import type { Tampering } from './change.ts';

/** The rules that ask for a kind of tampering, as far as the preset uses them. */
export type TamperingRules = ReadonlyMap<Tampering, ScanRule>;

const kept = new WeakMap<readonly ScanRule[], Map<ScanPreset, TamperingRules>>();

/** Those of `rules` that ask for tampering, by its kind; kept for each list and preset. */
export function tamperingRules(rules: readonly ScanRule[], preset: ScanPreset): TamperingRules {
  const byPreset = kept.get(rules) ?? new Map<ScanPreset, TamperingRules>();
  kept.set(rules, byPreset);
  const known = byPreset.get(preset);
  if (known !== undefined) return known;
  const used = rules.filter(({ severity }) => severity[preset] !== undefined);
  const found = new Map(used.flatMap((rule) => rule.when.flatMap(({ change }) => (change === undefined ? [] : [[change, rule] as const]))));
  byPreset.set(preset, found);
  return found;
}
