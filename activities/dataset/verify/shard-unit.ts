import { z } from 'zod';
import { RowForm } from '../../../schemas/dataset-row.ts';

/** A shard to be read by a thread. */
export const ShardUnit = z.object({ number: z.int().min(0), path: z.string(), form: RowForm });
export type ShardUnit = z.infer<typeof ShardUnit>;
