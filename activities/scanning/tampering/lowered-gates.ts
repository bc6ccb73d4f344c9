import { baseName } from '../extraction/base-name.ts';
import { type Change, changedLines, failuresIgnored, type Found } from './change.ts';
import { short } from './short.ts';

/** What a gate asks for at least: how much the tests cover, or how many mutants they find. */
const keys = String.raw`fail[-_]?under(?:-\w+)?|cov-fail-under|min(?:imum)?[-_]?(?:covered[-_]?)?(?:msi|score|coverage\w*|covered\w*|percent\w*)|minimum|(?:coverage|mutation|line|branch|test_?strength)[-_]?thresholds?|branches|lines|functions|statements|instructions|methods|(?:line|branch|file)[-_]coverage|mutation[-_]?score`;
const gate = new RegExp(String.raw`(?:^|[\s"'<{,\-.([])(${keys})\b["'>]*\s*(?:[:=]|\.set\(|\s)?\s*["']?(\d+(?:\.\d+)?|null|false)\b`, 'gi');
/** Keys that say so only in the settings of one tool. */
const more: { file: RegExp; gate: RegExp }[] = [
  { file: /stryker/, gate: /(?:^|[\s"'{,])(break|high|low)["']?\s*:\s*(\d+|null|false)\b/g },
  { file: /codecov/, gate: /(?:^|[\s"'{,])(target)["']?\s*:\s*["']?(\d+(?:\.\d+)?)\b/g },
];
const switches: [on: RegExp, off: RegExp][] = [
  [/\bcheck-?[cC]overage\b["']?\s*[:=]\s*true/, /\bcheck-?[cC]overage\b["']?\s*[:=]\s*false/],
  [/<haltOnFailure>\s*true/, /<haltOnFailure>\s*false/],
];
/** Settings of programs that measure tests, where they have files of their own. */
const ofGates =
  /^(?:\.coveragerc|\.nycrc[\w.]*|\.c8rc[\w.]*|stryker[\w.-]*|\.?codecov\.ya?ml|infection[\w.-]*|\.simplecov|mutmut_config\.py|jacoco[\w.-]*)$/;

/** Whether a file holds nothing but what such a program asks for. */
export function isGateFile(path: string): boolean {
  return ofGates.test(baseName(path));
}

function asked(lines: readonly string[], path: string): Map<string, number> {
  const found = new Map<string, number>();
  const patterns = [gate, ...more.filter(({ file }) => file.test(baseName(path))).map((one) => one.gate)];
  for (const line of lines)
    for (const pattern of patterns)
      for (const [, key = '', value = ''] of line.matchAll(pattern)) {
        const least = /^[nf]/i.test(value) ? 0 : Number(value);
        found.set(key.toLowerCase(), Math.min(least, found.get(key.toLowerCase()) ?? least));
      }
  return found;
}

/** A gate that let nothing pass below a number, and now asks for less or for nothing. */
export function loweredGate(change: Change): Found[] {
  if (change.kind !== 'edit' || change.before === '') return [];
  const { taken, put } = changedLines(change);
  if (taken.length === 0 || put.length === 0) return [];
  const found = (line: string): Found[] => [failuresIgnored(`asks the tests for less: ${short(line)}`)];
  const off = switches.find(([on]) => taken.some((line) => on.test(line)))?.[1];
  const switched = off === undefined ? undefined : put.find((line) => off.test(line));
  if (switched !== undefined) return found(switched);
  const before = asked(taken, change.path);
  if (before.size === 0) return [];
  for (const line of put) for (const [key, value] of asked([line], change.path)) if (value < (before.get(key) ?? value)) return found(line);
  return [];
}
