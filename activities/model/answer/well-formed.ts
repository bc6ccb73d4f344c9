/** Escapes of a JSON text, longest first: a surrogate pair, half of one, anything else behind a backslash. */
const escape = /\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|u[dD][89a-fA-F][0-9a-fA-F]{2}|[^])/g;

const lengthOfHalf = '\\ud83d'.length;

/**
 * A JSON text in which no escape stands for half of a surrogate pair: such a half is no character, and strict servers refuse
 * a request that holds one. It becomes the replacement character, as `toWellFormed` does with halves that are not escaped.
 */
export function wellFormedJson(json: string): string {
  // Almost no text has one, and bodies are long.
  if (!json.includes('\\ud') && !json.includes('\\uD')) return json;
  return json.replace(escape, (found) => (found.length === lengthOfHalf ? '\\ufffd' : found));
}
