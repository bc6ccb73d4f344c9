import { z } from 'zod';
import { ArtifactRef } from '../../../schemas/artifact-ref.ts';
import { Resolved } from '../../../schemas/verdict.ts';
import { PrivateKind } from '../../../schemas/private-text.ts';
import { RowForm } from '../../../schemas/dataset-row.ts';
import type { MadeGroup } from './encoded-shards.ts';

/** An artifact as it lies in the store. */
const Packed = z.object({ ref: ArtifactRef, packed: z.instanceof(Uint8Array<ArrayBuffer>) });

/** The rows of one row group as the store has them, on their way to the thread that encodes them. */
export const GroupUnit = z.object({
  number: z.int().min(0),
  form: RowForm,
  /** What is replaced in its rows. */
  redact: z.array(PrivateKind),
  rows: z.array(
    z.object({
      id: z.uuid(),
      trajectory: Packed,
      /** Index in `tasks`: rows of one task share it. */
      task: z.int().min(0),
      resolved: Resolved,
      git_hack_attempted: z.boolean(),
      /** Whether its filters found nothing of what is replaced. */
      clean: z.boolean(),
    }),
  ),
  tasks: z.array(Packed),
});
export type Packed = z.infer<typeof Packed>;
export type GroupUnit = z.infer<typeof GroupUnit>;

/** What a thread makes of a unit. */
export type GroupResult = MadeGroup & { number: number; done: true };
