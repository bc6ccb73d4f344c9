import type { z } from 'zod';
import type { ScanReport } from '../../schemas/finding.ts';
import type { Decision } from '../../schemas/ledger-entry.ts';
import { Problem, messageOf } from '../../schemas/problem.ts';
import type { StudentBase } from '../../schemas/student.ts';
import { type Fact, factNames, isUnknown } from '../../schemas/row-origin.ts';
import type { TaskFacts } from '../../schemas/task.ts';
import type { Trajectory } from '../../schemas/trajectory.ts';
import type { PatchFacts, Verdict } from '../../schemas/verdict.ts';
import type { Conversation, TokenCounts } from '../rendering/conversation.ts';

/** All that a filter may look at. */
export interface FilterInput {
  trajectory: Trajectory;
  task: TaskFacts;
  patch: PatchFacts;
  scan: ScanReport;
  verdict: Verdict;
  countTokens: TokenCounter;
}

/** Tokens of a conversation as a base's chat template writes it. Throws `Problem` for one that cannot be written. */
export type TokenCounter = (base: StudentBase, conversation: Conversation) => TokenCounts;

/** What a filter found. */
export interface Outcome {
  /** `not_judged`: it needs to know what nobody says of the row. */
  found: 'fine' | 'violation' | 'not_judged';
  reason: string;
  evidence: Decision['evidence'];
}

/** `drop`: a violation takes the row out. `note`: it is only written down. */
export type Effect = 'drop' | 'note';

/** One named filter. It finds violations; whether they drop a row is up to the preset. */
export interface Filter {
  id: string;
  /** Goes up when the same input may be decided differently than before. */
  version: number;
  /** What the filter asks of a row, in one sentence. */
  asks: string;
  defaults: Record<string, unknown>;
  decide(input: FilterInput, effect: Effect, overrides: Record<string, unknown>): Decision;
}

/** Makes a filter from its parameters (with defaults) and its check. Wrong overrides throw `Problem` bad_filter_parameters. */
export function defineFilter<P extends z.ZodObject>(filter: {
  id: string;
  version: number;
  asks: string;
  parameters: P;
  /** Facts without which it cannot judge at all. */
  needs?: readonly Fact[];
  check: (input: FilterInput, parameters: z.infer<P>) => Outcome;
}): Filter {
  return {
    id: filter.id,
    version: filter.version,
    asks: filter.asks,
    defaults: filter.parameters.parse({}),
    decide(input, effect, overrides) {
      const parameters = readParameters(filter.id, filter.parameters, overrides);
      const missing = (filter.needs ?? []).find((fact) => isUnknown(input.trajectory.origin, fact));
      const { found, reason, evidence } = missing === undefined ? filter.check(input, parameters) : notJudged(missing);
      const decision = found === 'fine' ? 'keep' : found === 'violation' ? effect : found;
      return { rule: filter.id, version: filter.version, decision, parameters, reason, evidence };
    },
  };
}

function readParameters<P extends z.ZodObject>(id: string, schema: P, overrides: Record<string, unknown>): z.infer<P> {
  try {
    return schema.parse(overrides);
  } catch (error) {
    throw new Problem('bad_filter_parameters', `filter ${id}: ${messageOf(error)}`, {
      hint: 'docs/filters.md lists the parameters of each rule',
    });
  }
}

/** The row is as the filter asks. */
export function fine(reason: string): Outcome {
  return { found: 'fine', reason, evidence: [] };
}

export function violation(reason: string, evidence: Decision['evidence'] = []): Outcome {
  return { found: 'violation', reason, evidence: evidence.slice(0, evidenceLimit) };
}

/** A fact is unknown; `seen` says what could be checked without it. */
export function notJudged(fact: Fact, seen?: string): Outcome {
  const unknown = `its file does not say ${factNames[fact]}`;
  return { found: 'not_judged', reason: seen === undefined ? unknown : `${unknown}; ${seen}`, evidence: [] };
}

/** Evidence convinces by its first pieces; a loop of 250 turns need not be listed whole. */
const evidenceLimit = 8;

/** The beginning of a text as evidence shows it. */
export function excerpt(text: string, limit = 200): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length <= limit ? line : `${line.slice(0, limit - 1).toWellFormed()}…`;
}
