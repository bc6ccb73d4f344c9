/** Texts that a user gives in place of Tracemill's, with where each stands. */
export interface GivenTexts {
  /** Name of the text → its source, and the line of the file that the source begins on. */
  texts: Record<string, { source: string; file: string; line: number }>;
  /** Own texts that are not to be used although no other takes their place. */
  without: string[];
  /** Keys or files without use. */
  unused: string[];
}
