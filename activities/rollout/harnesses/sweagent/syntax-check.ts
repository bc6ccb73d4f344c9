import { quote } from '../../../../platform/quote.ts';
import { sha256Of } from '../../value-hash.ts';

/** Asks the container's own shell to read a command without running it. */
export interface SyntaxCheck {
  command: string;
  /** What the shell has against the syntax, by the output of the check; null when nothing. */
  complaint: (output: string) => string | null;
}

/**
 * The check reads in a subshell of the agent's own shell, so that options (`extglob`), aliases and the kind of shell are those
 * under which the command would run. It leaves the exit status of the command before as it was, except where the agent said
 * `set -e`: there a failure would end the shell.
 */
export function syntaxCheck(command: string): SyntaxCheck {
  const mark = sha256Of(command).slice(0, 16);
  // A command that turns the patterns on by itself may use them in its later lines, and none of it runs here.
  const options = /\bextglob\b/.test(command) ? 'command shopt -s extglob 2>/dev/null; ' : '';
  return {
    command: [
      `{ __tm_p=$?; command echo check_${mark}`,
      // The first line of what is read stops everything behind it from being carried out.
      `( { command set +xv; } 2>/dev/null; ${options}command eval ${quote(`command set -n\n${command}\n`)}; ) 2>&1 || command echo refused_${mark}`,
      'case $- in *e*) ;; *) __tm_q "$__tm_p" ;; esac; } 2>/dev/null',
    ].join('\n'),
    complaint(output) {
      // A shell that traces what it runs prints the check as well; none of those lines is a mark and nothing else.
      const lines = output.split('\n');
      const end = lines.lastIndexOf(`refused_${mark}`);
      return end === -1 ? null : shown(lines.slice(lines.lastIndexOf(`check_${mark}`) + 1, end).join('\n'));
    },
  };
}

/** The shell's words, with the lines counted as in the command: those of the check stand before it. */
function shown(complaint: string): string {
  return complaint
    .replaceAll(/^(\w+: )(?:eval: )?line (\d+): /gm, (_all, shell: string, line: string) => `${shell}line ${Number(line) - 2}: `)
    .replaceAll(/^(\w+: )(\d+): eval: /gm, (_all, shell: string, line: string) => `${shell}line ${Number(line) - 1}: `);
}
