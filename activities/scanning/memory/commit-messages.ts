import { literalText } from '../extraction/literal-text.ts';

const message =
  /(?:^|\s)(?:-[a-zA-Z]*m|--(?:message|title|body|notes)|-[tbF])(?:\s*=\s*|\s+)?(?:"\$\(cat\s+<<-?\s*['"]?(\w+)['"]?\n([\s\S]*?)\n\s*\1|"((?:[^"\\]|\\[\s\S])*)"|\$?'((?:[^'\\]|\\[\s\S])*)')/g;
const fromInput = /\bcommit\b[^\n]*(?:-F|--file)[ =]?-[^\n]*<<-?\s*['"]?(\w+)['"]?[^\n]*\n([\s\S]*?)\n\s*\1/g;
const commits = /\b(?:commit|tag|notes|stash)\b|\b(?:gh|glab|hub)\s/;

/** Messages that commands give to `git commit`, `git tag`, `git notes` or a code host's client. */
export function commitMessages(command: string): string[] {
  if (!commits.test(command)) return [];
  const found: string[] = [];
  for (const match of command.matchAll(message)) found.push(match[2] ?? literalText(match[3] ?? match[4] ?? ''));
  for (const match of command.matchAll(fromInput)) found.push(match[2] ?? '');
  return found.filter((text) => text.trim() !== '');
}
