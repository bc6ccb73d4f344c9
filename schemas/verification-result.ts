import { z } from 'zod';
import { ArtifactRef } from './artifact-ref.ts';
import { Resolved } from './verdict.ts';

/** What a verification run says to the workflow; the whole verdict lies in the store. */
export const VerificationResult = z.object({ verdict: ArtifactRef, resolved: Resolved, reason: z.string() });
export type VerificationResult = z.infer<typeof VerificationResult>;
