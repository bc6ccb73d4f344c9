import { z } from 'zod';
import { Sha256 } from '../../../schemas/artifact-ref.ts';
import { HarnessName } from '../../../schemas/names.ts';
import { StudentBase } from '../../../schemas/student.ts';
import { RowSelection } from '../../../schemas/training.ts';
import { TrainingCell, TrainingProfile } from '../../../schemas/training-files.ts';

/** What every thread needs to know before its first unit. */
export const ThreadSettings = z.object({
  /** Null to count alone. */
  profile: TrainingProfile.nullable(),
  base: StudentBase,
  rows: RowSelection,
  max_tokens: z.int().min(1),
});
export type ThreadSettings = z.infer<typeof ThreadSettings>;

/** Rows of one shard that become one file. */
export const FileUnit = z.object({
  number: z.int(),
  harness: HarnessName,
  /** Path of the shard. */
  shard: z.string(),
  groups: z.object({ from: z.int(), to: z.int() }),
  /** Rows in these groups. */
  rows: z.int(),
  /** The file to write; it must not exist. */
  out: z.string(),
});
export type FileUnit = z.infer<typeof FileUnit>;

/** What a thread sends back: several times for a unit, with the outcome at its end. */
export const UnitReport = z.object({
  number: z.int(),
  done: z.boolean(),
  /** Rows read since the last report. */
  read: z.int(),
  outcome: z
    .object({
      not_selected: z.int(),
      cells: z.array(TrainingCell),
      /** Null where no row was written. */
      file: z.object({ rows: z.int(), size_bytes: z.int(), sha256: Sha256 }).nullable(),
    })
    .nullable(),
  /** Why the unit cannot be done. */
  problem: z.object({ code: z.string(), message: z.string(), hint: z.string().optional() }).nullable(),
});
export type UnitReport = z.infer<typeof UnitReport>;
