import type { Node } from 'web-tree-sitter';
import { loadGrammars, withTree } from '../../../syntax/grammars.ts';

/**
 * The commands of a text that stand on lines of their own: `a && b`, `a; b`, pipelines, loops and here-documents are
 * one. Text that does not parse counts as one command, since only a shell can say what is wrong with it; so does one that
 * is too long or too tangled to be parsed, which is data rather than commands.
 */
export async function separateCommands(text: string): Promise<string[]> {
  // One line is one command; most are, and the grammars cost tens of megabytes.
  if (!text.trim().includes('\n')) return [text];
  await loadGrammars();
  const commands = withTree('bash', text, ({ rootNode }) => (rootNode.hasError ? [text] : grouped(text, rootNode)));
  return commands ?? [text];
}

/** Statements with no newline between them belong together. */
function grouped(text: string, program: Node): string[] {
  const groups: { start: number; end: number }[] = [];
  let newline = true;
  let reached = 0;
  for (const node of program.children) {
    newline ||= text.slice(reached, node.startIndex).includes('\n');
    reached = node.endIndex;
    if (!node.isNamed || node.type === 'comment') continue;
    const group = groups.at(-1);
    if (newline || group === undefined) groups.push({ start: node.startIndex, end: node.endIndex });
    else group.end = node.endIndex;
    newline = false;
  }
  return groups.length < 2 ? [text] : groups.map(({ start, end }) => text.slice(start, end));
}
