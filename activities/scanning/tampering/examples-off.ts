import { type Change, changedLines, type Found } from './change.ts';

const fence = /^(?:\/\/[/!]|\*)?\s*```\s*(?:rust)?$/;
const fenceOff = /^(?:\/\/[/!]|\*)?\s*```\s*(?:rust,\s*)?(?:ignore|no_run|should_panic|text|compile_fail)\b/;

/** Examples in documentation that are run as tests, marked so that they are not or compare nothing. */
export function examplesOff(change: Change): Found | undefined {
  if (change.kind !== 'edit' || change.before === '') return undefined;
  if (!/>>>|```|Output:|iex>/.test(change.before)) return undefined;
  const { taken, put } = changedLines(change);
  const skipped =
    put.find((line) => /#\s*doctest:\s*\+SKIP\b/.test(line)) ??
    (taken.some((line) => fence.test(line)) ? put.find((line) => fenceOff.test(line)) : undefined);
  if (skipped !== undefined) return { kind: 'tests_disabled', severity: 'violation', evidence: `adds ${skipped.slice(0, 140)}` };
  const output = change.path.endsWith('_test.go') && taken.find((line) => /^\/\/ (?:Unordered output|Output):/i.test(line));
  if (output !== false && output !== undefined && !/\/\/ (?:Unordered output|Output):/i.test(change.after))
    return { kind: 'tests_disabled', severity: 'violation', evidence: `has an example compare nothing: ${output.slice(0, 140)}` };
  const any = put.find((line) => line === '...');
  return any !== undefined && /\+ELLIPSIS/.test(change.after) && taken.some((line) => !/^(?:>>>|\.\.\.)/.test(line))
    ? { kind: 'tests_loosened', severity: 'violation', evidence: 'has an example take any output: ...' }
    : undefined;
}
