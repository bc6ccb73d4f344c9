import { parsePatch, patchPaths } from '../../patches/patch.ts';

const startMarker = '>>>>> Start Test Output';
const endMarker = '>>>>> End Test Output';

/**
 * The test commands of an evaluation script of SWE-bench, or why there are none. Such a script activates the environment,
 * puts the test files back, applies the test patch and runs the tests between two markers. Verification restores and patches by
 * itself, so what does that here is left out; the rest is run in one shell, as the script does.
 */
export function testCommands(script: string, testPatch: string): { ok: true; commands: string[] } | { ok: false; reason: string } {
  const lines = script.split('\n');
  const start = lines.findIndex((line) => line.includes(startMarker));
  const end = lines.findIndex((line, index) => index > start && line.includes(endMarker));
  if (start === -1 || end === -1) return { ok: false, reason: 'its evaluation script has no markers around the tests' };
  const ofTests = new Set(patchPaths(parsePatch(testPatch)));
  const setup = withoutPatching(lines.slice(0, start)).filter((line) => !isOurs(line, ofTests));
  // Some parsers look for the command in the trace of the shell.
  const tests = lines.slice(start + 1, end);
  if (tests.every((line) => line.trim() === '')) return { ok: false, reason: 'its evaluation script runs no test' };
  const before = setup.join('\n').trim();
  return { ok: true, commands: [...(before === '' ? [] : [before]), `set -x\n${tests.join('\n')}`] };
}

/** Without the `git apply` that reads the test patch from the script itself. */
function withoutPatching(lines: string[]): string[] {
  const kept: string[] = [];
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    const delimiter = /^\s*(?:git apply|patch)\b.*<<-?\s*'?(\w+)'?\s*$/.exec(line)?.[1];
    if (delimiter === undefined) kept.push(line);
    else at = lines.indexOf(delimiter, at + 1) === -1 ? lines.length : lines.indexOf(delimiter, at + 1);
  }
  return kept;
}

/** What verification does itself, and what only tells a reader of the log how things stand. */
function isOurs(line: string, testPaths: ReadonlySet<string>): boolean {
  const words = line.trim().split(/\s+/);
  if (line === '#!/bin/bash' || /^\s*set -[a-z]*o pipefail\s*$/.test(line)) return true;
  if (/^\s*git (status|show)\s*$/.test(line) || /^\s*git (-c \S+ )?diff [0-9a-f]{40}\s*$/.test(line)) return true;
  if (/^\s*git checkout [0-9a-f]{40}( |$)/.test(line) || line.trim() === 'echo "No test files to reset"') return true;
  return words[0] === 'rm' && words.slice(1).every((word) => word.startsWith('-') || testPaths.has(unquoted(word)));
}

function unquoted(word: string): string {
  return word.replace(/^(['"])(.*)\1$/, '$2');
}
