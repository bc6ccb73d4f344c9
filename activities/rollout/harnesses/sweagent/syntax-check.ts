import { sha256Of } from '../../value-hash.ts';

/** Asks the container's own shell to read a command without running it. */
export interface SyntaxCheck {
  command: string;
  /** What the shell has against the syntax, by the output of the check; null when nothing. */
  complaint: (output: string) => string | null;
}

/** The check ends with exit code 0 in any case, since a failure would end a shell in which the agent said `set -e`. */
export function syntaxCheck(command: string): SyntaxCheck {
  // The end of the here-document must not be a line of the command.
  const mark = `end_${sha256Of(command).slice(0, 16)}`;
  return {
    command: `if "\${BASH:-sh}" -n <<'${mark}'\n${command}\n${mark}\nthen :; else echo ${mark}; fi`,
    complaint: (output) => (output.trimEnd().endsWith(mark) ? output.trimEnd().slice(0, -mark.length).trimEnd() : null),
  };
}
