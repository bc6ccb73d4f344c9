import type { Candidate } from './candidate.ts';

/** What a rule says of a row. `kind` groups reasons in a summary, `reason` is for this row. */
export type RuleOutcome = { keep: true } | { keep: false; kind: string; reason: string };

/** A stage-1 filter: takes its parameters, gives a judge. A judge may remember rows it saw (duplicates), nothing else. */
export interface SourceRule<Parameters> {
  id: string;
  /** Counts up when the same row may be judged differently. */
  version: number;
  start(parameters: Parameters): (candidate: Candidate) => RuleOutcome;
}

export const keep: RuleOutcome = { keep: true };

export function drop(kind: string, reason: string = kind): RuleOutcome {
  return { keep: false, kind, reason };
}
