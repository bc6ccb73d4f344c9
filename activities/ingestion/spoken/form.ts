import type { LooseCall } from '../loose-message.ts';

/** Calls that stand in a text, with the piece of text that says them; none where the piece cannot be read. */
export interface Spoken {
  start: number;
  end: number;
  calls: LooseCall[];
  /** The mark is only named: nothing is called. */
  named?: boolean;
}

/** A way of writing calls into text. */
export interface SpokenForm {
  /** What every text of this form holds; it is looked for first, since most texts hold none. */
  mark: string;
  find: (text: string) => Spoken[];
}

/** A call that has no id. */
export function spoken(name: string, values: unknown): LooseCall {
  return { id: null, name: name.trim(), arguments: typeof values === 'string' ? values : JSON.stringify(values) };
}
