import { stripVTControlCharacters } from 'node:util';

/** What a line says stands at its beginning. */
const longestLine = 2_000;

/** Whole lines that a harness or its tool adds. */
const added = [
  /^\[(?:The command|Command|Current working directory|Python interpreter|Below is|Previous|Your command|Process|Exit code|exit status|no output|Jupyter|Code executed|Terminal|Shell|Output|stdout|stderr|Finished|Completed|Execution|Session|Background|Tool|File:|status)[^\n]*\]$/i,
  /^<\/?(?:returncode|output|warning|exception|stdout|stderr|exit_code|exitcode|system|system-reminder|result|tool_response|response|observation|elided_chars|output_head|output_tail|bash-stdout|bash-stderr|function_results?|tool_result)>$/i,
  /^<(returncode|exit_code|exitcode)>\s*-?\d*\s*<\/\1>$/i,
  /^<(system|stdout|stderr|output|bash-stdout|bash-stderr|result|error)>\s*(?:Tool ran without output(?: or errors)?|\(?no output\)?|)\s*<\/\1>$/i,
  /^[([<]?[^.:\n]{0,70}\b(?:no|without(?: any)?|not produce(?: any)?)\s+output\b[^\n]{0,30}$/i,
  /^(?:[([<]?no (?:output|stdout|stderr|result)s?[)\]>]?\.?|[([<]empty(?: output)?[)\]>]|<no value>)$/i,
  /^(?:Your |The )?(?:bash )?(?:command|code|script|tool|process)\b[^.:\n]{0,30}\b(?:ran|run|executed|completed|finished|succeeded|exited)\b(?: successfully)?(?: with (?:exit )?(?:code|status):? ?-?\d+| in [\d.]+ ?m?s(?:econds)?)?[.!]?$/i,
  /^(?:exit[ _-]?(?:code|status)|return ?code|wall time|duration|elapsed|total output lines|original token count|chunk id|signal|background pids|process group pgid|directory|command|cwd|working directory|pid|status|error|stderr|stdout|output|result|observation|execution logs?|last output from code snippet|command output|new terminal output|current terminal (?:state|screen))\s*[:=]\s*(?:-?[\d.]+ ?(?:s|ms|seconds)?|\((?:empty|none|root)\)|0x[0-9a-f]+|success|ok|completed|finished|none|null|)$/i,
  /^(?:command|directory|cwd|working directory|chunk id):\s.*$/i,
  /^\((?:Open file|Current directory|Interactive session)[^\n]*\)$/i,
  /^(?:OBSERVATION|Observation|Success|Done|OK|Command completed|Command executed|Process exited)\.?:?$/,
  /^Process exited with code -?\d+$/i,
  /^(?:Command executed in terminal.*Exit code: -?\d+|EXIT_CODE=\d+|EXIT: ?\d+|rc[=: ]\d+)$/i,
  /^`{3,}\w*$/,
];

/** A prompt of a shell with whatever was typed behind it. */
const prompts = [
  /^(?:\([\w.-]+\)\s*)*[\w.-]+@[\w.-]+[: ][^\n$#%>]*[$#%](?:\s.*)?$/,
  /^(?:bash|sh|zsh|dash)(?:-[\d.]+)?[-#$%>]+\s*[$#]?(?:\s.*)?$/,
  /^\[[\w.-]+@[\w.-]+ [^\]\n]*\][$#%](?:\s.*)?$/,
  /^(?:\/[\w./-]*|~[\w./-]*)\s?[$#%>](?:\s.*)?$/,
  /^(?:[$%]|>>>|\.\.\.|In \[\d+\]:|Out\[\d+\]:)(?:\s.*)?$/,
  /^#$/,
];

/** What a tool printed, without escapes and without the lines that harness and shell add; results as JSON are unwrapped. */
export function parsedOutput(observation: string): string {
  const text = stripVTControlCharacters(unwrapped(observation)).replaceAll('\r\n', '\n');
  return text
    .split('\n')
    .map((line) =>
      line
        .slice(line.lastIndexOf('\r') + 1)
        .slice(0, longestLine)
        .replace(/^\s*<(?:output|stdout|result|bash-stdout)>(?=.)|(?<=.)<\/(?:output|stdout|result|bash-stdout)>\s*$/g, ''),
    )
    .filter((line) => {
      const plain = line.trim();
      return !added.some((pattern) => pattern.test(plain)) && !prompts.some((pattern) => pattern.test(plain));
    })
    .join('\n')
    .replace(/^\s*(?:OBSERVATION|Observation|Output|Stdout):[ \t]*/, '');
}

/** Results that are an object: what the program printed on both its channels. */
function unwrapped(text: string): string {
  if (!/^\s*\{/.test(text) || !/"(?:output|stdout|stderr|exit_?code|returncode)"/i.test(text.slice(0, 100_000))) return text;
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null) return text;
    const channels = Object.entries(value).flatMap(([name, held]) =>
      /^(?:output|stdout|stderr|error|result|content|text)$/i.test(name) && typeof held === 'string' ? [held] : [],
    );
    return channels.join('\n');
  } catch {
    return text;
  }
}
