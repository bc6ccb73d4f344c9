import { type InnerProgram, optionValue, shellPrograms } from './inner-program.ts';
import { dynamicText } from './shell-syntax.ts';
import { wrappedCommand } from './wrappers.ts';

export function xargsCommand(args: string[], input: string | undefined): InnerProgram[] {
  const command = wrappedCommand('xargs', args) ?? [];
  if (command.length === 0) return [];
  // `-i` of the command, as in `xargs sed -i`, is none of its own.
  const options = args.slice(0, args.length - command.length);
  const marker =
    optionValue(options, '-I', '--replace') ??
    options.find((arg) => /^-I./.test(arg))?.slice(2) ??
    (options.includes('-i') ? '{}' : undefined);
  const items = input === undefined ? [dynamicText] : input.split(/[\s\0]+/).filter((item) => item !== '');
  const lines = input === undefined ? [dynamicText] : input.split(/[\n\0]/).filter((line) => line.trim() !== '');
  if (marker !== undefined) {
    return lines.slice(0, 24).map((line) => ({ kind: 'command', argv: command.map((word) => word.replaceAll(marker, line.trim())) }));
  }
  const each = Number(
    optionValue(options, '-n', '--max-args') ??
      options.find((arg) => /^-n\d/.test(arg))?.slice(2) ??
      (options.some((arg) => arg.startsWith('-L')) ? 1 : 0),
  );
  if (each !== 1) return [{ kind: 'command', argv: [...command, ...items.slice(0, 256)] }];
  return items.slice(0, 24).map((item) => ({ kind: 'command', argv: [...command, item] }));
}

export function parallelCommand(args: string[], input: string | undefined): InnerProgram[] {
  const rest = wrappedCommand('parallel', args) ?? [];
  const mark = rest.findIndex((arg) => /^:{3,4}/.test(arg));
  const template = (mark === -1 ? rest : rest.slice(0, mark)).join(' ');
  const items = mark === -1 ? (input ?? dynamicText).split('\n').filter((line) => line !== '') : rest.slice(mark + 1);
  if (template === '') return items.slice(0, 24).flatMap((item) => shellPrograms(item));
  return items
    .slice(0, 24)
    .flatMap((item) => shellPrograms(template.includes('{}') ? template.replaceAll('{}', item) : `${template} ${item}`));
}

export function findCommands(args: string[]): InnerProgram[] {
  const out: InnerProgram[] = [];
  for (let at = 0; at < args.length; at += 1) {
    if (!/^-(?:exec|execdir|ok|okdir)$/.test(args[at] ?? '')) continue;
    const end = args.findIndex((arg, index) => index > at && (arg === ';' || arg === '+'));
    const argv = args.slice(at + 1, end === -1 ? args.length : end);
    const root = args[0]?.startsWith('-') === false ? args[0] : '.';
    const name = args[args.findIndex((arg) => /^-i?name$/.test(arg)) + 1];
    // Of a search of the whole machine only the name is known.
    const found = `${root === '/' ? dynamicText : root}/${name === undefined || name === args[0] ? dynamicText : name}`;
    if (argv.length > 0) out.push({ kind: 'command', argv: argv.map((word) => word.replaceAll('{}', found)) });
    at = end === -1 ? args.length : end;
  }
  return out;
}

export function fdCommand(args: string[]): InnerProgram[] {
  const at = args.findIndex((arg) => /^(?:-x|-X|--exec|--exec-batch)$/.test(arg));
  if (at === -1 || at === args.length - 1) return [];
  const argv = args.slice(at + 1);
  // What is found takes the braces' place, or stands last; all of it lies in the folder that is searched.
  const found = `${args.slice(0, at).findLast((arg) => /^[~/.]/.test(arg)) ?? '.'}/${dynamicText}`.replace('//', '/');
  const filled = argv.map((arg) => arg.replace('{}', found));
  return [{ kind: 'command', argv: argv.some((arg) => arg.includes('{}')) ? filled : [...argv, found] }];
}
