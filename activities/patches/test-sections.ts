import type { Hunk } from './patch.ts';
import type { TestInfrastructure } from './test-infrastructure.ts';
import { isRecord } from '../../schemas/is-record.ts';

type Format = Exclude<TestInfrastructure, 'whole'>;

/** A line that is about running tests, or that opens a block which is. */
const testLine: Record<Exclude<Format, 'json'>, RegExp> = {
  ini: /^\s*\[+[^\]]*(pytest|tox|coverage|nosetests|aliases|unittest)[^\]]*\]|^\s*\[+(patch|replace)\b|^\s*\[+\s*(profile\.)?(test|bench)\b|^\s*(test|harness|autotests|skip\.?tests?|org\.gradle\.jvmargs|\w*[tT]est\.(skip|ignore)\w*)\s*=/,
  gomod: /^\s*replace\b|=>/,
  make: /^(?!#)[^=\t#]*(check|test)[^=#]*::?(?!=)|^\s*(override\s+|export\s+)*([A-Z_]*TESTS?(_[A-Z_]+)?|check_\w+|\w*LOG_(COMPILER|DRIVER|FLAGS)|SHELL|\.SHELLFLAGS|(GNU)?MAKEFLAGS|CC|CXX|LD|AR)\s*[+:?!]*=|\bNDEBUG\b|^\.(IGNORE|DEFAULT|SILENT)\b/i,
  cmake:
    /^\s*(function|macro)\s*\(\s*(add_(executable|library|test|subdirectory|custom_command)|target_(link_libraries|include_directories|sources)|find_package|include)\b|\b(add_test|enable_testing|set_tests_properties|gtest_\w+|catch_\w+|doctest_\w+|CTEST_\w+|BUILD_TESTING|CMAKE_CROSSCOMPILING\w*|CROSSCOMPILING_EMULATOR|\w+_LAUNCHER|RULE_LAUNCH_\w+|NDEBUG)\b|^\s*(test|benchmark)\s*\(|include\s*\(\s*(CTest|GoogleTest)/i,
  maven: /surefire|failsafe|skipTests|skipITs|maven\.test\.|testFailureIgnore|<skip>|<(test)?(Excludes?|Includes?)>|<argLine>|testSource/i,
  ant: /<target\b[^>]*\bname\s*=\s*"[^"]*(test|check)|<\/?(junit|testng|batchtest|junitlauncher)\b/i,
  gradle: /\btest\b|\bcheck\b|withType\(?\s*<?Test|useJUnit|useTestNG|ignoreFailures|onlyIf|failFast|-x\s+test/i,
  script: /\btest\s*:/,
};

/** Whether lines of this format, seen without their surroundings, are about running tests. */
export function looksLikeTestSection(format: Format, line: string): boolean {
  return format === 'json' ? jsonKey.test(line) : testLine[format].test(line);
}

/**
 * The file as the agent left it, but with everything that controls which tests run, and how, as it was at the
 * base commit. `hunks` are the changes from `base` to `changed` without context lines. A file that cannot be
 * read in its format stays as the agent left it: its test command will fail on it anyway.
 */
export function restoreTestSections(format: Format, base: string, changed: string, hunks: Hunk[]): string {
  return format === 'json' ? restoreJson(base, changed) : restoreLines(format, base, changed, hunks);
}

/** Keys of package.json and composer.json that configure or are the test command. */
const configurationKeys = ['jest', 'mocha', 'ava', 'vitest', 'nyc', 'c8', 'tap', 'karma', 'ts-node', 'tsx'];
const scriptName = /^(pre|post)?(test|check|spec|mocha|jest|vitest|coverage|ci)\b/;
const jsonKey = /"((pre|post)?(test|check|spec|coverage)[^"]*|jest|mocha|ava|vitest|nyc|c8|tap|karma)"\s*:/;

function restoreJson(base: string, changed: string): string {
  const [before, after] = [base === '' ? {} : parseObject(base), parseObject(changed)];
  if (before === undefined || after === undefined) return changed;
  const merged: Record<string, unknown> = { ...after };
  for (const key of configurationKeys) restoreKey(merged, before, key);
  const [scriptsBefore, scriptsAfter] = [asObject(before['scripts']) ?? {}, asObject(after['scripts']) ?? {}];
  const scripts: Record<string, unknown> = { ...scriptsAfter };
  for (const name of new Set([...Object.keys(scriptsBefore), ...Object.keys(scriptsAfter)])) {
    if (scriptName.test(name)) restoreKey(scripts, scriptsBefore, name);
  }
  if (Object.keys(scripts).length > 0 || 'scripts' in after) merged['scripts'] = scripts;
  return JSON.stringify(merged) === JSON.stringify(after) ? changed : `${JSON.stringify(merged, null, 2)}\n`;
}

function restoreKey(target: Record<string, unknown>, before: Record<string, unknown>, key: string): void {
  if (Object.hasOwn(before, key)) target[key] = before[key];
  else delete target[key];
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    return asObject(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function asObject(value: unknown): Record<string, unknown> | undefined {
  return isRecord(value) ? value : undefined;
}

function restoreLines(format: Exclude<Format, 'json'>, base: string, changed: string, hunks: Hunk[]): string {
  const [before, after] = [base.split('\n'), changed.split('\n')];
  const result: string[] = [];
  let next = 0;
  for (const { oldStart, newStart, lines } of hunks) {
    const removed = lines.filter((line) => line.startsWith('-')).length;
    const added = lines.filter((line) => line.startsWith('+')).length;
    // git names the line before the change where one side of a hunk is empty.
    const oldAt = removed === 0 ? oldStart : oldStart - 1;
    const newAt = added === 0 ? newStart : newStart - 1;
    result.push(...after.slice(next, newAt));
    const aboutTests = anyTestLine(format, before, oldAt, removed) || anyTestLine(format, after, newAt, added);
    result.push(...(aboutTests ? before.slice(oldAt, oldAt + removed) : after.slice(newAt, newAt + added)));
    next = newAt + added;
  }
  return [...result, ...after.slice(next)].join('\n');
}

function anyTestLine(format: Exclude<Format, 'json'>, lines: string[], start: number, count: number): boolean {
  for (let at = start; at < start + count; at += 1) {
    if (testLine[format].test(lines[at] ?? '') || enclosing(format, lines, at).some((line) => testLine[format].test(line))) return true;
  }
  return false;
}

/** The lines that open the blocks around a line: the section's header in an INI file, else by indentation. */
function enclosing(format: Exclude<Format, 'json'>, lines: string[], at: number): string[] {
  const openers: string[] = [];
  let indent = indentOf(lines[at] ?? '');
  for (let above = at - 1; above >= 0; above -= 1) {
    const line = lines[above] ?? '';
    if (format === 'ini') {
      if (/^\s*\[/.test(line)) return [line];
    } else if (line.trim() !== '' && indentOf(line) < indent) {
      openers.push(line);
      indent = indentOf(line);
      if (indent === 0) break;
    }
  }
  return openers;
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}
