import { type Change, changedLines, type Found } from './change.ts';
import { namesCondition } from './test-code.ts';

const condition = /^(?:\}?\s*(?:else\s+)?)?(?:if|unless|when|elif|return)\b\s*\(?(.*?)\)?\s*(?:then|do|:|\{|;)?$/;
const skips = /\bskip\w*|\bSkip\w*|\bpending\b|\bxfail\b|\bassume\w*/;
/** What says that an assertion does not hold. */
const failing =
  /\bAssertion(?:Failed)?(?:Error|Exception)\b|\bAssertionFailure\b|\bExpectationNotMet\w*|\bExpectationFailed\w*|\b[tb]\.(?:Error|Fatal|Fail)\w*\s*\(|\bself\.fail\s*\(|\bAssert\.[Ff]ail\b|\bflunk\b|\bpytest\.fail\b|\bfail_with\b|\bXCTFail\b/;
/** A value that stands for one case alone. */
const certain =
  /["'`][\w./ -]+["'`]|\/(?:\\.|[^/\\\n])+\/[gimsu]*\s*\.\s*test\b|=~|\bmatch(?:es)?\s*\(|\b(?:in|includes?|contains?|startsWith)\b/;

/**
 * Helpers of tests that let more pass than they did: a condition for skips that now holds for certain cases too, a failure
 * that is now raised only where a certain case is not given, a check that is off unless it is asked for.
 */
export function laxerHelpers(change: Change): Found[] {
  if (change.before === '') return [];
  const { taken, put } = changedLines(change);
  if (put.length === 0 || taken.length === 0) return [];
  return [...conditionChanged(change, taken, put), ...checkOff(change, taken, put)];
}

function conditionChanged({ after, before, path }: Change, taken: string[], put: string[]): Found[] {
  const lines = after.split('\n').map((line) => line.trim());
  for (const line of put) {
    const is = condition.exec(line)?.[1];
    if (is === undefined || !certain.test(is)) continue;
    const was = taken
      .map((one) => condition.exec(one)?.[1] ?? '')
      .find((one) => one.length > 4 && is.length > one.length && is.includes(one.replace(/^\(|\)$/g, '')));
    if (was === undefined) continue;
    const added = is.replace(was, ' ');
    if (!certain.test(added) || namesCondition(`if ${added}`)) continue;
    const at = lines.indexOf(line);
    const next = lines.slice(at + 1, at + 4).join('\n');
    if (/\bor\b|\|\|/.test(added) && (skips.test(next) || skips.test(before.split('\n')[0] ?? '')))
      return [{ kind: 'tests_disabled', severity: 'violation', evidence: `skips for more: ${line.slice(0, 140)}` }];
    if (
      /\band\b|&&/.test(added) &&
      (failing.test(next) || (next === '' && /assert|expect|match/i.test(path) && /err|fail|mismatch|diff/i.test(was)))
    )
      return [{ kind: 'tests_loosened', severity: 'violation', evidence: `fails no more for: ${line.slice(0, 140)}` }];
  }
  return [];
}

/** A parameter of a helper that asserts, by which it looks at something, and its default. */
const byDefault =
  /\b((?:check|strict|exact|ordered|enforce|fail|raise|compare|verify|require|match)\w*|\w*(?:_strict|Strict|_exact|Exact))\s*(?::[^=\n]*)?=\s*(True|true|TRUE|1|["'](?:equiv|strict|exact|all|error|raise)["'])(?=\s*[,)]|\s*$)/g;
const ofHelper = /\b(?:def|func|function|fun|fn|sub)\s+(?:\w+\.)?\w*(?:assert|expect|compare|verify|check|match|equal)\w*/i;

function checkOff({ before, path }: Change, taken: string[], put: string[]): Found[] {
  if (!ofHelper.test(before) && !/assert|expect|compar|match/i.test(path)) return [];
  const now = put.join('\n');
  for (const { 0: text, 1: name = '' } of taken.join('\n').matchAll(byDefault)) {
    const off = new RegExp(`\\b${name}\\s*(?::[^=\\n]*)?=\\s*(?:False|false|FALSE|0|None|nil|null|undefined)\\b`).exec(now);
    if (off !== null)
      return [{ kind: 'tests_loosened', severity: 'violation', evidence: `checks no more unless asked: ${text} became ${off[0]}` }];
  }
  return [];
}
