import { z } from 'zod';
import { Sha256 } from './artifact-ref.ts';
import { HarnessName } from './names.ts';

/** A file that the rows of one split were exported to. */
export const ExportedFile = z.object({
  split: HarnessName,
  path: z.string(),
  rows: z.int().min(0),
  size_bytes: z.int().min(0),
  sha256: Sha256,
});
export type ExportedFile = z.infer<typeof ExportedFile>;
