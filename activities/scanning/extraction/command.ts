/** One simple command with its words resolved: what would be given to `exec`, and where it came from. */
export interface Command {
  /** The program and its arguments; what only the running shell knows stands as `dynamicText` in them. */
  argv: string[];
  /** As written, or as close to it as nesting allows. */
  text: string;
  /** Where it runs; empty while unknown. */
  directory: string;
  /** What ran it, outermost first: `sh -c`, `xargs`, `python`, the name of a script… */
  via: string[];
  /** Git's environment variables given to it. */
  environment: Readonly<Record<string, string>>;
  /** Files whose content is its input by redirection. */
  inputs: string[];
  /** The text of its standard input, where that is known. */
  fed?: string | undefined;
}
