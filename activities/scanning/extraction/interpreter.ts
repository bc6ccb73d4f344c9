import { quote } from '../../../platform/quote.ts';
import type { Command } from './command.ts';
import { aliasBySetting, aliasesInFile, type GitCommand, gitAlias, parseGit, programsRunByGit } from './git-command.ts';
import { exportedGitVariables, noteRepositories } from './git-effects.ts';
import { filesNamed, nameBehindPattern, showsFiles } from './hidden-names.ts';
import type { InnerProgram, Language } from './inner-program.ts';
import { innerPrograms } from './inner-programs.ts';
import { knownOutput } from './known-output.ts';
import { commandsInCode } from './other-languages.ts';
import { isUnknown, programName } from './program-name.ts';
import type { CodeRun } from './code-run.ts';
import { commandsInPython } from './python-program.ts';
import type { PythonState } from './python-state.ts';
import { readRoughly } from './plain-commands.ts';
import { readShell } from './read-shell.ts';
import { roughRuns } from './rough-code.ts';
import { tellingCommands } from './rough-windows.ts';
import { runBuiltin } from './builtins.ts';
import { type Assignment, dynamicText, type Redirect, type SimpleStatement, type Statement, type Word } from './shell-syntax.ts';
import type { ShellSession } from './shell-session.ts';
import { expandToText, expandWord } from './words.ts';

const deepestNesting = 24;
const mostSteps = 6_000;
const mostRounds = 24;
const mostSource = 2_000_000;

/** Variables whose value a shell or git runs as a program. */
const runVariables =
  /^(?:PROMPT_COMMAND|GIT_PAGER|GIT_EDITOR|GIT_SSH_COMMAND|GIT_EXTERNAL_DIFF|GIT_SEQUENCE_EDITOR|PAGER|EDITOR|BASH_ENV)$/;

/** Where the interpreter reports to. */
export interface Sink {
  command(command: Command): void;
  /** Text that no grammar could read, or that runs but cannot be known. */
  unparsed(text: string): void;
}

interface Place {
  depth: number;
  via: string[];
  /** The enclosing command as written, for words that have no text of their own. */
  text: string;
  environment: Readonly<Record<string, string>>;
  /** Standard input as far as known; `piped` says whether there is any. */
  input: string | undefined;
  piped: boolean;
}

/**
 * Follows a shell program without running it: which simple commands it comes to, with which words. Every branch
 * is taken and every loop entered; nothing is decided by a command's effect on the machine. One instance serves
 * one tool call and has one budget for all that nests in it.
 */
export class Interpreter {
  readonly #session: ShellSession;
  readonly #sink: Sink;
  #steps = 0;
  #source = 0;
  #exhausted = false;
  /** The program that the call gave, for what its parts do not say alone. */
  #program = '';
  /** Commands whose files' content flows through the pipeline that is being followed. */
  #flowing: string[][] = [];

  constructor(session: ShellSession, sink: Sink) {
    this.#session = session;
    this.#sink = sink;
  }

  /** `input` is the program's standard input, where it has any. */
  runShell(source: string, via: string[] = [], input?: string): void {
    const start = { depth: 0, via, text: source.slice(0, 400), environment: {}, input, piped: input !== undefined };
    this.#program = source;
    this.#shell(source, [], start);
  }

  runArgv(argv: string[], via: string[] = [], text = argv.join(' ')): void {
    this.#command(argv, { depth: 0, via, text, environment: {}, input: undefined, piped: false });
  }

  /** A program that a cell or an interactive interpreter runs; Python there keeps its names from one to the next. */
  runCode(language: Language, code: string, via: string[]): void {
    const place = { depth: 0, via, text: language, environment: {}, input: undefined, piped: false };
    this.#code(language, code, place, language === 'python' ? this.#session.python : undefined);
  }

  #shell(source: string, args: string[], place: Place): string | undefined {
    this.#source += Math.min(source.length, mostSource);
    if (place.depth > deepestNesting || (this.#source > mostSource && place.depth > 0)) {
      this.#exhaust(source);
      this.#sweep(source, place);
      return undefined;
    }
    const program = readShell(source);
    if (!program.whole) this.#sink.unparsed(source);
    const exhausted = this.#exhausted;
    const [zeroth, ...rest] = args;
    if (zeroth !== undefined) {
      this.#session.variables.set('0', zeroth);
      this.#session.arrays.set('@', rest);
    }
    const output = this.#sequence(program.statements, { ...place, depth: place.depth + 1 });
    if (this.#exhausted && !exhausted) this.#sweep(source, place);
    return output;
  }

  /** What a program holds that was too long, too deep or too much to be followed: its commands by their plain words. */
  #sweep(source: string, place: Place): void {
    for (const statement of readRoughly(tellingCommands(source))) {
      const stages = statement.kind === 'pipeline' ? statement.stages : [statement];
      for (const stage of stages) {
        if (stage.kind !== 'simple') continue;
        this.#emit(stage.words.map(plainWord), { ...place, text: stage.text }, []);
      }
    }
  }

  #exhaust(text: string): undefined {
    if (!this.#exhausted) this.#sink.unparsed(text);
    this.#exhausted = true;
  }

  /** Runs statements one after another; the output of all, where each one's is known. */
  #sequence(statements: Statement[], place: Place): string | undefined {
    let output: string | undefined = '';
    for (const statement of statements) {
      const one = this.#statement(statement, place);
      output = output === undefined || one === undefined ? undefined : output + one;
    }
    return output;
  }

  #statement(statement: Statement, place: Place): string | undefined {
    this.#steps += 1;
    if (this.#steps > mostSteps || place.depth > deepestNesting * 4) {
      this.#exhaust(place.text);
      return undefined;
    }
    const below = { ...place, depth: place.depth + 1 };
    switch (statement.kind) {
      case 'simple':
        return this.#simple(statement, below);
      case 'pipeline':
        return this.#pipeline(statement.stages, below);
      case 'group':
        return this.#group(statement, below);
      case 'loop':
        return this.#loop(statement, below);
      case 'function':
        this.#session.functions.set(statement.name, statement.body);
        return '';
    }
  }

  #pipeline(stages: Statement[], place: Place): string | undefined {
    let flow: string | undefined = place.input;
    let piped = place.piped;
    this.#flowing = [];
    for (const stage of stages) {
      flow = this.#statement(stage, { ...place, input: flow, piped });
      piped = true;
    }
    return flow;
  }

  #group(group: Extract<Statement, { kind: 'group' }>, place: Place): string | undefined {
    const directory = this.#session.directory;
    const fed = this.#redirectInput(group.redirects, place);
    const rounds =
      group.repeats && fed.input !== undefined
        ? fed.input
            .split('\n')
            .filter((line) => line !== '')
            .slice(0, mostRounds)
        : [fed.input];
    let output: string | undefined = '';
    for (const input of rounds.length === 0 ? [undefined] : rounds) {
      const one = this.#sequence(group.body, { ...fed, input });
      output = output === undefined || one === undefined ? undefined : output + one;
    }
    if (group.isolated) this.#session.directory = directory;
    this.#redirectOutput(group.redirects, output, place);
    return output;
  }

  #loop(loop: Extract<Statement, { kind: 'loop' }>, place: Place): string | undefined {
    const fed = this.#redirectInput(loop.redirects, place);
    const values =
      loop.values.length === 0 ? (this.#session.arrays.get('@') ?? []) : loop.values.flatMap((word) => this.#fields(word, place));
    let output: string | undefined = '';
    for (const value of values.length === 0 ? [dynamicText] : values.slice(0, mostRounds)) {
      this.#session.variables.set(loop.variable, value);
      const one = this.#sequence(loop.body, fed);
      output = output === undefined || one === undefined ? undefined : output + one;
    }
    this.#redirectOutput(loop.redirects, output, place);
    return output;
  }

  #fields(word: Word, place: Place): string[] {
    return expandWord(word, this.#session, (body) => this.#sequence(body, { ...place, input: undefined, piped: false }));
  }

  #text(word: Word, place: Place): string {
    return expandToText(word, this.#session, (body) => this.#sequence(body, { ...place, input: undefined, piped: false }));
  }

  #redirectInput(redirects: Redirect[], place: Place): Place {
    let fed = place;
    for (const redirect of redirects) {
      if (redirect.kind === 'text') fed = { ...fed, input: this.#text(redirect.text, place), piped: true };
      if (redirect.kind !== 'read') continue;
      const path = this.#text(redirect.target, place);
      this.#emit(['<', path], { ...place, text: place.text }, [path]);
      this.#followNames('<', ['<', path], place);
      fed = { ...fed, input: this.#session.read(path), piped: true };
    }
    return fed;
  }

  #redirectOutput(redirects: Redirect[], output: string | undefined, place: Place): void {
    for (const redirect of redirects) {
      if (redirect.kind !== 'write' && redirect.kind !== 'append') continue;
      const path = this.#text(redirect.target, place);
      if (path === '/dev/null' || path.startsWith('/dev/std')) continue;
      this.#emit(['>', path, (output ?? '').slice(0, 20_000)], place, []);
      this.#written(path, output, redirect.kind === 'append');
      if (output === undefined) this.#copiedFlow(path);
    }
  }

  #written(path: string, text: string | undefined, append: boolean): void {
    this.#session.write(path, text, append);
    const borrower = /^(.*?)(?:\/\.git)?\/objects\/info\/alternates$/.exec(path)?.[1];
    if (borrower !== undefined) this.#session.filledDirectory(borrower);
    if (text !== undefined && /(?:^|\/)(?:\.gitconfig|\.git\/config|git\/config)$/.test(path)) {
      for (const [name, body] of aliasesInFile(text)) this.#session.gitAliases.set(name, body);
    }
  }

  /** A file that takes what flows through a pipeline: it stands for the files that the pipeline read. */
  #copiedFlow(path: string): void {
    const files = this.#flowing.flatMap(([program = '', ...args]) => filesNamed(programName(program, this.#session), args));
    this.#session.origins.copied(
      this.#session.resolve(path),
      files.slice(0, 16).map((file) => this.#session.resolve(file)),
    );
  }

  #simple(statement: SimpleStatement, place: Place): string | undefined {
    const here = { ...place, text: statement.text === '' ? place.text : statement.text };
    const fed = this.#redirectInput(statement.redirects, here);
    const argv = statement.words.flatMap((word) => this.#fields(word, here));
    const environment = this.#assign(statement.assignments, here);
    if (!fed.piped) this.#flowing = [];
    const output = argv.length === 0 ? '' : this.#command(argv, { ...fed, environment: { ...place.environment, ...environment } });
    this.#redirectOutput(statement.redirects, output, here);
    const discarded = statement.redirects.some((redirect) => redirect.kind === 'write' || redirect.kind === 'append');
    return discarded ? '' : output;
  }

  /** Sets variables; gives those that git reads from its environment. */
  #assign(assignments: Assignment[], place: Place): Record<string, string> {
    const environment: Record<string, string> = {};
    for (const { name, value, append } of assignments) {
      const [first] = value;
      const element = /^(\w+)\[(\d+)\]$/.exec(name);
      if (Array.isArray(first)) {
        const items = value.flatMap((word) => (Array.isArray(word) ? this.#fields(word, place) : []));
        this.#session.arrays.set(name, append ? [...(this.#session.arrays.get(name) ?? []), ...items] : items);
        continue;
      }
      const parts = value.flatMap((part) => (Array.isArray(part) ? [] : [part]));
      const text = this.#text(parts, place);
      if (element?.[1] !== undefined) {
        const items = [...(this.#session.arrays.get(element[1]) ?? [])];
        items[Math.min(Number(element[2]), 64)] = text;
        this.#session.arrays.set(
          element[1],
          Array.from(items, (item) => item ?? ''),
        );
        continue;
      }
      const whole = append ? (this.#session.variables.get(name) ?? '') + text : text;
      this.#session.variables.set(name, whole);
      if (name.startsWith('GIT_')) environment[name] = whole;
      if (runVariables.test(name) && /[\s/]/.test(whole)) this.#shell(whole, [], { ...place, via: [...place.via, name] });
    }
    return environment;
  }

  /** One command with its words resolved; gives its output where that can be known. */
  #command(argv: string[], place: Place): string | undefined {
    this.#steps += 1;
    if (this.#steps > mostSteps || place.depth > deepestNesting * 4) {
      this.#exhaust(place.text);
      return undefined;
    }
    const [word = '', ...args] = argv;
    const body = this.#session.functions.get(word);
    if (body !== undefined && !place.via.includes(`${word}()`)) {
      this.#session.arrays.set('@', args);
      return this.#sequence(body, { ...place, depth: place.depth + 1, via: [...place.via, `${word}()`] });
    }
    const alias = this.#session.aliases.get(word);
    if (alias !== undefined && !place.via.includes(`alias ${word}`)) {
      return this.#shell([alias, ...args.map(quoted)].join(' '), [], { ...place, via: [...place.via, `alias ${word}`] });
    }
    const builtin = runBuiltin(argv, place.input, this.#session);
    if (builtin?.written !== undefined) {
      this.#written(builtin.written.path, builtin.written.text, builtin.written.append);
      if (place.input === undefined && place.piped) this.#copiedFlow(builtin.written.path);
    }
    if (builtin?.source !== undefined)
      return this.#shell(builtin.source, builtin.args === undefined ? [] : [word, ...builtin.args], {
        ...place,
        via: [...place.via, word],
      });
    this.#emit(argv, place, []);
    const program = programName(word, this.#session);
    if (showsFiles(program)) this.#followNames(program, argv, place);
    if (program === 'git' || program === 'hub' || program.startsWith('git-')) this.#git(program, argv, place);
    const inner = innerPrograms(argv, place.input, place.piped, this.#session);
    let output: string | undefined;
    for (const one of inner) output = this.#inner(one, { ...place, depth: place.depth + 1, via: [...place.via, program] });
    return knownOutput(argv, place.input, this.#session) ?? output;
  }

  /** Files that a command names by a copy, a link or a pattern: the same command with the names behind them. */
  #followNames(program: string, argv: string[], place: Place): void {
    if (program !== 'git') this.#flowing.push(argv);
    const { origins } = this.#session;
    if (origins.size === 0 && !argv.some((word, index) => index > 0 && /[?*[]/.test(word))) return;
    const files = filesNamed(program, argv.slice(1));
    let via = '';
    const followed = argv.flatMap((word, index) => {
      if (index === 0 || !files.includes(word)) return [word];
      const names = (origins.size > 0 ? origins.of(this.#session.resolve(word)) : undefined) ?? nameBehindPattern(word);
      if (names === undefined) return [word];
      via = word;
      return names;
    });
    if (via !== '') this.#emit(followed, { ...place, via: [...place.via, via] }, []);
  }

  #inner(inner: InnerProgram, place: Place): string | undefined {
    if (place.depth > deepestNesting * 4) {
      this.#exhaust(place.text);
      return undefined;
    }
    switch (inner.kind) {
      case 'unknown':
        this.#sink.unparsed(place.text);
        return undefined;
      case 'command':
        return this.#command(inner.argv, place);
      case 'shell': {
        const directory = this.#session.directory;
        const output = this.#shell(inner.source, inner.args, place);
        if (place.via.at(-1) !== 'eval') this.#session.directory = directory;
        return output;
      }
      case 'code':
        return this.#code(inner.language, inner.code, place);
    }
  }

  #code(language: Language, code: string, place: Place, state?: PythonState): undefined {
    this.#source += code.length;
    if (this.#source > mostSource) {
      this.#exhaust(place.text);
      for (const run of roughRuns(code, 'python')) this.#fromCode(run, place);
      return undefined;
    }
    this.#emit(['code', language, code.slice(0, 20_000)], place, []);
    const found = language === 'python' ? commandsInPython(code, state) : commandsInCode(code, language);
    if (!found.whole) this.#sink.unparsed(place.text);
    const directory = this.#session.directory;
    for (const run of found.runs) this.#fromCode(run, place);
    // A process of its own leaves the directory as it was; an interpreter that goes on has gone there.
    if (state === undefined) this.#session.directory = directory;
  }

  #fromCode(run: CodeRun, place: Place): void {
    if (run.kind === 'enter') {
      this.#session.directory = this.#session.resolve(run.path);
      return;
    }
    const directory = this.#session.directory;
    if (run.directory !== undefined) this.#session.directory = this.#session.resolve(run.directory);
    const here = {
      ...place,
      text: run.text,
      depth: place.depth + 1,
      via: run.via === undefined ? place.via : [...place.via, run.via],
      input: undefined,
      piped: false,
    };
    if (run.kind === 'argv') this.#command([...run.argv], here);
    else if (run.kind === 'shell') this.#shell(run.source, [], here);
    else if (run.kind === 'write') this.#written(run.path, run.content, false);
    else this.#inner({ kind: 'code', language: 'python', code: run.code }, here);
    this.#session.directory = directory;
  }

  #git(program: string, argv: string[], place: Place): void {
    const environment = { ...exportedGitVariables(this.#session), ...place.environment };
    const git = parseGit(program, argv, this.#session.directory, environment, this.#session);
    const set = aliasBySetting(git);
    if (set !== undefined) this.#session.gitAliases.set(...set);
    noteRepositories(git, this.#session);
    const below = { ...place, depth: place.depth + 1, via: [...place.via, `git ${git.subcommand}`.trim()], input: undefined, piped: false };
    if (below.depth > deepestNesting * 2) return;
    const alias = gitAlias(git, this.#session);
    if (alias !== undefined && !place.via.includes(`git ${git.subcommand}`)) {
      const tail = git.args.map(quoted).join(' ');
      const settings = git.settings.map(([key, value]) => `-c ${quoted(`${key}=${value}`)} `).join('');
      this.#shell(alias.startsWith('!') ? `${alias.slice(1)} ${tail}` : `git ${settings}${alias} ${tail}`, [], below);
    }
    for (const source of programsRunByGit(git)) this.#shell(source, [], below);
    this.#objectsByName(git, place);
  }

  /** Objects whose names come from a pipe, or from the names of their files: from there it may be any object. */
  #objectsByName(git: GitCommand, place: Place): void {
    if (!/^(?:cat-file|show|log|diff-tree|ls-tree|rev-list|unpack-file|checkout|merge-file)$/.test(git.subcommand)) return;
    const piped = git.args.some((arg) => /^--(?:batch(?:-check|-command)?(?:=.*)?|stdin)$/.test(arg)) && place.piped;
    const namesObjects =
      isObjectFolder(this.#program) ||
      isObjectFolder(this.#session.directory) ||
      (/(?:^|\/)\.git$/.test(this.#session.directory) && /(?:^|[\s"'(./])objects\b/.test(this.#program));
    if (namesObjects && (piped || git.args.some((arg) => /[?*]/.test(arg) || arg.includes(dynamicText)))) {
      this.#emit(['git', 'cat-file', '--batch-all-objects'], { ...place, via: [...place.via, 'names of object files'] }, []);
    } else if (piped) {
      const names = place.input === undefined ? [dynamicText] : place.input.split('\n').flatMap((line) => line.trim().split(/\s+/, 1));
      for (const name of names.filter((one) => one !== '').slice(0, mostRounds)) this.#emit(['git', 'cat-file', '-p', name], place, []);
    }
  }

  #emit(argv: string[], place: Place, inputs: string[]): void {
    const [word] = argv;
    if (word === undefined || (isUnknown(word) && argv.length === 1)) return;
    this.#sink.command({
      argv,
      text: place.text,
      directory: this.#session.directory,
      via: place.via,
      environment: { ...exportedGitVariables(this.#session), ...place.environment },
      inputs,
      fed: place.piped ? place.input : undefined,
    });
  }
}

function isObjectFolder(path: string): boolean {
  return path.includes('.git/objects');
}

/** A word by its text alone, for commands that are seen but not followed. */
function plainWord(word: Word): string {
  return word.map((part) => (part.kind === 'text' ? part.text : dynamicText)).join('');
}

function quoted(word: string): string {
  return /^[\w@%+=:,./~^-]+$/.test(word) ? word : quote(word);
}
