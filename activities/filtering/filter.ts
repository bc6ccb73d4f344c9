import type { z } from 'zod';
import type { ScanReport } from '../../schemas/finding.ts';
import type { Decision } from '../../schemas/ledger-entry.ts';
import { Problem, messageOf } from '../../schemas/problem.ts';
import type { StudentBase } from '../../schemas/student.ts';
import type { Task } from '../../schemas/task.ts';
import type { Trajectory } from '../../schemas/trajectory.ts';
import type { PatchFacts, Verdict } from '../../schemas/verdict.ts';
import type { Conversation, TokenCounts } from '../rendering/conversation.ts';

/** All that a filter may look at. */
export interface FilterInput {
  trajectory: Trajectory;
  task: Task;
  patch: PatchFacts;
  scan: ScanReport;
  verdict: Verdict;
  countTokens: TokenCounter;
}

/** Tokens of a conversation as a base's chat template writes it. Throws `Problem` for one that cannot be written. */
export type TokenCounter = (base: StudentBase, conversation: Conversation) => TokenCounts;

/** What a filter found. */
export interface Outcome {
  violated: boolean;
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
  check: (input: FilterInput, parameters: z.infer<P>) => Outcome;
}): Filter {
  return {
    id: filter.id,
    version: filter.version,
    asks: filter.asks,
    defaults: filter.parameters.parse({}),
    decide(input, effect, overrides) {
      const parameters = readParameters(filter.id, filter.parameters, overrides);
      const { violated, reason, evidence } = filter.check(input, parameters);
      return { rule: filter.id, version: filter.version, decision: violated ? effect : 'keep', parameters, reason, evidence };
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
  return { violated: false, reason, evidence: [] };
}

export function violation(reason: string, evidence: Decision['evidence'] = []): Outcome {
  return { violated: true, reason, evidence: evidence.slice(0, evidenceLimit) };
}

/** Evidence convinces by its first pieces; a loop of 250 turns need not be listed whole. */
const evidenceLimit = 8;

/** The beginning of a text as evidence shows it. */
export function excerpt(text: string, limit = 200): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length <= limit ? line : `${line.slice(0, limit - 1).toWellFormed()}…`;
}
