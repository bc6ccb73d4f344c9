import type { Finding } from '../../../schemas/finding.ts';
import type { Mark } from '../../../schemas/transcript.ts';
import type { RawPart, RawTurn } from './raw-turn.ts';

/** Findings of one turn with their place in the list of the head. */
export interface NumberedFinding {
  finding: Pick<Finding, 'call' | 'command' | 'evidence'>;
  number: number;
}

/**
 * Where a turn shows its findings: the text of the evidence, or of the command, in the call that it names, else in whatever
 * part of the turn has it first. A finding whose text stands nowhere, as one made of several, marks its whole call.
 */
export function marksOfTurn({ parts }: RawTurn, findings: readonly NumberedFinding[]): Map<number, Mark[]> {
  const marks = new Map<number, Mark[]>();
  for (const { finding, number } of findings) {
    const place = placeOf(parts, finding);
    if (place === undefined) continue;
    const { part, start, end } = place;
    marks.set(part, [...(marks.get(part) ?? []), { start, end, finding: number }]);
  }
  for (const list of marks.values()) list.sort((a, b) => a.start - b.start || a.end - b.end);
  return marks;
}

interface Span {
  part: number;
  start: number;
  end: number;
}

function placeOf(parts: readonly RawPart[], { call, command, evidence }: NumberedFinding['finding']): Span | undefined {
  const calls = parts.flatMap((part, index) => (part.kind === 'call' ? [index] : []));
  const named = calls[call];
  const order = [...(named === undefined ? [] : [named]), ...parts.keys()];
  for (const text of [evidence, command].filter((wanted) => wanted.trim() !== '')) {
    for (const part of order) {
      const whole = parts[part]?.text ?? '';
      for (const wanted of forms(text)) {
        const start = whole.indexOf(wanted);
        if (start !== -1) return { part, start, end: start + wanted.length };
      }
    }
  }
  const part = named ?? (parts.length > 0 ? 0 : undefined);
  return part === undefined ? undefined : { part, start: 0, end: parts[part]?.text.length ?? 0 };
}

/** A text as it may stand in a part: as it is, trimmed, or inside of JSON. */
function forms(text: string): string[] {
  return [...new Set([text, text.trim(), JSON.stringify(text).slice(1, -1)])];
}
