import { z } from 'zod';

/**
 * A file of the agent's that its patch could not take. `encoding`: git cannot store its bytes in the encoding that
 * .gitattributes names. `not_a_file`: a pipe, socket or device. `submodule`: something in a submodule changed, whose history
 * is not there. `too_large`: the file, or the whole patch with it. `refused`: git refused it for another reason.
 */
const LeftOutFile = z.object({
  path: z.string(),
  reason: z.enum(['encoding', 'not_a_file', 'submodule', 'too_large', 'refused']),
});
export type LeftOutFile = z.infer<typeof LeftOutFile>;

/** The reasons, for people. */
export const leftOutReasons: Record<LeftOutFile['reason'], string> = {
  encoding: 'not in the encoding that .gitattributes names',
  not_a_file: 'a pipe, socket or device',
  submodule: 'a submodule, whose history is not there',
  too_large: 'too large',
  refused: 'git refused it',
};

/** What of an agent's change is not in its patch: how many files, and the first of them. */
export const LeftOut = z.object({ count: z.int().min(1), files: z.array(LeftOutFile) });
export type LeftOut = z.infer<typeof LeftOut>;
