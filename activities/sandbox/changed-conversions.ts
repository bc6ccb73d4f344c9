import type { Attributes } from './patch-lists.ts';
import { attributePattern } from './patch-text.ts';

/** Those that decide how the bytes of a file become what git stores. */
const conversions = ['text', 'eol', 'crlf', 'ident', 'filter', 'working-tree-encoding'];

/**
 * Attribute lines that give files the conversions which they had by `before`, where `after` gives them others. A patch is
 * applied to the files as the commit has them, so what the agent wrote into .gitattributes has no say in it.
 */
export function changedConversions(before: Attributes, after: Attributes): string {
  const lines: string[] = [];
  for (const path of new Set([...before.keys(), ...after.keys()])) {
    const [old, now] = [before.get(path), after.get(path)];
    const changed = conversions.filter((name) => old?.get(name) !== now?.get(name));
    if (changed.length > 0) lines.push(`${attributePattern(path)} ${changed.map((name) => assignment(name, old?.get(name))).join(' ')}\n`);
  }
  return lines.join('');
}

function assignment(name: string, value: string | undefined): string {
  if (value === undefined) return `!${name}`;
  if (value === 'set') return name;
  return value === 'unset' ? `-${name}` : `${name}=${value}`;
}
