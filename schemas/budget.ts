import { z } from 'zod';

/** What a whole campaign may spend; 0 means no limit. */
export const Budget = z.strictObject({
  tokens: z.int().min(0).default(0).describe('prompt and completion tokens of the whole campaign; 0 means no limit'),
  cost_usd: z.number().min(0).default(0).describe('0 means no limit'),
});
export type Budget = z.infer<typeof Budget>;
