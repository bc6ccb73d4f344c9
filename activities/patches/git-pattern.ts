/** The exact text, whatever it holds, as a pattern of git: of ignore and attribute files, and of `git apply --include`. */
export function gitPattern(text: string): string {
  return text.replaceAll(/[\\*?[\]]/g, '\\$&');
}
