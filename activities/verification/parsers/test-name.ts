import { cutBracketedDuration } from './duration.ts';
import type { Statuses } from './parser.ts';
import { pythonPattern, strip, stripEnd } from './python-text.ts';

const elapsed = pythonPattern(String.raw`\sin\s+\d+(?:\.\d+)?\s+(?:msec|sec)\b`, 'gi');

/**
 * A test name without what changes from run to run, as SWE-rebench-V2 compares names: a trailing `[12 ms]`, every
 * ` in 12 msec`, a trailing `(1.2s)`, in this order, then the spaces around. A bare trailing `5ms` stays.
 */
export function normaliseName(name: string): string {
  return strip(cutBracketedDuration(cutElapsed(cutBracketedDuration(name, 'square')), 'round'));
}

function cutElapsed(name: string): string {
  let kept = '';
  let from = 0;
  for (const match of name.matchAll(elapsed)) {
    kept += stripEnd(name.slice(from, match.index));
    from = match.index + match[0].length;
  }
  return kept + name.slice(from);
}

/** Statuses by normalised name; where names fall together, the last status holds. */
export function normaliseStatuses(statuses: Statuses): Statuses {
  const normalised: Statuses = new Map();
  for (const [name, status] of statuses) normalised.set(normaliseName(name), status);
  return normalised;
}
