import type { Part, TurnView } from '../../../schemas/transcript.ts';

/** A part with its text whole, before it is cut for pages. */
export interface RawPart extends Omit<Part, 'body' | 'marks'> {
  text: string;
}

/** A turn with its texts whole. */
export interface RawTurn extends Omit<TurnView, 'seq' | 'parts'> {
  parts: RawPart[];
}

/** A part of text that says nothing of success or time. */
export function textPart(kind: RawPart['kind'], name: string, text: string, form: RawPart['form'] = 'text'): RawPart {
  return { kind, name, text, form, failed: null, exit_code: null, duration_ms: null };
}
