import { z } from 'zod';
import { Ambiguity } from './ambiguity.ts';
import { LogOddity } from './verdict.ts';

/** One run of the gate in a fresh container. */
export const GateRun = z.object({
  /** `gold`: with the gold patch; `noop`: with the tests alone. */
  kind: z.enum(['gold', 'noop']),
  /** Expected tests that did not pass. */
  fail_to_pass_failed: z.array(z.string()),
  pass_to_pass_failed: z.array(z.string()),
  exit_codes: z.array(z.int()),
  timed_out: z.boolean(),
  log_oddities: z.array(LogOddity).optional(),
  duration_ms: z.number().min(0),
});
export type GateRun = z.infer<typeof GateRun>;

/** Whether a task can distinguish a right patch from none, checked before any rollout. */
export const GateRecord = z.object({
  instance_id: z.string(),
  passed: z.boolean(),
  reason: z.enum([
    'passed',
    /** The gold patch left a fail-to-pass test failing. */
    'gold_failed',
    /** Every fail-to-pass test passes without a patch. */
    'noop_passed',
    'gold_patch_failed',
    'test_patch_failed',
    'test_timeout',
    'no_tests_parsed',
    'unknown_parser',
    'parser_error',
  ]),
  detail: z.string(),
  /** Pass-to-pass tests that did not pass in every gold run: they decide nothing later. */
  excluded: z.array(z.string()),
  runs: z.array(GateRun),
  /** The install lines had to be run again before the tests; verification does the same. */
  reinstall: z.boolean(),
  /** Signs of failing infrastructure and exit codes that the gold patch shows too: later they mean nothing. */
  gold_signals: z.array(z.string()),
  gold_exit_codes: z.array(z.int()),
  /** Files of the tests that change with the gold patch too while the tests run. */
  gold_altered: z.array(z.string()).default([]),
  /** Where the logs of these runs may mean something else than their parser reads. */
  ambiguous: z.array(Ambiguity).default([]),
  /** With the gold patch: failures that the parser never sees, and by how much the tool's own totals exceed what is read. */
  gold_unread: z
    .object({ failures: z.array(z.string()), failed: z.int().min(0), passed: z.int().min(0) })
    .default({ failures: [], failed: 0, passed: 0 }),
  image_digest: z.string(),
  verifier_version: z.string(),
  duration_ms: z.number().min(0),
});
export type GateRecord = z.infer<typeof GateRecord>;
