import { z } from 'zod';
import { ArtifactRef } from './artifact-ref.ts';

/** 1 pass, 0 fail, -1 unknown: the infrastructure, not the agent, failed. */
export const Resolved = z.union([z.literal(1), z.literal(0), z.literal(-1)]);
export type Resolved = z.infer<typeof Resolved>;

/** Test name → status exactly as the task's log parser gave it. */
export const TestStatuses = z.record(z.string(), z.string());

/** The outcome of the tests on one patch, with everything needed to check it. */
export const Verdict = z.object({
  resolved: Resolved,
  /** Why; `tests` when the tests themselves decided. */
  reason: z.enum([
    'tests',
    'empty_patch',
    'patch_apply_failed',
    'test_patch_failed',
    'test_timeout',
    'no_tests_parsed',
    'unknown_parser',
    'parser_error',
    'infrastructure',
  ]),
  detail: z.string(),
  fail_to_pass: z.object({ passed: z.array(z.string()), failed: z.array(z.string()) }),
  pass_to_pass: z.object({ passed: z.array(z.string()), failed: z.array(z.string()) }),
  /** Stdout then stderr of the test commands; absent when no test ran. */
  log: ArtifactRef.optional(),
  exit_codes: z.array(z.int()),
  duration_ms: z.number().min(0),
});
export type Verdict = z.infer<typeof Verdict>;
