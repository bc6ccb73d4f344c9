import type { Ending } from '../../schemas/trajectory.ts';
import type { Oddities } from './oddities.ts';

/** What a run's limits were and how far it came, where the file says so. */
export interface LimitFacts {
  calls: number | null;
  callLimit: number | null;
}

type Kinds = [RegExp, Ending['kind']][];

const sweAgentKinds: Kinds = [
  [/exit_context/, 'context_full'],
  [/exit_format/, 'format_errors'],
  [/exit_command_timeout|exit_total_execution_time/, 'time_limit'],
  [/exit_forfeit/, 'gave_up'],
  [/exit_command/, 'exited'],
  [/exit_cost/, 'cost_limit'],
  [/^submitted$/, 'finished'],
];

/**
 * SWE-agent's `exit_status`, also as `submitted (exit_cost)`. One status stands for cost and call limit: the limits
 * distinguish them. A status of failing infrastructure is no ending: it is noted.
 */
export function sweAgentEnding(status: string | null, limits: LimitFacts, oddities: Oddities): Ending | null {
  const ending = endingBy(sweAgentKinds, status, '', oddities);
  return ending?.kind === 'cost_limit' && callLimitReached(limits) ? { ...ending, kind: 'turn_limit' } : ending;
}

const miniKinds: Kinds = [
  [/^Submitted$/, 'finished'],
  [/^LimitsExceeded$/, 'cost_limit'],
  [/^TimeExceeded$/, 'time_limit'],
  [/^RepeatedFormatError$/, 'format_errors'],
  [/ContextWindowExceeded/, 'context_full'],
  [/ContentPolicyViolation/, 'model_refused'],
];

/** mini-swe-agent's `exit_status`: its own words, or the class name of the exception that ended the run. */
export function miniEnding(status: string | null, limits: LimitFacts, oddities: Oddities): Ending | null {
  const ending = endingBy(miniKinds, status, '', oddities);
  return ending?.kind === 'cost_limit' && callLimitReached(limits) ? { ...ending, kind: 'turn_limit' } : ending;
}

const openHandsKinds: Kinds = [
  [/maximum iteration|max_?iteration|MaxIterationsReached/i, 'turn_limit'],
  [/maximum budget|max_?budget/i, 'cost_limit'],
  [/StuckInLoop|stuck/i, 'stuck'],
  [/ContextWindowExceed|context_window/i, 'context_full'],
  [/CONTENT_POLICY_VIOLATION|ContentPolicyViolation/, 'model_refused'],
  [/^(submit|submitted|finish|finished)$/i, 'finished'],
];

/** OpenHands's state or error code. */
export function openHandsEnding(status: string | null, detail: string, oddities: Oddities): Ending | null {
  return endingBy(openHandsKinds, status, detail, oddities);
}

/** The `error` of an OpenHands row: the class of the exception and its text. */
export function openHandsError(error: string, oddities: Oddities): Ending | null {
  const ending = endingBy(openHandsKinds, error, error, oddities);
  return ending === null ? null : { ...ending, status: `error: ${error.split(/[:\n]/, 1)[0] ?? ''}` };
}

/** What other tools call the ending of a run. */
export function anyEnding(status: string | null, oddities: Oddities): Ending | null {
  return endingBy([...sweAgentKinds, ...miniKinds, ...openHandsKinds], status, '', oddities);
}

function endingBy(kinds: Kinds, status: string | null, detail: string, oddities: Oddities): Ending | null {
  if (status === null) return null;
  const kind = kinds.find(([pattern]) => pattern.test(status))?.[1];
  if (kind !== undefined) return { kind, status, detail };
  oddities.note(`ended as ${JSON.stringify(status.slice(0, 200))}, which says nothing about the agent`);
  return null;
}

function callLimitReached({ calls, callLimit }: LimitFacts): boolean {
  return calls !== null && callLimit !== null && callLimit > 0 && calls >= callLimit;
}
