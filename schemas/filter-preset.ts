import { z } from 'zod';

/**
 * Sets of stage-2 rules with effects and parameters; `open-swe-traces` follows the published dataset, `evaluation` only
 * notes.
 */
export const FilterPresetName = z.enum(['open-swe-traces', 'strict', 'evaluation']);
export type FilterPresetName = z.infer<typeof FilterPresetName>;
