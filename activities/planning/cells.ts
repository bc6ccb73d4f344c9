import type { Campaign, Cell } from '../../schemas/campaign.ts';
import { Mode } from '../../schemas/names.ts';

/** Every combination of harness, mode and sample that the campaign runs for each task, by the names of harnesses. */
export function cellsOf(campaign: Campaign): Cell[] {
  const harnesses = Object.keys(campaign.harnesses).sort();
  return harnesses.flatMap((harness) =>
    Mode.options.flatMap((mode) => {
      const teacher = campaign.modes[mode];
      if (teacher === undefined) return [];
      return Array.from({ length: campaign.samples }, (_, sample) => ({ harness, mode, teacher, sample }));
    }),
  );
}
