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
