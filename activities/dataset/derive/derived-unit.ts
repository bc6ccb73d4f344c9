import { z } from 'zod';
import { Sha256 } from '../../../schemas/artifact-ref.ts';
import { RowForm } from '../../../schemas/dataset-row.ts';
import { PrivateKind } from '../../../schemas/private-text.ts';
import type { MadeGroup } from '../shards/encoded-shards.ts';

const count = z.int().min(0);

/** Rows of finished releases that follow each other in a new one, on their way to the thread that reads and encodes them. */
export const DerivedUnit = z.object({
  number: count,
  form: RowForm,
  /** What is replaced in its rows. */
  redact: z.array(PrivateKind),
  /** Paths of shards. */
  shards: z.array(z.string()),
  rows: z.array(
    z.object({
      id: z.uuid(),
      /** Of the row as its release has it, by the ledger. */
      sha256: Sha256,
      /** Index in `shards`, and number of the row there. */
      shard: count,
      row: count,
      /** Whether its filters found nothing of what is replaced. */
      clean: z.boolean(),
    }),
  ),
});
export type DerivedUnit = z.infer<typeof DerivedUnit>;

/** A row group of a unit; the last one says `done`. Rows of a unit that are long become several. */
export type DerivedGroup = MadeGroup & { number: number; done: boolean };
