import type { z } from 'zod';
import type { ScanReport } from '../../schemas/finding.ts';
import type { Decision } from '../../schemas/ledger-entry.ts';
import { Problem, messageOf } from '../../schemas/problem.ts';
import type { Task } from '../../schemas/task.ts';
import type { Trajectory } from '../../schemas/trajectory.ts';
import type { PatchFacts, Verdict } from '../../schemas/verdict.ts';

/** All that a rule may look at. */
export interface FilterInput {
  trajectory: Trajectory;
  task: Task;
  patch: PatchFacts;
  scan: ScanReport;
  verdict: Verdict;
  countTokens: TokenCounter;
}

/** Tokens that a text takes in the student's vocabulary. */
export type TokenCounter = (text: string) => number;

/** What a rule found. */
export interface Judgement {
  violated: boolean;
  reason: string;
  evidence: Decision['evidence'];
}

/** `drop`: a violation takes the row out. `note`: it is only written down. */
export type Effect = 'drop' | 'note';

/** One named rule of stage 2. It judges; what follows from that is the preset's matter. */
export interface FilterRule {
  id: string;
  /** Goes up when the same input may be judged differently than before. */
  version: number;
  /** What the rule asks of a row, in one sentence. */
  asks: string;
  defaults: Record<string, unknown>;
  decide(input: FilterInput, effect: Effect, overrides: Record<string, unknown>): Decision;
}

/** Makes a rule from its parameters (with defaults) and its judgement. Wrong overrides throw `Problem` bad_filter_parameters. */
export function defineRule<P extends z.ZodObject>(rule: {
  id: string;
  version: number;
  asks: string;
  parameters: P;
  judge: (input: FilterInput, parameters: z.infer<P>) => Judgement;
}): FilterRule {
  return {
    id: rule.id,
    version: rule.version,
    asks: rule.asks,
    defaults: rule.parameters.parse({}),
    decide(input, effect, overrides) {
      const parameters = readParameters(rule.id, rule.parameters, overrides);
      const { violated, reason, evidence } = rule.judge(input, parameters);
      return { rule: rule.id, version: rule.version, decision: violated ? effect : 'keep', parameters, reason, evidence };
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

/** The rule is kept to. */
export function fine(reason: string): Judgement {
  return { violated: false, reason, evidence: [] };
}

export function violation(reason: string, evidence: Decision['evidence'] = []): Judgement {
  return { violated: true, reason, evidence: evidence.slice(0, EVIDENCE_LIMIT) };
}

/** Evidence convinces by its first pieces; a loop of 250 turns need not be listed whole. */
const EVIDENCE_LIMIT = 8;

/** The beginning of a text as evidence shows it. */
export function excerpt(text: string, limit = 200): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length <= limit ? line : `${line.slice(0, limit - 1).toWellFormed()}…`;
}
