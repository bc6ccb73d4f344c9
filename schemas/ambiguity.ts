import { z } from 'zod';

/** Why what a log parser reads is not what the test tool said, or cannot be told apart. */
export const AmbiguityCause = z.enum([
  /** Several tests have the name, and the tool gave them different outcomes. */
  'equal_names',
  /** The parser cuts the end of a name, or gives a test another name when it fails. */
  'cut_name',
  /** Output without a line end stands before the result. */
  'output_before_result',
  /** Escape sequences of colours stand in the result. */
  'colours',
  /** A sign or word of the tool that the parser does not know. */
  'unknown_form',
  /** A test that was skipped or is to be done counts by its first word. */
  'directive',
  /** An error outside the parts of a report that the parser looks at. */
  'unseen_error',
  /** A line of output taken for the heading of a suite. */
  'wrong_suite',
  /** A report that is no well-formed XML, or whose quoted output looks like a result. */
  'broken_report',
  /** Failed tests or files that the parser cannot read, whatever their outcome. */
  'unread_failure',
  /** The tool counts more than the parser reads. */
  'totals',
  /** A test command failed although no test does. */
  'exit_code',
]);
export type AmbiguityCause = z.infer<typeof AmbiguityCause>;

/** One cause for which a verdict rests on a reading of the log that may be wrong. */
export const Ambiguity = z.object({
  cause: AmbiguityCause,
  /** What the tool may have said of the tests instead of what was read. */
  hides: z.enum(['passed', 'failed', 'skipped']),
  /** Expected tests that it concerns, by the task's names; where it concerns none by name, what the tool itself names. */
  tests: z.array(z.string()),
  /** The beginning of a line of the log that shows it; empty where none does. */
  line: z.string(),
});
export type Ambiguity = z.infer<typeof Ambiguity>;

/** How many tests, beside a few of their names. */
export const AmbiguitySummary = Ambiguity.extend({ count: z.int().min(0) });
export type AmbiguitySummary = z.infer<typeof AmbiguitySummary>;

const causes: Record<AmbiguityCause, string> = {
  equal_names: 'several tests have this name, with different outcomes',
  cut_name: 'the parser cuts the name, so that it is not the name of one test',
  output_before_result: 'output without a line end stands before the result',
  colours: 'colours in the log hide the result from the parser',
  unknown_form: 'the parser does not know the form in which the tool prints the result',
  directive: 'the tool marks the test as skipped or to be done',
  unseen_error: 'the report tells of an error where the parser does not look',
  wrong_suite: 'the parser takes a line of output for the heading of a suite',
  broken_report: 'the parser cannot read the report as it is meant',
  unread_failure: 'the tool reports failures that the parser cannot read',
  totals: 'the tool counts more than the parser reads',
  exit_code: 'a test command failed, although no test that the parser reads did',
};

/** What the cause means, in a few words. */
function describeCause(cause: AmbiguityCause): string {
  return causes[cause];
}

/** `counts as passed, may have failed: …`, without names. */
export function describeAmbiguity({ cause, hides }: Pick<Ambiguity, 'cause' | 'hides'>): string {
  const seen = hides === 'passed' ? 'does not count as passed, may have passed' : `counts as passed, may have ${outcomes[hides]}`;
  return `${seen}: ${describeCause(cause)}`;
}

const outcomes = { failed: 'failed', skipped: 'been skipped' } as const;
