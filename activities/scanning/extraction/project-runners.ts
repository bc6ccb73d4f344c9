import { type InnerProgram, optionValue, type RunnerOf, shellPrograms } from './inner-program.ts';
import type { ShellSession } from './shell-session.ts';
import { onlyLooksAtSources, onlyPrintsRecipes } from './syntax-checks.ts';

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

export const compiledRun: RunnerOf = (args, _input, session) =>
  (onlyLooksAtSources(args) ? [] : args)
    .filter((arg) => /\.(?:go|rs|java|c|cc|cpp)$/.test(arg))
    .flatMap((arg): InnerProgram[] => {
      const code = session.read(arg);
      return code === undefined ? [] : [{ kind: 'code', language: 'compiled', code }];
    });

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
  if (text === undefined) return undefined;
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
