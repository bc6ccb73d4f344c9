import { z } from 'zod';

/** Sets of stage-2 rules with effects and parameters; `open-swe-traces` follows the published dataset. */
export const FilterPresetName = z.enum(['open-swe-traces', 'strict']);
export type FilterPresetName = z.infer<typeof FilterPresetName>;
