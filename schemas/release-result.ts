import { z } from 'zod';

/** What building a release says to the campaign. */
export const ReleaseResult = z.object({ version: z.string(), rows: z.int().min(0), manifest_sha256: z.string(), folder: z.string() });
export type ReleaseResult = z.infer<typeof ReleaseResult>;
