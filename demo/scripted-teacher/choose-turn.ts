import type { ScriptedTurn, TeacherScript } from '../../schemas/teacher-script.ts';
import type { Asked } from './chat-request.ts';

export interface Chosen {
  script: TeacherScript;
  turn: ScriptedTurn;
  values: Record<string, string>;
}

const farewell: ScriptedTurn = { text: 'There is nothing left for me to do.', calls: [], repeat: 1, misbehave: [] };

/** The script and turn that answer a request; undefined when no script matches. A function of its arguments alone. */
export function chooseTurn(scripts: readonly TeacherScript[], asked: Asked): Chosen | undefined {
  for (const script of scripts) {
    const captured = matches(script, asked);
    if (captured === undefined) continue;
    const { turn, repetition } = turnAt(script, asked.turn);
    const values = {
      ...script.values,
      ...captured,
      harness: asked.harness ?? 'unknown',
      mode: asked.thinking ? 'think' : 'no_think',
      model: asked.model,
      turn: String(asked.turn),
      repetition: String(repetition),
    };
    return { script, turn, values };
  }
  return undefined;
}

/** The named groups of the pattern when every condition holds. */
function matches({ match }: TeacherScript, asked: Asked): Record<string, string> | undefined {
  if (match.model !== undefined && match.model !== asked.model) return undefined;
  if (match.thinking !== undefined && match.thinking !== asked.thinking) return undefined;
  if (match.harness !== undefined && match.harness !== asked.harness) return undefined;
  if (match.task !== undefined && !asked.opening.includes(match.task)) return undefined;
  for (const [name, pattern] of Object.entries(match.headers)) {
    const value = asked.headers[name.toLowerCase()];
    if (value === undefined || !new RegExp(pattern).test(value)) return undefined;
  }
  if (match.pattern === undefined) return {};
  const found = new RegExp(match.pattern, 's').exec(asked.opening);
  return found === null ? undefined : { ...found.groups };
}

function turnAt(script: TeacherScript, index: number): { turn: ScriptedTurn; repetition: number } {
  let first = 0;
  for (const turn of script.turns) {
    const length = turn.repeat === 'forever' ? Number.POSITIVE_INFINITY : turn.repeat;
    if (index < first + length) return { turn, repetition: index - first };
    first += length;
  }
  const last = script.turns.at(-1);
  const repeated = script.afterwards === 'repeat_last' && last !== undefined;
  return { turn: repeated ? { ...last, misbehave: [] } : farewell, repetition: index - first };
}
