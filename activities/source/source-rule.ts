import type { Candidate } from './candidate.ts';

/** What a rule says of a row. `kind` groups reasons in a summary, `reason` is for this row. */
export type SourceOutcome = { keep: true } | { keep: false; kind: string; reason: string };

/** A rule on rows of a source: takes its parameters, gives a check. A check may remember rows it saw (duplicates), nothing else. */
export interface SourceRule<Parameters> {
  id: string;
  /** Goes up when the same row may be decided differently. */
  version: number;
  start(parameters: Parameters): (candidate: Candidate) => SourceOutcome;
}

export const keep: SourceOutcome = { keep: true };

export function drop(kind: string, reason: string = kind): SourceOutcome {
  return { keep: false, kind, reason };
}
