import { z } from 'zod';

const count = z.int().min(0);

/** One thing that is not as the release says. */
export const Damage = z.object({
  code: z.enum([
    'bad_manifest',
    'missing_file',
    'extra_file',
    'wrong_size',
    'wrong_hash',
    'unreadable_file',
    'unreadable_row',
    'not_utf8',
    'wrong_schema',
    'wrong_statistics',
    'wrong_number',
    'wrong_order',
    'wrong_place',
    'duplicate_row',
    'unknown_row',
    'missing_row',
    'changed_row',
    'bad_ledger_entry',
    'wrong_card',
  ]),
  /** Path below the release. */
  file: z.string(),
  /** Row of a shard or line of a text, from 1; null where it is about the whole file. */
  row: count.nullable(),
  message: z.string(),
  /** What to do about it. */
  hint: z.string(),
});
export type Damage = z.infer<typeof Damage>;

/** What a check of a release found. */
export const ReleaseCheck = z.object({
  release: z.string(),
  /** What was read; everything, where nothing could not be read. */
  shards: count,
  rows: count,
  entries: count,
  bytes: count,
  /** The first ones. */
  damage: z.array(Damage),
  /** All of them. */
  damages: count,
});
export type ReleaseCheck = z.infer<typeof ReleaseCheck>;
