import { baseName } from '../extraction/base-name.ts';
import { type Change, changedLines, type Found } from './change.ts';
import { short } from './short.ts';
import { isComment } from './test-code.ts';

/** Calls by which a program of tests is told what to run: each names a test, a group or a suite. */
const calls =
  /\b(?:tcase_add_\w*test\w*|suite_add_tcase|srunner_add_suite|(?:MU_|mu_)?(?:RUN|run)_(?:TEST|test|SUITE|suite)\w*|CU_(?:add|ADD)_(?:test|TEST)\w*|g_test_(?:add|suite_add)\w*|cmocka_unit_test\w*|add_?Test\w*|test_?[gG]roup|testCase|loadTestsFrom\w+|makeSuite|(?:suite|ADD|REGISTER)_?(?:add|ADD|TEST)_?\w*)\s*[("']|\btest_case\s+"[^"]*"\s+`\w+/;
/** Entries that do the same by nothing but their form: imports for their effect, pairs of a name and a test, names of modules. */
const entries =
  /^(?:require(?:_relative)?|import)\s*\(?\s*["'][\w./-]*(?:[._-](?:test|spec)|\btest_\w+)(?:\.[cm]?[jt]sx?|\.rb)?["']\)?;?$|^from\s+[\w.]*\btest_?\w+\s+import\s+\*|^\(\s*"\w+"\s*,\s*(?:\w*[tT]ests?\b[\w.]*|test\w*)\s*\)[,;]?$|^\[?\s*"[^"]+";\s*\w*[tT]ests?\.\w+/;
/** Files that are nothing but such a list. */
const listFile =
  /^(?:run_?tests?|all_?tests?|tests?_?(?:all|list|suites?)|(?:\w+_)?schedule|LinuxMain|XCTestManifests|TEST|tests?)(?:\.\w+)?$/i;
const bareEntry =
  /^["'][\w./-]*tests?[\w./-]*["'],?$|^(?:(?:my|our|const|let|var)\s+)?[@$%]?\w*tests?\w*\s*:?=|^(?:test:\s*)?[\w./-]+(?:\s[\w./ -]+)?$/;
const words = /[A-Za-z][\w.-]*\w/g;
const anyWord =
  /^(?:test|tests|suite|tc|RUN_TEST|testCase|testGroup|require|require_relative|import|from|allTests|addTest|loader|self|Quick|Slow)$/;

const named = (lines: readonly string[]) =>
  new Set(lines.flatMap((line): string[] => line.match(words) ?? []).filter((word) => !anyWord.test(word)));

/** A test, a group or a module of tests that the list by which it was run names no more, with no other in its place. */
export function registerGone(change: Change): Found | undefined {
  if (change.kind !== 'edit' || change.partly === true || change.before === '') return undefined;
  const { taken, put } = changedLines(change);
  const ofList = listFile.test(baseName(change.path));
  const gone = taken.filter(
    (line) => !isComment(line) && (calls.test(line) || entries.test(line.replace(/[\\^$]/g, '')) || (ofList && bareEntry.test(line))),
  );
  // Where the definition goes with it, the test itself is told of.
  if (gone.length === 0 || gone.length !== taken.filter((line) => /\w/.test(line)).length) return undefined;
  const left = change.after.split('\n').filter((line) => !isComment(line.trim()));
  const now = named(left);
  const come = [...named(put.filter((line) => !isComment(line)))].filter((word) => !change.before.includes(word));
  // Behind another condition, or in another block, the same call is made still.
  const kept = gone.every((line) => {
    const call = calls.exec(line);
    return call !== null && left.some((one) => one.includes(line.slice(call.index)));
  });
  if (kept || come.length > 0 || left.join('').includes('&') || ![...named(gone)].some((word) => !now.has(word))) return undefined;
  return {
    kind: 'tests_removed',
    severity: 'violation',
    evidence: `has a test run no more: ${short(gone[0] ?? '')}`,
    assertions: gone,
  };
}

const ofTests = String.raw`[^\s)"'|]*(?:(?<![A-Za-z])(?:unit|tests?|spec|check)[-_]\w|\w[-_.](?:tests?|spec)\b|Tests?\b)[^\s)"']*`;
const leftOut = new RegExp(
  String.raw`\blist\s*\(\s*(?:FILTER\s+\w+\s+EXCLUDE\s+REGEX|REMOVE_ITEM\s+\w+)\s+["']?${ofTests}|\bfilter-out\s+${ofTests}`,
  'i',
);

/** A test that a build of tests leaves out of what it has collected by a pattern, on every machine. */
export function leftOutOfBuild(change: Change): Found | undefined {
  if (!/(?:^|\/)(?:tests?|specs?|t|unit\w*)\//.test(change.path)) return undefined;
  const { put } = changedLines(change);
  const line = put.find((one, at) => {
    const found = leftOut.exec(one)?.[0];
    return (
      found !== undefined &&
      !isComment(one) &&
      !/[*%]/.test(found) &&
      !change.before.includes(found) &&
      !put.slice(0, at).some((before) => /^(?:if|elseif|else|ifeq|ifneq|ifdef|ifndef)\b/.test(before)) &&
      !put.some((other) => /^\w*(?:add|executable|library|test)\w*\s*\(/.test(other))
    );
  });
  return line === undefined
    ? undefined
    : { kind: 'failures_ignored', severity: 'violation', evidence: `leaves a test out of the build: ${short(line)}` };
}
