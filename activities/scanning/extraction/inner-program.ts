import { dynamicText } from './shell-syntax.ts';
import type { ShellSession } from './shell-session.ts';

/** What a command runs inside itself. */
export type InnerProgram =
  | { kind: 'command'; argv: string[] }
  /** `args` are `$0` and what follows it. */
  | { kind: 'shell'; source: string; args: string[] }
  | { kind: 'code'; language: Language; code: string }
  /** Something that only the running shell knows. */
  | { kind: 'unknown' };

export type Language = 'python' | 'javascript' | 'ruby' | 'perl' | 'php' | 'lua' | 'awk' | 'tcl' | 'compiled';

/** What a program runs, by its arguments and what is known of its input; undefined where it is a program like any other. */
export type RunnerOf = (args: string[], input: string | undefined, session: ShellSession) => InnerProgram[] | undefined;

/** Shell text that a command runs; `args` are `$0` and what follows it. */
export function shellProgram(source: string, args: string[] = []): InnerProgram {
  return source === dynamicText ? { kind: 'unknown' } : { kind: 'shell', source, args };
}

export function shellPrograms(source: string | undefined): InnerProgram[] {
  return source === undefined || source.trim() === '' ? [] : [shellProgram(source)];
}

/** The value of an option, as the next word or behind `=`. */
export function optionValue(args: string[], ...names: string[]): string | undefined {
  const at = args.findIndex((arg) => names.includes(arg));
  if (at !== -1) return args[at + 1];
  const joined = args.find((arg) => names.some((name) => name.startsWith('--') && arg.startsWith(`${name}=`)));
  return joined?.slice(joined.indexOf('=') + 1);
}
