import { readBashTree } from './bash-tree.ts';
import { longestParsed, withTree } from '../../syntax/grammars.ts';
import { liftHeredocs } from './heredocs.ts';
import { interpolatedWord } from './interpolation.ts';
import { readPlainCommands, readRoughly } from './plain-commands.ts';
import type { ShellProgram, Word } from './shell-syntax.ts';

const cachedPrograms = 2_000;
const longestCached = 400;
const cache = new Map<string, ShellProgram>();

/**
 * Reads a shell program: plain ones at once, all others by the Bash grammar, and what the grammar cannot read
 * roughly as well, so that no command is lost; `whole` is false then.
 */
export function readShell(source: string): ShellProgram {
  if (source.length > longestParsed) return { statements: readRoughly(source), whole: false };
  const plain = source.includes('<<') ? undefined : readPlainCommands(source);
  if (plain !== undefined) return { statements: plain, whole: true };
  const known = cache.get(source);
  if (known !== undefined) return known;
  const program = readByGrammar(source);
  if (source.length <= longestCached) {
    if (cache.size >= cachedPrograms) cache.clear();
    cache.set(source, program);
  }
  return program;
}

function readByGrammar(source: string): ShellProgram {
  const lifted = liftHeredocs(source.replaceAll('\r\n', '\n'));
  const read = withTree('bash', lifted.source, (tree) => ({
    ...readBashTree(tree, lifted.source, lifted.heredocs, interpolate),
    clean: !tree.rootNode.hasError,
  }));
  if (read?.clean === true && read.whole) return { statements: read.statements, whole: true };
  return { statements: [...(read?.statements ?? []), ...readRoughly(lifted.source)], whole: false };
}

function interpolate(body: string): Word {
  return interpolatedWord(body, (source) => readShell(source).statements);
}
