import type { Part, TurnView } from '../../../schemas/transcript.ts';

/** Roles of prompts by which a harness sets itself up; what the task asks comes from the user. */
const setUpRoles = new Set(['system', 'developer']);

/**
 * Whether a turn says little of what the agent did: notes around the run, what the harness sets up, and turns in which
 * nothing stands. Never one in which something failed.
 */
export function isMinor({ kind, parts }: Pick<TurnView, 'kind' | 'parts'>): boolean {
  if (parts.some(({ failed, exit_code }) => failed === true || (exit_code ?? 0) !== 0)) return false;
  if (kind === 'note') return parts.every((part) => part.kind === 'note');
  if (kind === 'patch') return false;
  return parts.every((part) => isEmpty(part) || (part.kind === 'prompt' && setUpRoles.has(part.name)));
}

/** A call is something, whatever it says. */
function isEmpty({ kind, body }: Part): boolean {
  return kind !== 'call' && 'text' in body && body.text.trim() === '';
}
