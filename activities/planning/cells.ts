import type { Campaign, Cell } from '../../schemas/campaign.ts';
import { HarnessName, Mode } from '../../schemas/names.ts';

/** Every combination of harness, mode and sample that the campaign runs for each task, in a fixed order. */
export function cellsOf(campaign: Campaign): Cell[] {
  const harnesses = HarnessName.options.filter((name) => campaign.harnesses[name] !== undefined);
  return harnesses.flatMap((harness) =>
    Mode.options.flatMap((mode) => {
      const teacher = campaign.modes[mode];
      if (teacher === undefined) return [];
      return Array.from({ length: campaign.samples }, (_, sample) => ({ harness, mode, teacher, sample }));
    }),
  );
}
