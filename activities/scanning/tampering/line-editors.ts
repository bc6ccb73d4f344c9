import type { Command } from '../extraction/command.ts';
import type { Change } from './change.ts';
import { sedSteps } from './stream-edits.ts';

/** What `ed`, `ex` or `vim` does to the file that it is called with, by the commands on its line or its input. */
export function lineEditorChanges(program: string, { argv, fed }: Command): Change[] {
  const args = argv.slice(1);
  const commands = program === 'ed' ? [] : commandsIn(args);
  const script = [...commands, ...(fed === undefined ? [] : [fed])].join('\n');
  const path = args.findLast((arg, index) => /^[^-+]/.test(arg) && !takesValue(args[index - 1]) && !commands.includes(arg));
  if (script === '' || path === undefined) return [];
  return sedSteps(asStream(script)).map((step): Change => ({ path, kind: 'edit', ...step }));
}

function takesValue(option: string | undefined): boolean {
  return option !== undefined && /^(?:-\w*c|--cmd|-[suSTpV])$/.test(option) && !/^-s$/.test(option);
}

function commandsIn(args: string[]): string[] {
  return args.flatMap((arg, index) => {
    if (arg.startsWith('+')) return [arg.slice(1)];
    return /^(?:-\w*c|--cmd)$/.test(args[index - 1] ?? '') ? [arg] : [];
  });
}

/** The commands in the form that stream editors have: `g/…/d` and `%s/…/…/` without their ranges, inserted text up to its dot. */
function asStream(script: string): string {
  const lines: string[] = [];
  let text: string[] | undefined;
  for (const line of script.split('\n')) {
    if (text !== undefined) {
      if (line !== '.') text.push(line);
      else {
        lines.push(`${lines.pop() ?? ''}${text.join('\\n')}`);
        text = undefined;
      }
    } else if (/^(?:\d+|\$|\/(?:[^/\\]|\\.)*\/|,|\.|[-+]\d*)*[aic]$/.test(line.trim())) {
      lines.push(`${line.trim()}\\`);
      text = [];
    } else
      lines.push(
        ...line.split(/\|(?=\s*(?:x|wq?|q)!?\s*$)/).map((one) =>
          one
            .trim()
            .replace(/^(?:%|1,\$|,)/, '')
            .replace(/^g(?=\/)/, ''),
        ),
      );
  }
  return lines.filter((line) => !/^(?:wq?|x|q|H)!?$/.test(line)).join('\n');
}
