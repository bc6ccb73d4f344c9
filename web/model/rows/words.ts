/** The different words of a value; one empty word where there is none. */
export function wordsOf(text: string): string[] {
  return [...new Set(text.split(' '))];
}
