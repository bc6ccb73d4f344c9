import type { Clip, TurnView } from '../../../schemas/transcript.ts';

/** What one turn asked for, so far as siblings are compared by it. */
export interface SiblingTurn {
  seq: number;
  /** The harness's turn, from 0. */
  turn: number;
  calls: readonly { tool: string; text: string; failed: boolean }[];
  /**
   * Two turns with the same key asked for the same. A command is the same whatever the harness calls its shell; a reply without
   * calls is compared by its text.
   */
  key: string;
}

/** Characters of a call that a page shows beside those of other rollouts. */
const shownCharacters = 400;

/** The turns among parts of a transcript; prompts, patches and notes are none. */
export function siblingTurns(turns: readonly TurnView[]): SiblingTurn[] {
  return turns.flatMap(({ seq, kind, turn, parts }) => {
    if (kind !== 'turn') return [];
    const results = parts.filter(({ kind: of }) => of === 'result');
    const calls = parts.filter(({ kind: of }) => of === 'call');
    // A note between a call and its results leaves those alone: they belong to the turn before.
    if (parts.length > 0 && results.length === parts.length) return [];
    const asked = calls.length > 0 ? calls : parts.filter(({ kind: of }) => of === 'reply');
    return [
      {
        seq,
        turn: turn ?? seq,
        calls: asked.map(({ name, body, failed }, place) => ({
          tool: name,
          text: headOf(body).slice(0, shownCharacters).replace(/\s+/g, ' '),
          failed: failed === true || results[place]?.failed === true,
        })),
        key: JSON.stringify(asked.map(({ kind: of, name, form, body }) => [of, form === 'shell' ? '' : name, keyOf(body)])),
      },
    ];
  });
}

/**
 * At how many turns from the first on all rollouts asked for the same. A rollout that ended before another went on differs
 * there. Fewer than two rollouts do not diverge: all turns of the longest count.
 */
export function sharedTurns(rollouts: readonly (readonly SiblingTurn[])[]): number {
  const longest = Math.max(0, ...rollouts.map(({ length }) => length));
  for (let place = 0; place < longest; place += 1) {
    const [first, ...others] = rollouts.map((turns) => turns[place]?.key);
    if (others.some((key) => key !== first)) return place;
  }
  return longest;
}

function headOf(body: Clip): string {
  return 'text' in body ? body.text : body.head;
}

/** Of a cut text its ends, its length and the name of the whole, which is one for equal texts of a store. */
function keyOf(body: Clip): string {
  return 'text' in body ? body.text.trim() : `${body.head}\0${body.bytes}\0${body.tail}`;
}
