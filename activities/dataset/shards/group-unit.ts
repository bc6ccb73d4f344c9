import { z } from 'zod';
import { Resolved } from '../../../schemas/verdict.ts';
import { PrivateKind } from '../../../schemas/private-text.ts';
import { RowForm } from '../../../schemas/dataset-row.ts';
import type { EncodedGroup } from './encoded-group.ts';
import type { ExpectedRow } from './check-shard.ts';
import type { Redacted } from '../selection/redact-row.ts';

const bytes = z.instanceof(Uint8Array);

/** The rows of one row group as the store has them, on their way to the thread that encodes them. */
export const GroupUnit = z.object({
  number: z.int().min(0),
  form: RowForm,
  /** What is replaced in its rows. */
  redact: z.array(PrivateKind),
  rows: z.array(
    z.object({
      id: z.uuid(),
      trajectory: bytes,
      /** Index in `tasks`: rows of one task share it. */
      task: z.int().min(0),
      resolved: Resolved,
      git_hack_attempted: z.boolean(),
      /** Whether its filters found nothing of what is replaced. */
      clean: z.boolean(),
    }),
  ),
  tasks: z.array(bytes),
});
export type GroupUnit = z.infer<typeof GroupUnit>;

/** What a thread makes of a unit. */
export type GroupResult = { number: number; done: true } & (
  | { ok: true; encoded: EncodedGroup; rows: (ExpectedRow & { sha256: string; redacted: Redacted | null })[] }
  | { ok: false; code: string; message: string; hint: string }
);
