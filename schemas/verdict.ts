import { z } from 'zod';
import { Ambiguity } from './ambiguity.ts';
import { ArtifactRef } from './artifact-ref.ts';

/** 1 pass, 0 fail, -1 unknown: the infrastructure, not the agent, failed. */
export const Resolved = z.union([z.literal(1), z.literal(0), z.literal(-1)]);
export type Resolved = z.infer<typeof Resolved>;

/** `cut`: the middle of the log was dropped. `binary`: it holds NUL bytes, or bytes that are not UTF-8. */
export const LogOddity = z.enum(['cut', 'binary']);
export type LogOddity = z.infer<typeof LogOddity>;

/** What a patch does to its task's tests. */
export const PatchFacts = z.object({
  /** Every path of the patch, both sides of renames; and those of them that are tests. */
  paths: z.array(z.string()),
  test_paths: z.array(z.string()),
  num_modified_files: z.int().min(0),
  /** Lines added or removed. */
  num_modified_lines: z.int().min(0),
  /** Touches a file that the task's own test patch changes. */
  touches_gold_tests: z.boolean(),
  tests_only: z.boolean(),
  edits_existing_tests: z.boolean(),
  /** Deletes a test file, or moves it to where it is none. */
  deletes_tests: z.boolean(),
  adds_new_tests: z.boolean(),
  /** Changes how tests are found or run: conftest, runner configuration, test script, test sections of build files, CI. */
  edits_test_infra: z.boolean(),
  adds_skips: z.boolean(),
});
export type PatchFacts = z.infer<typeof PatchFacts>;

/** The outcome of the tests on one patch, with everything needed to check it. */
export const Verdict = z.object({
  resolved: Resolved,
  /** Why; `tests` when the tests themselves decided. */
  reason: z.enum([
    'tests',
    /** They passed, but had been changed after they were put back. */
    'tests_altered',
    'empty_patch',
    'patch_apply_failed',
    'test_patch_failed',
    'test_timeout',
    'no_tests_parsed',
    'unknown_parser',
    'parser_error',
    'infrastructure',
    /** Of a row of another tool whose file has no verdict. */
    'not_tested',
  ]),
  detail: z.string(),
  fail_to_pass: z.object({ passed: z.array(z.string()), failed: z.array(z.string()) }),
  pass_to_pass: z.object({ passed: z.array(z.string()), failed: z.array(z.string()) }),
  /** Stdout then stderr of the test commands; absent when no test ran. */
  log: ArtifactRef.optional(),
  /** Of the test commands of the last run, in order. */
  exit_codes: z.array(z.int()),
  duration_ms: z.number().min(0),
  /** Fresh containers that ran the tests; more than one when a pass-to-pass test or a limit needed another look. */
  runs: z.int().min(0).optional(),
  /** Files of the patch that were put back, wholly or in their test sections, before the tests ran. */
  restored: z.array(z.string()).optional(),
  /** A test command failed although no test did, and the gold patch does not behave so. */
  suspicious: z.boolean().optional(),
  /** Why the tests may have decided otherwise than their log is read; absent or empty where the log leaves no doubt. */
  ambiguous: z.array(Ambiguity).optional(),
  facts: PatchFacts.optional(),
});
export type Verdict = z.infer<typeof Verdict>;
