/** One event of a rollout as the stuck rules see it; equal identities count as the same event. */
export type Seen =
  | { kind: 'action'; identity: string }
  | { kind: 'observation'; identity: string; error: boolean }
  | { kind: 'message'; identity: string }
  | { kind: 'condensation' };

/**
 * Which of OpenHands' five stuck rules holds for the end of the history, or null. The events are all but the user's
 * messages. An agent's message counts among its actions.
 */
export function stuckRule(seen: readonly Seen[]): string | null {
  if (seen.length < 3) return null;
  const actions = latest(
    seen,
    (event) => (event.kind === 'action' || event.kind === 'message' ? `${event.kind} ${event.identity}` : null),
    6,
  );
  const observations = latest(seen, (event) => (event.kind === 'observation' ? event.identity : null), 6);
  const errors = latest(seen, (event) => (event.kind === 'observation' ? String(event.error) : null), 3);
  if (same(actions, 4) && same(observations, 4)) return 'the same action with the same observation, 4 times';
  if (same(actions, 3) && same(errors, 3) && errors[0] === 'true') return 'the same action with an error, 3 times';
  if (monologue(seen)) return 'the same message 3 times with nothing observed in between';
  if (alternating(actions) && alternating(observations)) return 'two actions with their observations in turn, 3 times';
  if (seen.length >= 10 && seen.slice(-10).every((event) => event.kind === 'condensation'))
    return '10 condensations with nothing in between';
  return null;
}

/** The identities of the last events that have one, latest first. */
function latest(seen: readonly Seen[], identity: (event: Seen) => string | null, count: number): string[] {
  const found: string[] = [];
  for (let index = seen.length - 1; index >= 0 && found.length < count; index--) {
    const event = seen[index];
    const name = event === undefined ? null : identity(event);
    if (name !== null) found.push(name);
  }
  return found;
}

function same(identities: string[], count: number): boolean {
  return identities.length >= count && identities.slice(0, count).every((identity) => identity === identities[0]);
}

function alternating(identities: string[]): boolean {
  return identities.length === 6 && identities.every((identity, index) => identity === identities[index % 2]);
}

function monologue(seen: readonly Seen[]): boolean {
  const messages = seen.flatMap((event, index) => (event.kind === 'message' ? [{ identity: event.identity, index }] : [])).slice(-3);
  const [first] = messages;
  if (first === undefined || messages.length < 3) return false;
  const between = seen.slice(first.index, messages.at(-1)?.index);
  return messages.every(({ identity }) => identity === first.identity) && !between.some((event) => event.kind === 'observation');
}
