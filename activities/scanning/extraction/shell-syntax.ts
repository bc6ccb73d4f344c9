/** What stands for a value that only the running shell knows. */
export const dynamicText = '\uFFFC';

/** A piece of a word. Unquoted pieces are split at blanks, brace-expanded and globbed; quoted ones are not. */
export type Part =
  | { kind: 'text'; text: string; quoted: boolean }
  /** `expression` is what stands between the braces of `${…}`: a name, perhaps with an operator. */
  | { kind: 'variable'; expression: string; quoted: boolean }
  /** `$(…)` and backticks. */
  | { kind: 'output'; body: Statement[]; quoted: boolean }
  /** `<(…)` and `>(…)`. */
  | { kind: 'process'; body: Statement[] }
  /** Evaluated for the commands in it, its value unknown: arithmetic and the like. */
  | { kind: 'opaque'; body: Statement[] };

export type Word = Part[];

export interface Assignment {
  name: string;
  append: boolean;
  value: Word | Word[];
}

export type Redirect = { kind: 'read' | 'write' | 'append'; target: Word } | { kind: 'text'; text: Word };

/** A shell program reduced to what decides which commands run, with which words and which input. */
export type Statement =
  | { kind: 'simple'; assignments: Assignment[]; words: Word[]; redirects: Redirect[]; text: string }
  | { kind: 'pipeline'; stages: Statement[] }
  /**
   * Subshells, braces and every branch of a condition; `repeats` for `while` and `until`, which eat lines of input;
   * `isolated` for subshells, whose directory is their own.
   */
  | { kind: 'group'; body: Statement[]; redirects: Redirect[]; repeats: boolean; isolated: boolean }
  | { kind: 'loop'; variable: string; values: Word[]; body: Statement[]; redirects: Redirect[] }
  | { kind: 'function'; name: string; body: Statement[] };

export type SimpleStatement = Extract<Statement, { kind: 'simple' }>;

/** A program as read. `whole` is false when some of it fitted no grammar and was read by the rough splitter. */
export interface ShellProgram {
  statements: Statement[];
  whole: boolean;
}

export function textWord(text: string): Word {
  return [{ kind: 'text', text, quoted: true }];
}
