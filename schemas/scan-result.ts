import { z } from 'zod';
import { ArtifactRef } from './artifact-ref.ts';

/** What a scan says to the workflow; its report, with every finding, lies in the store. */
export const ScanResult = z.object({ report: ArtifactRef, git_hack_attempted: z.boolean(), findings: z.int().min(0) });
export type ScanResult = z.infer<typeof ScanResult>;
