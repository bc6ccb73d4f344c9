import type { DirectoryFinder } from './code-directory.ts';
import type { CodeRun } from './code-run.ts';
import { dynamicText } from './shell-syntax.ts';
import { literalText } from './literal-text.ts';

/** Without a word like these a program runs nothing. */
const runs =
  /system|exec|spawn|popen|[Pp]rocess|Command|\bcommand|shell|\bsh\b|\brun|\bcmd\b|launch|execute|open3|subprocess|posix_spawn|\.!/;
const literal = /"((?:[^"\\\n]|\\[\s\S])*)"|`([^`\n]*)`|(?<![\w])'((?:[^'\\\n]|\\[\s\S]){2,})'/g;
const program = /^(?:\S*\/)?(git|gh|glab|hub|curl|wget)(?:\.exe)?$/;
const wholeLine = /^\s*(?:\S*\/)?(?:git|gh|glab|hub|curl|wget|pip3?|npm)\s+\S/;
/** What may stand between the words of one command: separators, and the makers of lists. */
const between =
  /^(?:[\s,;:&()[\]{}+=<>|]|\b(?:args?|arguments|Arguments|argumentList|List|listOf|of|Arrays|asList|Seq|Array|String|new|vec!?|c|list|char|const|NULL|nullptr|to_string|into|as|launchPath|executableURL|p|process|cmd|proc|task|psi|info|startInfo|StartInfo|URL|fileURLWithPath|let|var)\b|[.!*])*$/;
const printing =
  /(?:print\w*!?|puts|putStr(?:Ln)?|echo|cout\s*<<|cerr\s*<<|console\.\w+|log\w*\.?\w*|Write(?:Line)?|display|message|error\w*!?|Error|panic!?|fail\w*|describe|\bit|test|expect\w*|assert\w*!?|contains|equals?|throw\s+\w+|cat)\s*[("'!]*\s*$/i;
const mostLiterals = 5_000;

interface Literal {
  text: string;
  start: number;
  end: number;
}

/**
 * Commands in a program of any language by its string literals alone: a literal that is a command line, or a row of
 * literals that begins with the name of a program. Text that is only printed is none.
 */
export function literalCommands(source: string, directoryOf: DirectoryFinder): CodeRun[] {
  if (!runs.test(source)) return [];
  const literals = literalsOf(source);
  const joined = joinedLiterals(literals, source);
  const found = [
    ...runsOf(literals, source, directoryOf),
    ...(joined.length === literals.length ? [] : runsOf(joined, source, directoryOf)),
    ...copiedText(source),
  ];
  const seen = new Set<string>();
  return found.filter((run) => !seen.has(run.text) && seen.add(run.text) !== undefined);
}

function runsOf(literals: Literal[], source: string, directoryOf: DirectoryFinder): CodeRun[] {
  return literals.flatMap((one, at): CodeRun[] => {
    if (printing.test(source.slice(Math.max(0, one.start - 60), one.start))) return [];
    const directory = directoryOf(one.start, one.start);
    const where = directory === undefined ? {} : { directory };
    if (wholeLine.test(one.text)) {
      const line = filled(one, literals, at, source);
      return [{ kind: 'shell', source: line, text: line.slice(0, 400), ...where }];
    }
    const words = program.test(one.text.trim()) ? row(literals, at, source) : [];
    return words.length > 1 ? [{ kind: 'argv', argv: words, text: words.join(' ').slice(0, 400), via: 'code', ...where }] : [];
  });
}

function literalsOf(source: string): Literal[] {
  const out: Literal[] = [];
  for (const match of source.matchAll(literal)) {
    if (out.length >= mostLiterals) break;
    const text = literalText(match[1] ?? match[2] ?? match[3] ?? '');
    out.push({ text, start: match.index, end: match.index + match[0].length });
  }
  return out;
}

/** Literals next to each other with nothing but blanks or `+` between them as one, as C and others read them. */
function joinedLiterals(literals: readonly Literal[], source: string): Literal[] {
  const out: Literal[] = [];
  for (const one of literals) {
    const last = out.at(-1);
    const joins = last !== undefined && /^\s*(?:\+|\.\.|<>|\^|\+\+|~)?\s*$/.test(source.slice(last.end, one.start));
    if (joins) out[out.length - 1] = { text: last.text + one.text, start: last.start, end: one.end };
    else out.push(one);
  }
  return out;
}

function row(literals: Literal[], at: number, source: string): string[] {
  const words: string[] = [];
  for (let next = at; next < literals.length && words.length < 40; next += 1) {
    const one = literals[next];
    const last = literals[next - 1];
    if (one === undefined) break;
    if (next > at && last !== undefined && !between.test(source.slice(last.end, one.start))) break;
    // `execl` has the name twice.
    if (next > at && words.length === 1 && program.test(one.text)) continue;
    words.push(...(next === at ? [one.text.trim()] : one.text.split(/\s+/).filter((word) => word !== '')));
  }
  return words;
}

/** A format's places filled with the literals behind it. */
function filled(one: Literal, literals: Literal[], at: number, source: string): string {
  let next = at;
  return one.text.replace(/%[-\d.]*l*[sdv]|\{\}|\{\d\}|\$\{[^}]*\}|#\{[^}]*\}|\$\([^)]*\)/g, () => {
    const last = literals[next];
    const following = literals[next + 1];
    if (last === undefined || following === undefined || !/^\s*,\s*$/.test(source.slice(last.end, following.start))) return dynamicText;
    next += 1;
    return following.text;
  });
}

/** Text put together by C's string functions, a buffer each. */
function copiedText(source: string): CodeRun[] {
  const buffers = new Map<string, string>();
  for (const match of source.matchAll(/\bstr(n?)(cpy|cat)\s*\(\s*&?(\w+)\s*,\s*"((?:[^"\\]|\\.)*)"/g)) {
    const [, , verb, name = '', text = ''] = match;
    buffers.set(name, verb === 'cat' ? `${buffers.get(name) ?? ''}${literalText(text)}` : literalText(text));
  }
  return [...buffers.values()].filter((text) => wholeLine.test(text)).map((text) => ({ kind: 'shell', source: text, text }));
}
