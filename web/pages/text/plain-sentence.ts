/** Longest text that is looked at, in UTF-16 units. */
const longest = 1000;

/**
 * Whether a text is one line in which nothing could be Markdown, as many replies are. The lexer would give one paragraph of
 * the same text, and its first use costs a browser a tenth of a screen.
 */
export function isPlainSentence(text: string): boolean {
  return text.length <= longest && /^[A-Za-z](?:[^\\`*_~[\]<&@\n\r]*[^\\`*_~[\]<&@\s])?$/.test(text) && !/:\/\/|www\./i.test(text);
}
