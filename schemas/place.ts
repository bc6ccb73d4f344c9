import { z } from 'zod';

/** Where a record stands: a file as the user named it, and the line or row in it, from 1; null for a file or folder that is one record. */
export const Place = z.object({
  file: z.string(),
  unit: z.enum(['line', 'row']).nullable(),
  number: z.int().min(1).nullable(),
});
export type Place = z.infer<typeof Place>;

/** The file of places on standard input. */
export const standardInput = 'standard input';

/** A place for people, in the one notation of all commands: `file`, `file:3` for a line, `file:row 3` for a row of Parquet. */
export function placeText({ file, unit, number }: Place): string {
  if (unit === null || number === null) return file;
  return unit === 'line' ? `${file}:${number}` : `${file}:row ${number}`;
}
