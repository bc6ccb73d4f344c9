import type { z } from 'zod';
import type { Campaign } from '../../schemas/campaign.ts';
import { nearestName } from '../../platform/nearest-name.ts';
import type { PlannableHarness } from './planning-needs.ts';

/** Something wrong in a campaign, by the path of its field. */
export type Issue = Pick<z.core.$ZodIssue, 'path' | 'message'>;

/** The `harnesses` of a campaign by the schema that each harness brings: settings with defaults filled in, and what is wrong. */
export function completeSettings(
  sections: Readonly<Record<string, unknown>>,
  known: readonly PlannableHarness[],
): { settings: Campaign['harnesses']; issues: Issue[] } {
  const settings: Campaign['harnesses'] = {};
  const issues: Issue[] = [];
  for (const [name, section] of Object.entries(sections)) {
    const at = ['harnesses', name];
    const parsed = known.find((harness) => harness.name === name)?.settings.safeParse(section);
    if (parsed === undefined) issues.push({ path: at, message: unknownHarness(name, known) });
    else if (parsed.success) settings[name] = parsed.data;
    else issues.push(...parsed.error.issues.map(({ path, message }) => ({ path: [...at, ...path], message })));
  }
  return { settings, issues };
}

function unknownHarness(name: string, known: readonly PlannableHarness[]): string {
  const names = known.map((harness) => harness.name);
  const nearest = nearestName(name, names);
  return `there is no such harness${nearest === undefined ? '' : `; did you mean ${nearest}?`} (there are: ${names.join(', ')})`;
}
