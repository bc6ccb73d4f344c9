import { createRequire } from 'node:module';
import { Language, type Node, Parser } from 'web-tree-sitter';

/** Characters; what is longer is data rather than commands, and not worth the grammar's memory. */
const longestParsed = 262_144;

let loading: Promise<Parser> | undefined;

/**
 * The commands of a text that stand on lines of their own: `a && b`, `a; b`, pipelines, loops and here-documents are
 * one. Text that does not parse counts as one command, for only a shell can say what is wrong with it.
 */
export async function separateCommands(text: string): Promise<string[]> {
  // One line is one command; most are, and the grammar costs tens of megabytes.
  if (!text.trim().includes('\n')) return [text];
  if (text.length > longestParsed) return [text];
  const parser = await (loading ??= loadParser());
  const tree = parser.parse(text);
  if (tree === null) return [text];
  try {
    return tree.rootNode.hasError ? [text] : grouped(text, tree.rootNode);
  } finally {
    tree.delete();
  }
}

async function loadParser(): Promise<Parser> {
  await Parser.init();
  const grammar = createRequire(import.meta.url).resolve('tree-sitter-bash/tree-sitter-bash.wasm');
  const parser = new Parser();
  parser.setLanguage(await Language.load(grammar));
  return parser;
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
