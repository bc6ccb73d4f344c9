import { z } from 'zod';
import { defineFilter, fine, violation } from '../filter.ts';

/** The patch edits the very files that hold the task's own tests. Tests of its own beside a fix are welcome. */
export const testPatchOverlap = defineFilter({
  id: 'test_patch_overlap',
  version: 2,
  asks: "The patch leaves the files of the task's test patch alone.",
  parameters: z.strictObject({
    /** Keeps a row whose tests pass all the same. */
    unless_resolved: z.boolean().default(false),
  }),
  needs: ['model_patch', 'test_patch'],
  check({ patch, verdict }, { unless_resolved }) {
    if (!patch.touches_gold_tests) return fine("no file of the task's test patch was touched");
    if (unless_resolved && verdict.resolved === 1) return fine("files of the task's test patch were touched, but the row is resolved");
    return violation(
      "files of the task's test patch were changed",
      patch.test_paths.map((path) => ({ text: path })),
    );
  },
});
