import { controlTokenPattern } from './control-tokens.ts';

/** The cheap look before the dear one; templates take it as well. */
export function mayHoldControlToken(text: string): boolean {
  return text.includes('<|') || text.includes('think>') || text.includes('tool_');
}

/** A text in which no control token stands: a backslash follows their `<`. */
export function harmless(text: string): string {
  return mayHoldControlToken(text) ? text.replace(controlTokenPattern(), (token) => `<\\${token.slice(1)}`) : text;
}
