import { shellCommands } from '../../../syntax/shell-commands.ts';

/**
 * The commands of a text that stand on lines of their own: `a && b`, `a; b`, pipelines, loops and here-documents are
 * one. Text that does not parse counts as one command, since only a shell can say what is wrong with it.
 */
export function separateCommands(text: string): string[] {
  const ranges = shellCommands(text);
  return ranges === null || ranges.length < 2 ? [text] : ranges.map(({ start, end }) => text.slice(start, end));
}
