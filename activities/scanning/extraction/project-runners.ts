import { type InnerProgram, type Language, optionValue, type RunnerOf, shellPrograms } from './inner-program.ts';
import type { ShellSession } from './shell-session.ts';
import { onlyLooksAtSources, onlyPrintsRecipes } from './syntax-checks.ts';
import { globSource } from './words.ts';

export const testRunner: RunnerOf = (args, _input, session) => {
  const named = args.map((arg) => arg.replace(/::.*/, '')).filter((arg) => arg.endsWith('.py'));
  const paths = [...named, 'conftest.py'];
  return paths.flatMap((path): InnerProgram[] => {
    const code = session.read(path);
    return code === undefined ? [] : [{ kind: 'code', language: 'python', code }];
  });
};

export const packageScript: RunnerOf = (args, _input, session) => {
  const words = args.filter((arg) => !arg.startsWith('-'));
  if (words[0] === 'exec' || words[0] === 'x')
    return words.length > 1 ? [{ kind: 'command', argv: args.slice(args.indexOf(words[1] ?? '')) }] : [];
  const script = words[0] === 'run' || words[0] === 'run-script' ? words[1] : words[0];
  const manifest = session.read('package.json');
  if (script === undefined || manifest === undefined) return undefined;
  const source = new RegExp(`"${script.replace(/[^\w:.-]/g, '')}"\\s*:\\s*"((?:[^"\\\\]|\\\\.)*)"`).exec(manifest)?.[1];
  return source === undefined ? undefined : shellPrograms(source.replace(/\\(["\\/])/g, '$1'));
};

const sources =
  /\.(?:go|rs|java|kts?|scala|groovy|cs|fs|swift|hs|c|cc|cpp|cxx|h|hpp|m|f90|f95|f|exs?|clj|erl|R|r|jl|dart|ml|nim|zig|cr|pas|d|v)$/;

/** A compiler, or a program that compiles and runs: the sources that it is given, by name or by pattern. */
export const compiledRun: RunnerOf = (args, _input, session) =>
  (onlyLooksAtSources(args) ? [] : args).flatMap((arg): InnerProgram[] => {
    if (/[*?]/.test(arg)) {
      const pattern = new RegExp(`(?:^|/)${globSource(arg.replace(/^\.\//, ''), false)}$`);
      return [...session.filesNamed(sources)].filter(([path]) => pattern.test(path)).map(([, code]) => compiled(code));
    }
    if (!sources.test(arg)) return [];
    const code = session.read(arg);
    return code === undefined ? [] : [compiled(code)];
  });

/** A tool that builds, runs or tests a whole project: every source of its languages that the agent wrote. */
export function projectRun(names: RegExp, verbs: RegExp, language: Language = 'compiled'): RunnerOf {
  return (args, input, session) => {
    const named = language === 'compiled' ? compiledRun(args, input, session) : undefined;
    if (named !== undefined && named.length > 0) return named;
    if (!verbs.test(args.filter((arg) => !arg.startsWith('-')).join(' '))) return undefined;
    const found = [...session.filesNamed(names)].slice(0, 40).map(([, code]): InnerProgram => ({ kind: 'code', language, code }));
    return found.length === 0 ? undefined : found;
  };
}

/** `-e PROGRAM` of languages without a grammar, else the file that they run. */
export function evaluated(...options: string[]): RunnerOf {
  return (args, input, session) => {
    const code = optionValue(args, ...options);
    if (code !== undefined) return [compiled(code)];
    const file = args.map((arg) => (arg.startsWith('-') ? undefined : session.read(arg))).find((text) => text !== undefined);
    const text = file ?? input;
    return text === undefined ? undefined : [compiled(text)];
  };
}

function compiled(code: string): InnerProgram {
  return { kind: 'code', language: 'compiled', code };
}

export function awkProgram(args: string[], _input: string | undefined, session: ShellSession): InnerProgram[] {
  const file = optionValue(args, '-f');
  const code =
    file === undefined ? args.find((arg, index) => !arg.startsWith('-') && !/^-[vF]$/.test(args[index - 1] ?? '')) : session.read(file);
  return code === undefined ? [] : [{ kind: 'code', language: 'awk', code }];
}

/** The recipes of a makefile that the agent wrote. Which target runs is not worked out: all may. */
export function makeRecipes(args: string[], input: string | undefined, session: ShellSession): InnerProgram[] | undefined {
  const named = optionValue(args, '-f', '--file', '--makefile');
  const names = named === undefined ? ['GNUmakefile', 'makefile', 'Makefile'] : [named];
  const evaluated = optionValue(args, '--eval');
  const text = named === '-' ? input : (evaluated ?? names.map((name) => session.read(name)).find((content) => content !== undefined));
  if (text === undefined) return implicitRules(args, session);
  const variables = new Map([...text.matchAll(/^(\w+)\s*[:?]?=\s*(.*)$/gm)].map((match) => [match[1] ?? '', match[2] ?? '']));
  const expand = (line: string) =>
    line.replace(/\$[({](\w+)[)}]/g, (whole, name: string) => variables.get(name) ?? whole).replaceAll('$$', '$');
  // A dry run still runs what the makefile asks the shell for while it is read.
  const pattern = onlyPrintsRecipes(args)
    ? /^\t[@-]*\+(.*(?:\\\n.*)*)|^[^\t\n#=]*:[^=\n]*;\s*\+(.*)|\$\(shell ([^)]*)\)/gm
    : /^\t[@+-]*(.*(?:\\\n.*)*)|^[^\t\n#=]*:[^=\n]*;(.*)|\$\(shell ([^)]*)\)/gm;
  const recipes = [...text.matchAll(pattern)];
  return shellPrograms(recipes.map((match) => expand(match[1] ?? match[2] ?? match[3] ?? '')).join('\n'));
}

/** Without a makefile, `make a` compiles `a.c`. */
function implicitRules(args: string[], session: ShellSession): InnerProgram[] | undefined {
  const found = args.flatMap((arg) =>
    ['.c', '.cc', '.cpp', '.f', '.p'].map((ending) => session.read(`${arg}${ending}`)).filter((text) => text !== undefined),
  );
  return found.length === 0 ? undefined : found.map(compiled);
}
