import { nameTable } from '../../../schemas/name-table.ts';
import { posix } from 'node:path';
import { shownByEditor } from './editor-commands.ts';
import { type InnerProgram, type Language, optionValue, type RunnerOf, shellProgram, shellPrograms } from './inner-program.ts';
import { fdCommand, findCommands, parallelCommand, xargsCommand } from './item-runners.ts';
import { awkProgram, compiledRun, evaluated, makeRecipes, packageScript, projectRun, testRunner } from './project-runners.ts';
import { dynamicText } from './shell-syntax.ts';
import { programName } from './program-name.ts';
import type { ShellSession } from './shell-session.ts';
import { decodedCommand, posixProgram } from './windows-shell.ts';
import { multiplexer } from './multiplexer.ts';
import { onlyChecks, onlyReadsShell } from './syntax-checks.ts';
import { wrappedCommand } from './wrappers.ts';

const shells = /^(?:r?bash|sh|dash|zsh|ksh|mksh|ash|fish|busybox\.sh)$/;
const interpreters: [pattern: RegExp, language: Language, codeOptions: string[]][] = [
  [/^(?:python|pypy|ipython|pythonw)[\d.]*$/, 'python', ['-c']],
  [/^(?:node|nodejs|bun|deno|tsx|ts-node)$/, 'javascript', ['-e', '-p', '-pe', '--eval', '--print', 'eval']],
  [/^(?:ruby|jruby)[\d.]*$/, 'ruby', ['-e', '-ne', '-pe', '-ane', '-lne', '-lane']],
  [/^perl[\d.]*$/, 'perl', ['-e', '-E', '-ne', '-pe', '-le', '-nle', '-lne', '-ane', '-lane', '-wle', '-we', '-ple', '-i', '-0777']],
  [/^php[\d.]*$/, 'php', ['-r', '--run']],
  [/^(?:lua|luajit)[\d.]*$/, 'lua', ['-e']],
  [/^(?:tclsh|expect|wish)[\d.]*$/, 'tcl', ['-c']],
];
const extensions: Record<string, Language> = nameTable({
  '.py': 'python',
  '.js': 'javascript',
  '.mjs': 'javascript',
  '.cjs': 'javascript',
  '.ts': 'javascript',
  '.rb': 'ruby',
  '.pl': 'perl',
  '.php': 'php',
  '.lua': 'lua',
  '.awk': 'awk',
  '.tcl': 'tcl',
  '.exp': 'tcl',
  ...Object.fromEntries(
    '.go .rs .java .kt .kts .scala .groovy .cs .csx .fs .swift .hs .c .cc .cpp .f90 .exs .ex .clj .erl .R .r .jl .dart .ml .nim .zig .cr'
      .split(' ')
      .map((ending): [string, Language] => [ending, 'compiled']),
  ),
});

/** The programs that a command runs; `input` is its standard input, undefined when unknown or none. */
export function innerPrograms(argv: string[], input: string | undefined, piped: boolean, session: ShellSession): InnerProgram[] {
  const [word = '', ...args] = argv;
  const program = programName(word, session);
  if (shells.test(program)) return shellRun(args, input, piped, session);
  const interpreter = interpreters.find(([pattern]) => pattern.test(program));
  if (interpreter !== undefined) return interpreted(interpreter[1], interpreter[2], args, input, session);
  const special = runnersByProgram[program]?.(args, input, session);
  if (special !== undefined) return special;
  const inner = wrappedCommand(program, args);
  if (inner !== undefined && inner.length > 0) return [{ kind: 'command', argv: inner }];
  const own = word.includes('/') || session.wrote(word) ? session.read(word) : undefined;
  return own === undefined ? [] : [scriptProgram(word, own, args)];
}

/** A file that is run: its first line or its name says by what. */
function scriptProgram(path: string, text: string, args: string[]): InnerProgram {
  const shebang = /^#!\s*(\S+)(?:\s+(?:-\S+\s+)*(\S+))?/.exec(text);
  const name = posix.basename((shebang?.[1] ?? '').endsWith('env') ? (shebang?.[2] ?? '') : (shebang?.[1] ?? ''));
  const language =
    interpreters.find(([pattern]) => pattern.test(name))?.[1] ?? (shebang === null ? extensions[posix.extname(path)] : undefined);
  return language === undefined ? { kind: 'shell', source: text, args: [path, ...args] } : { kind: 'code', language, code: text };
}

function shellRun(args: string[], input: string | undefined, piped: boolean, session: ShellSession): InnerProgram[] {
  if (onlyReadsShell(args)) return [];
  for (let at = 0; at < args.length; at += 1) {
    const arg = args[at] ?? '';
    if (arg === '-c' || /^-[a-zA-Z]*c[a-zA-Z]*$/.test(arg)) {
      const place = args.findIndex((word, index) => index > at && !/^-[a-z]+$/.test(word));
      const source = args[place];
      return source === undefined ? [] : [shellProgram(source, args.slice(place + 1))];
    }
    if (arg === '-o' || arg === '-O' || arg === '--rcfile' || arg === '--init-file') at += 1;
    else if (!/^[-+]./.test(arg) && arg !== '-') {
      const text = session.read(arg);
      if (text !== undefined) return [scriptProgram(arg.replace(/\.\w+$/, ''), text.replace(/^#!.*/, ''), args.slice(at + 1))];
      return arg.includes(dynamicText) ? [{ kind: 'unknown' }] : [];
    }
  }
  if (input !== undefined) return [{ kind: 'shell', source: input, args: [] }];
  return piped ? [{ kind: 'unknown' }] : [];
}

function interpreted(
  language: Language,
  codeOptions: string[],
  args: string[],
  input: string | undefined,
  session: ShellSession,
): InnerProgram[] {
  const out: InnerProgram[] = [];
  if (onlyChecks(language, args)) return out;
  for (let at = 0; at < args.length; at += 1) {
    const arg = args[at] ?? '';
    // `deno eval` takes options before the code.
    const next = arg === 'eval' ? args.slice(at + 1).find((word) => !word.startsWith('-')) : args[at + 1];
    if (codeOptions.includes(arg) && next !== undefined) {
      out.push({ kind: 'code', language, code: next });
      if (language !== 'perl' && language !== 'ruby') return out;
      at += 1;
    } else if (language === 'python' && /^-[A-Za-z]*c./.test(arg) && !arg.startsWith('--')) {
      return [{ kind: 'code', language, code: arg.slice(arg.indexOf('c') + 1) }];
    } else if (language === 'python' && (arg === '-m' || arg === '-um' || arg === '-Im')) {
      return [...out, ...moduleProgram(next ?? '', args.slice(at + 2), session)];
    } else if (language === 'python' && /^-[WX]$/.test(arg)) {
      at += 1;
    } else if (!arg.startsWith('-')) {
      if (arg === 'run') continue;
      const text = session.read(arg);
      return text === undefined ? out : [...out, { kind: 'code', language, code: text }];
    }
  }
  if (out.length === 0 && input !== undefined) out.push({ kind: 'code', language, code: input });
  return out;
}

function moduleProgram(module: string, args: string[], session: ShellSession): InnerProgram[] {
  if (/^(?:pytest|unittest|pip|pip3|twine|git|coverage|tox|nox)$/.test(module)) return [{ kind: 'command', argv: [module, ...args] }];
  if (/^(?:timeit|cProfile|trace|pdb|runpy)$/.test(module)) {
    return args
      .filter((arg) => !arg.startsWith('-'))
      .map((arg): InnerProgram => ({ kind: 'code', language: 'python', code: session.read(arg) ?? arg }));
  }
  const text = session.read(`${module.replaceAll('.', '/')}.py`) ?? session.read(`${module.replaceAll('.', '/')}/__main__.py`);
  return text === undefined ? [] : [{ kind: 'code', language: 'python', code: text }];
}

const commandOption: RunnerOf = (args) => {
  const source = optionValue(args, '-c', '--command', ...args.filter((arg) => /^-[a-z]+c$/.test(arg)));
  return source === undefined ? undefined : shellPrograms(source);
};

const fromInput: RunnerOf = (args, input, session) =>
  shellPrograms(input ?? args.map((arg) => session.read(arg)).find((text) => text !== undefined));

const editor: RunnerOf = (args) =>
  args.flatMap((arg, index) => {
    const command = /^(?:-c|--cmd|-ex|--ex|-eval-command)$/.test(args[index - 1] ?? '') ? arg : arg.startsWith('+') ? arg.slice(1) : '';
    if (command === '') return [];
    return shellPrograms(/^:?\s*shell (.*)/s.exec(command)?.[1] ?? shownByEditor(command));
  });

/** What `powershell` runs: the words behind `-Command`, or all that is no option. */
const powerShell: RunnerOf = (args, input, session) => {
  const encoded = optionOf(args, /^-e(?:c|nc|ncodedcommand)?$/i);
  if (encoded !== undefined) return shellPrograms(posixProgram(decodedCommand(encoded)));
  const file = optionOf(args, /^-f(?:ile)?$/i);
  if (file !== undefined) return shellPrograms(posixProgram(session.read(file) ?? ''));
  const at = args.findIndex((arg) => /^-c(?:ommand)?$/i.test(arg));
  const words = at === -1 ? args.filter((arg) => !arg.startsWith('-')) : args.slice(at + 1);
  return shellPrograms(posixProgram(words.length === 0 || words[0] === '-' ? (input ?? '') : words.join(' ')));
};

const windowsCommand: RunnerOf = (args) => {
  const at = args.findIndex((arg) => /^\/\/?[ck]$/i.test(arg));
  return at === -1 ? [] : shellPrograms(posixProgram(args.slice(at + 1).join(' ')));
};

function optionOf(args: string[], name: RegExp): string | undefined {
  const at = args.findIndex((arg) => name.test(arg));
  return at === -1 ? undefined : args[at + 1];
}

const runnersByProgram: Record<string, RunnerOf> = nameTable({
  powershell: powerShell,
  pwsh: powerShell,
  cmd: windowsCommand,
  eval: (args) => shellPrograms(args.join(' ')),
  env: (args) => {
    const split = optionValue(args, '-S', '--split-string') ?? args.find((arg) => /^-\w*S./.test(arg))?.replace(/^-\w*?S/, '');
    return split === undefined ? undefined : shellPrograms(split);
  },
  trap: (args) => shellPrograms(args[0]?.startsWith('-') === true ? args[1] : args[0]),
  su: commandOption,
  runuser: commandOption,
  script: commandOption,
  flock: commandOption,
  newgrp: commandOption,
  sg: commandOption,
  watch: (args) => {
    const rest = wrappedCommand('watch', args) ?? [];
    return rest.length === 1 ? shellPrograms(rest[0]) : undefined;
  },
  ssh: (args) => {
    const host = args.findIndex((arg, index) => !arg.startsWith('-') && !/^-[bcDEeFIiJLlmOopQRSWw]$/.test(args[index - 1] ?? ''));
    return host === -1 ? [] : shellPrograms(args.slice(host + 1).join(' '));
  },
  xargs: xargsCommand,
  parallel: parallelCommand,
  find: findCommands,
  fd: fdCommand,
  fdfind: fdCommand,
  awk: awkProgram,
  gawk: awkProgram,
  mawk: awkProgram,
  nawk: awkProgram,
  sed: (args) => {
    const runs = args.flatMap((arg) => [...arg.matchAll(/(?:^|[;\n\d$])e\s+([^\n]+)/g)].map((match) => match[1] ?? ''));
    return runs.length === 0 ? undefined : runs.flatMap((run) => shellPrograms(run));
  },
  vim: editor,
  vi: editor,
  nvim: editor,
  ex: editor,
  view: editor,
  gdb: editor,
  tmux: multiplexer,
  screen: multiplexer,
  at: fromInput,
  batch: fromInput,
  crontab: (args, input, session) => {
    const text = input ?? args.map((arg) => session.read(arg)).find((content) => content !== undefined);
    return shellPrograms(text?.replace(/^(?:\S+\s+){5}|^@\w+\s+/gm, ''));
  },
  make: makeRecipes,
  gmake: makeRecipes,
  npm: packageScript,
  pnpm: packageScript,
  yarn: packageScript,
  bun: packageScript,
  npx: (args) => {
    const source = optionValue(args, '-c', '--call');
    if (source !== undefined) return shellPrograms(source);
    const at = args.findIndex((arg) => !arg.startsWith('-'));
    return at === -1 ? undefined : [{ kind: 'command', argv: args.slice(at) }];
  },
  pytest: testRunner,
  unittest: testRunner,
  'py.test': testRunner,
  ...Object.fromEntries(
    'gcc cc g++ c++ clang clang++ tcc rustc java javac kotlinc kotlin scalac csc fsc runhaskell runghc gfortran swiftc nim ocamlopt dmd gccgo crystal zig'
      .split(' ')
      .map((name) => [name, compiledRun]),
  ),
  go: projectRun(/\.go$/, /^(?:run|test|build|generate|install)\b/),
  cargo: projectRun(/\.rs$/, /^(?:run|test|build|bench|nextest|check|r|t|b)\b/),
  mvn: projectRun(/\.(?:java|kt|scala|groovy)$/, /test|verify|install|package|exec|compile/),
  mvnw: projectRun(/\.(?:java|kt|scala|groovy)$/, /test|verify|install|package|exec|compile/),
  gradle: projectRun(/\.(?:java|kts?|scala|groovy|gradle)$/, /./),
  gradlew: projectRun(/\.(?:java|kts?|scala|groovy|gradle)$/, /./),
  sbt: projectRun(/\.(?:scala|java|sbt)$/, /./),
  ant: projectRun(/\.java$/, /^/),
  dotnet: projectRun(/\.(?:cs|fs|csx)$/, /^(?:run|test|build|script|exec)\b/),
  cmake: projectRun(/\.(?:c|cc|cpp|cxx)$/, /^/),
  ninja: projectRun(/\.(?:c|cc|cpp|cxx)$/, /^/),
  swift: projectRun(/\.swift$/, /^(?:run|test|build)\b/),
  stack: projectRun(/\.hs$/, /^(?:run|test|build|exec|runghc)\b/),
  cabal: projectRun(/\.hs$/, /^(?:run|test|build|exec|v2-\w+)\b/),
  mix: projectRun(/\.exs?$/, /^(?:test|run|compile)\b/),
  dart: projectRun(/\.dart$/, /^(?:run|test)\b/),
  flutter: projectRun(/\.dart$/, /^(?:run|test)\b/),
  jest: projectRun(/\.(?:test|spec)\.[cm]?[jt]sx?$|jest\.(?:config|setup)\.[cm]?[jt]s$/, /^/, 'javascript'),
  vitest: projectRun(/\.(?:test|spec)\.[cm]?[jt]sx?$|vite(?:st)?\.config\.[cm]?[jt]s$/, /^/, 'javascript'),
  mocha: projectRun(/\.[cm]?[jt]sx?$/, /^/, 'javascript'),
  ava: projectRun(/\.(?:test|spec)\.[cm]?[jt]sx?$/, /^/, 'javascript'),
  rspec: projectRun(/_spec\.rb$|spec_helper\.rb$/, /^/, 'ruby'),
  rake: projectRun(/\.rake$|Rakefile$|_test\.rb$|test_\w+\.rb$/, /^/, 'ruby'),
  phpunit: projectRun(/\.php$/, /^/, 'php'),
  prove: projectRun(/\.(?:t|pl)$/, /^/, 'perl'),
  ghc: evaluated('-e'),
  Rscript: evaluated('-e'),
  R: evaluated('-e'),
  julia: evaluated('-e', '-E', '--eval'),
  elixir: evaluated('-e', '--eval'),
  erl: evaluated('-eval'),
  escript: evaluated('-e'),
  scala: evaluated('-e'),
  'scala-cli': evaluated('-e'),
  groovy: evaluated('-e'),
  jshell: evaluated('-e'),
  clojure: evaluated('-e', '--eval', '-M'),
  clj: evaluated('-e', '--eval'),
  bb: evaluated('-e'),
  ocaml: evaluated('-e'),
  octave: evaluated('--eval'),
  racket: evaluated('-e'),
  guile: evaluated('-c'),
  sbcl: evaluated('--eval'),
  emacs: evaluated('--eval', '-eval'),
  raku: evaluated('-e'),
  crystal: evaluated('eval'),
  swipl: evaluated('-g'),
});
