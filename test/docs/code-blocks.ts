import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../platform/home.ts';

/** One fenced block of README or docs/. `place`: file and line of its first line. */
export interface CodeBlock {
  place: string;
  /** The word behind the fence; empty where there is none. */
  language: string;
  text: string;
}

/** README and every page of docs/, by path from the project's root. */
export function pages(): { path: string; text: string }[] {
  const docs = readdirSync(join(projectRoot, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`);
  return ['README.md', ...docs].map((path) => ({ path, text: readFileSync(join(projectRoot, path), 'utf8') }));
}

/** Every fenced block, in order. */
export function codeBlocks(): CodeBlock[] {
  return pages().flatMap(({ path, text }) =>
    [...text.matchAll(/^```(\w*)\n(.*?)^```$/gms)].map((match) => ({
      place: `${path}:${text.slice(0, match.index).split('\n').length + 1}`,
      language: match[1] ?? '',
      text: match[2] ?? '',
    })),
  );
}

/** A command line as the docs show it. */
export interface ShownCommand {
  place: string;
  /** Words of the `tracemill` command line behind the program's name. */
  args: string[];
}

/** Every `tracemill …` with arguments: a line of a block, or in running text between backticks. */
export function shownCommands(): ShownCommand[] {
  const inBlocks = codeBlocks()
    .filter(({ language }) => language === '' || language === 'sh')
    .flatMap(({ place, text }) => text.split('\n').map((line) => ({ place, line })));
  const inText = pages().flatMap(({ path, text }) =>
    text
      .split('\n')
      .flatMap((line, at) => [...line.matchAll(/`([^`]+)`/g)].map((match) => ({ place: `${path}:${at + 1}`, line: match[1] ?? '' }))),
  );
  return [...inBlocks, ...inText].flatMap(({ place, line }) => commandsOf(line).map((args) => ({ place, args })));
}

/** The `tracemill` command lines of one line of shell; `a|b` of a subcommand stands for both. */
function commandsOf(line: string): string[][] {
  const words = wordsOf(line.replace(/(^|\s)#.*$/, ''));
  const start = words.findIndex((word) => /^(\$|(bin\/)?tracemill)$/.test(word));
  const before = words.slice(0, Math.max(0, start));
  // Behind anything but variables and a pipe it is no call: `source <(tracemill …)`, a sentence.
  if (start < 0 || before.some((word, at) => !/^[A-Z_]+=/.test(word) && !before.slice(at).includes('|') && word !== '|')) return [];
  const end = words.findIndex((word, at) => at > start && /^([<>|&]|\d?>|&&)/.test(word));
  const args = words.slice(start + 1, end < 0 ? undefined : end).filter((word) => word !== 'tracemill');
  if (args.length === 0) return [];
  const choice = args.findIndex((word) => /^[a-z]+(\|[a-z]+)+$/.test(word));
  if (choice < 0) return [args];
  return (args[choice] ?? '').split('|').map((word) => args.with(choice, word));
}

/** Words of a command line as a shell splits them; quotes around whole words are taken off. */
export function wordsOf(line: string): string[] {
  return (line.match(/'[^']*'|"[^"]*"|[^\s]+/g) ?? []).map((word) => word.replace(/^(['"])(.*)\1$/, '$2'));
}
