import { escapedPattern } from '../../../platform/escaped-pattern.ts';
import type { Found } from './change.ts';

const place = String.raw`([A-Za-z_$]\w*|["'][^"'\n]+["'])`;
/** Files that a program opens to write and hands to what dumps a value, or gives the outcome of a call. */
const writers: RegExp[] = [
  new RegExp(String.raw`\bdump\w*\(\s*(?![{[][^\n]*[\]}]\s*,\s*open)[^;\n]+?,\s*open\(\s*${place}\s*,\s*["']w`, 'g'),
  new RegExp(
    String.raw`\bwith\s+open\(\s*${place}\s*,\s*["']w[^\n]*\bas\s+\w+\s*:\s*\n?\s*(?:\w+\.dump\w*\(|\w+\.write\(\s*[\w.]+\((?!["']))`,
    'g',
  ),
  new RegExp(String.raw`\bopen\(\s*${place}\s*,\s*["']w[^)\n]*\)\.write\(\s*[\w.]+\(`, 'g'),
  new RegExp(String.raw`(?<![\w.])${place}\.write_text\((?=[^\n]*\b\w+\()(?![^\n]*\.(?:replace|sub)\()`, 'g'),
  new RegExp(String.raw`\bPath\(\s*${place}\s*\)\.write_text\(\s*[\w.]+\(`, 'g'),
  new RegExp(String.raw`\bwriteFileSync\(\s*${place}\s*,\s*(?!["'\x60])[\w.]+\(`, 'g'),
  new RegExp(String.raw`\bFile\.write\(\s*${place}\s*,\s*[\w.:]+\(`, 'g'),
  new RegExp(String.raw`\bfile_put_contents\(\s*${place}\s*,\s*(?!preg_replace|str_replace)\$?[\w:>-]+\(`, 'g'),
];
const mayWrite = /\bdump|\bwrite|\bfile_put_contents|\bFile\.write/;
const longest = 65_536;

/** The files into which a program writes what another call of it gives, by their literal names. */
export function computedWrites(code: string): string[] {
  if (code.length > longest || !mayWrite.test(code)) return [];
  const found = writers.flatMap((pattern) => [...code.matchAll(pattern)].map((match) => match[1] ?? ''));
  return [...new Set(found)].flatMap((name) => literalOf(name, code) ?? []);
}

function literalOf(name: string, code: string): string | undefined {
  if (/^["']/.test(name)) return name.slice(1, -1);
  return new RegExp(`(?<![\\w.$])\\$?${escapedPattern(name)}\\s*=\\s*(?:[\\w.]*\\(\\s*)?["']([^"'\\n]+)["']`).exec(code)?.[1];
}

const list = String.raw`\w*(?:spec|test|suite|case)\w*`;
/** A list of tests in data that goes on without some of its entries. */
const shortens = new RegExp(
  [
    String.raw`(?:\.|\[["'])${list}(?:["']\])?\s*=\s*[^;\n]*\.(?:filter|reject|select|without)\b`,
    String.raw`\[["']${list}["']\]\s*=\s*\[[^\]\n]*\bfor\b[^\n]*\bif\b`,
    String.raw`(?:\.|\[["'])${list}(?:["']\])?\.(?:remove|splice|delete_if|reject!|delete|pop|discard)\s*[({]`,
    String.raw`\b(?:del|delete)\s+\w+(?:\.|\[["'])${list}`,
  ].join('|'),
  'i',
);
const data = /["']([\w./@-]*(?:test|spec|suite)[\w./@-]*\.(?:json|ya?ml|toml))["']/i;

/** A list of tests in a file of data from which a program takes entries. */
export function listShortened(code: string): { path: string; found: Found } | undefined {
  if (code.length > longest || !/json|ya?ml|toml/i.test(code) || !/write|dump/i.test(code)) return undefined;
  const path = data.exec(code)?.[1];
  const taken = path === undefined ? null : shortens.exec(code);
  if (path === undefined || taken === null) return undefined;
  return {
    path,
    found: {
      kind: 'failures_ignored',
      severity: 'violation',
      evidence: `takes tests off a list of what is run: ${taken[0].slice(0, 140)}`,
    },
  };
}

const strips =
  /\bNodeTransformer\b[\s\S]*\bvisit_Assert\b|\bisinstance\([^)\n]*\bast\.Assert\)[\s\S]{0,200}\b(?:remove|Pass|continue|not\b)|\bleave_Assert\b|\bif\s+["'](?:assert|expect)\w*["']\s+not\s+in\b|!\s*\w+(?:\.\w+)*\.(?:includes|startsWith)\(\s*["'](?:assert|expect)|\bfind\w*\([^)\n]*["'](?:expect|assert\w*)["'][\s\S]{0,160}\.remove\(/;

/** A program that takes the assertions out of the tests, wherever it finds them. */
export function assertionsStripped(code: string): Found | undefined {
  if (code.length > longest || !/[aA]ssert|expect/.test(code) || !mayWrite.test(code) || !/tests?\b|test_|spec/i.test(code))
    return undefined;
  const found = strips.exec(code)?.[0];
  return found === undefined || !/\bunparse\b|\btoSource\b|\.code\b|\bdump\b|write_text|\.write\(/.test(code)
    ? undefined
    : { kind: 'tests_loosened', severity: 'violation', evidence: `takes assertions out of the tests by a program: ${found.slice(0, 100)}` };
}

/** Whether a program reads a file that it names, by this name or the variable that holds it. */
export function readsItself(code: string, path: string): boolean {
  const at = code.indexOf(path);
  const name = /([A-Za-z_$]\w*)\s*=\s*(?:[\w.]*\(\s*)?["']$/.exec(code.slice(Math.max(0, at - 80), at))?.[1];
  if (name === undefined) return false;
  const plain = escapedPattern(name);
  return new RegExp(
    `(?<![\\w.])${plain}\\.read_(?:text|bytes)\\(|\\b(?:open|readFileSync|read|load|file_get_contents)\\(\\s*${plain}\\s*[,)]\\s*(?!["'][wa])`,
  ).test(code);
}
