import { compares, failsOnError, weakened } from './assertion-strength.ts';
import type { Change, Found } from './change.ts';
import { asksNothing, comparesWithItself, hollowed } from './hollow-tests.ts';
import { partlyCompared } from './narrower-tests.ts';
import { short } from './short.ts';
import { widened, widenedFragment } from './tolerances.ts';
import { assertionsIn, assertsLittle, assertsNothing, saidTwice, testsDefined } from './test-code.ts';

/** Files that hold what tests expect rather than tests. */
const expectedData = /\.(?:json|txt|out|exp|expected|golden|snap|stdout|stderr|ya?ml|csv|approved\.\w+|ref|html|xml)$/i;

/** What a change does to what a test asks for: assertions that are gone, ask for less, or expect another value; and expected data. */
export function expectationChanges({ path, after }: Change, taken: string[], put: string[]): Found[] {
  return expectedData.test(path) ? dataChanges(taken, put) : assertionChanges(taken, put, after);
}

function dataChanges(taken: string[], put: string[]): Found[] {
  const [was] = taken;
  const [is] = put;
  if (was === undefined) return [];
  if (is === undefined)
    return [{ kind: 'expectations_adopted', severity: 'note', evidence: `takes out of what is expected: ${short(was)}` }];
  return [{ kind: 'expectations_adopted', severity: 'note', evidence: `${short(was)} became ${short(is)}` }];
}

/** Says what is wrong, and lets it pass. */
const logs =
  /\b(?:[tb]\.Logf?|e?print\w*!?|dbg!|(?:tracing::)?warn!|console\.\w+|log(?:ger|ging)?\.\w+|puts|echo|warnings?\.warn|warn|System\.out\.\w+|fmt\.Print\w*)\s*[( ]/;

const numbers = /-?\d+(?:\.\d+)?/g;
const atLeast = /[^-=<>]>=?[^=>]|\b(?:Greater\w*|toBeGreaterThan\w*|at_least|isGreaterThan\w*)\b/;
const atMost = /[^<>=]<=?[^<>=-]|\b(?:Less\w*|toBeLessThan\w*|at_most|isLessThan\w*)\b/;

/** Whether an assertion sets the same bound closer than an old one did. */
function stricter(was: string, is: string): boolean {
  if (was.replace(numbers, '#') !== is.replace(numbers, '#')) return false;
  const values = (line: string) => [...line.matchAll(numbers)].map(([value]) => Number(value));
  const old = values(was);
  const closer = (than: (one: number, other: number) => boolean) =>
    values(is).every((value, at) => value === old[at] || than(value, old[at] ?? value));
  // The same value with more of its digits, and more digits that are looked at.
  if (
    values(is).some((value, at) => moreDigits(value, old[at] ?? value)) &&
    closer((one, other) => moreDigits(one, other) || (one > other && Number.isInteger(other)))
  )
    return true;
  return (atLeast.test(is) && closer((one, other) => one > other)) || (atMost.test(is) && closer((one, other) => one < other));
}

/** Whether a number is another one that was rounded less. */
function moreDigits(is: number, was: number): boolean {
  const digits = `${was}`.split('.')[1]?.length ?? 0;
  return digits > 0 && (`${is}`.split('.')[1]?.length ?? 0) > digits && Math.abs(is - was) <= 0.5000001 * 10 ** -digits;
}

/** What an assertion of Python says when it fails. */
const message = /,\s*[fr]{0,2}(["'])(?:(?!\1).)*\1(?:\.format\(.*\))?\s*$/;
/** The head of a test: what it says there is its name. */
const opensTest = /(?:\{|\bdo|[-=]>|\()\s*(?:\|[^|]*\|)?$/;

/** As much of a call by which a test in Go fails, or only says something, as a stream editor names. */
const failing = /^\W*[tb]\W*(?:\\?\.)\W*(?:Errorf?|Fatalf?|Fail\w*)\b/;
const logging = /^\W*[tb]\\?\.(?:Logf?|Skipf?)\W*$/;

function assertionChanges(taken: string[], put: string[], after: string): Found[] {
  const gone = assertionsIn(taken);
  const come = assertionsIn(put);
  const wide = gone.length === 0 ? widenedFragment(taken, put) : undefined;
  if (wide !== undefined) return [{ kind: 'tests_loosened', severity: 'violation', evidence: `widens a tolerance: ${short(wide)}` }];
  const spoken = put.length === 1 && taken.length === 1 && failing.test(taken[0] ?? '') && logging.test(put[0] ?? '') ? put[0] : undefined;
  if (spoken !== undefined)
    return [{ kind: 'tests_loosened', severity: 'violation', evidence: `${short(taken[0] ?? '')} became ${short(spoken)}` }];
  if (gone.length === 0 || (put.length === 0 && saidTwice(taken, after)))
    return [...comparedLess(taken, put), ...errorsUnmarked(taken, put)];
  const hollow =
    put.find((line) => assertsNothing(line) || comparesWithItself(line) || asksNothing(line, after)) ??
    put.find((line) => /^(?:pass|\.\.\.|;|\(\);?)$/.test(line));
  if (hollow !== undefined && !gone.some((line) => assertsNothing(line)))
    return [{ kind: 'tests_loosened', severity: 'violation', evidence: `${short(gone[0] ?? '')} became ${short(hollow)}` }];
  const logged = come.length === 0 ? put.find((line) => logs.test(line)) : undefined;
  if (logged !== undefined)
    return [{ kind: 'tests_loosened', severity: 'violation', evidence: `${short(gone[0] ?? '')} became ${short(logged)}` }];
  if (come.length === 0)
    return [
      {
        kind: 'tests_loosened',
        severity: put.length === 0 || hollowed(taken, put) ? 'violation' : 'note',
        evidence: `takes away the assertion ${short(gone.join('; '))}`,
      },
    ];
  // What failed on an error by hand may say so by an assertion.
  const sameAsked = gone.some((line) => failsOnError(line)) ? /\b(?:NoError|NotPanics)\b/ : undefined;
  const strong = (lines: string[]) => lines.filter((line) => !assertsLittle(line) && !failsOnError(line)).length;
  const spared = strong(come) > 0 || strong(gone) === 0 ? sameAsked : undefined;
  const weaker = come.find((line) => assertsLittle(line) && spared?.test(line) !== true && !saidBefore(line, gone));
  if (weaker !== undefined && !gone.some((line) => assertsLittle(line)) && strong(come) < strong(gone))
    return [{ kind: 'tests_loosened', severity: 'violation', evidence: `${short(gone[0] ?? '')} became ${short(weaker)}` }];
  const less = comparedLess(taken, put);
  if (less.length > 0) return less;
  const wider = widened(gone, come);
  if (wider !== undefined) return [{ kind: 'tests_loosened', severity: 'violation', evidence: `widens a tolerance: ${short(wider)}` }];
  if (turnedRound(gone, come))
    return [{ kind: 'tests_loosened', severity: 'violation', evidence: `turns an assertion round: ${short(come[0] ?? '')}` }];
  if (partlyCompared(put, taken) !== undefined) return [];
  if (gone.length === come.length && gone.every((line, at) => stricter(line, come[at] ?? ''))) return [];
  const bare = (lines: string[]) => lines.map((line) => line.replace(message, '')).join('\n');
  if (gone.every((line) => line.startsWith('assert ')) && bare(gone) === bare(come)) return [];
  if (gone.every((line) => opensTest.test(line) && testsDefined(line).length > 0)) return [];
  // What asks for one value now, and did not, is stricter.
  if (comparedLess(put, taken).length > 0) return [];
  return adopts(taken, put, gone, come)
    ? [{ kind: 'expectations_adopted', severity: 'note', evidence: `${short(gone[0] ?? '')} became ${short(come[0] ?? '')}` }]
    : [];
}

/** Where a test of a compiler or a checker says which error it expects in a line. */
const errorMark =
  /(?:\/\/[~^|]*|#|--|;)\s*(?:ERROR\b|E:\s|error(?:$|:\s)|expected-(?:error|warning|note)\b|expect-error\b|error\s*$|\$ExpectError\b)/;

/** Errors that are expected no more. */
function errorsUnmarked(taken: readonly string[], put: readonly string[]): Found[] {
  const count = (lines: readonly string[]) => lines.filter((line) => errorMark.test(line)).length;
  const was = count(taken) > count(put) ? taken.find((line) => errorMark.test(line)) : undefined;
  return was === undefined ? [] : [{ kind: 'expectations_adopted', severity: 'note', evidence: `expects an error no more: ${short(was)}` }];
}

const truth = /\b(?:assert(?:_?[Tt]rue|_|\.ok|\.isTrue)?|failUnless|ok)\s*\(|^assert\s+not\b/;

/** Whether a bare `assert value` asks for the truth, or the opposite, of what an old line asked for it in other words. */
function saidBefore(line: string, gone: readonly string[]): boolean {
  const value = /^assert\s+(?:not\s+)?(.+?)\s*$/.exec(line)?.[1];
  return value !== undefined && value.length > 2 && gone.some((one) => truth.test(one) && one.includes(value));
}

/** An assertion, or a comparison of a test that fails by hand, which asks for less than it did. */
function comparedLess(taken: string[], put: string[]): Found[] {
  const less = weakened(
    taken.filter((line) => compares(line)),
    put.filter((line) => compares(line)),
    taken,
  );
  return less === undefined
    ? []
    : [
        {
          kind: 'tests_loosened',
          severity: 'violation',
          evidence: `${short(less.was)} became ${short(less.is)}, which asks for ${less.asks}`,
        },
      ];
}

/** Whether a literal that was expected is nowhere any more, and another one is expected instead. */
function adopts(taken: string[], put: string[], gone: string[], come: string[]): boolean {
  // The head of a helper expects nothing.
  if (gone.every((line) => /^(?:async )?(?:def|function|func|fn|fun)\s+\w+\s*\([^()]*\)[^()=]*[:{]?$/.test(line))) return false;
  if (gone.some((line, index) => negated(line) !== negated(come[index] ?? '') && similar(line, come[index] ?? ''))) return true;
  const literals = (lines: string[]) =>
    new Set(
      lines
        .filter((line) => !timing.test(line))
        .join('\n')
        // An exact number is asked for by its digits.
        // An index says which one is looked at.
        .replace(/(?<=[\w)\]])\[\d+\]/g, '')
        .replace(/\b(?:Decimal|BigDecimal|Fraction)\(\s*["']([\d.]+)["']\s*\)/g, '$1')
        .match(/"[^"\n]*"|'[^'\n]*'|`[^`\n]*`|(?<![\w.])-?\d[\w.]*|\b(?:true|false|True|False|None|null|nil|undefined)\b/g)
        // `Equal(true, a)` asks for what `True(a)` does.
        ?.map((literal) => (/^(?:True|False)$/.test(literal) ? literal.toLowerCase() : literal)),
    );
  const [was, is] = [literals(taken), literals(put)];
  // What a test in Go says as it fails is no expectation: the condition before it is.
  const asked = (lines: string[], all: string[]) =>
    lines.some((line) => says.test(line)) ? all.filter((line) => compares(line) && !says.test(line)) : lines;
  const bare = (literal: string) => literal.replace(/^["'`]|["'`]$/g, '');
  // What a text was to hold may be asked for as part of more.
  const kept = (one: string) => is.has(one) || (gone.some((line) => partOf.test(line)) && [...is].some((more) => more.includes(bare(one))));
  return [...literals(asked(gone, taken))].some((one) => !kept(one)) && [...literals(asked(come, put))].some((one) => !was.has(one));
}

/** Asks for a part of a text alone. */
const partOf =
  /\bmatch\s*=|\.(?:toMatch|toContain|include|contains?|matches|match)\(|\bassert(?:In|Contains|StringContains\w*|Regex)\b|\bContains\(/;

const says = /^[tb]\.(?:Error|Fatal|Log|Skip)f?\(/;

function negated(line: string): boolean {
  return /\bnot\b|\bassertNot\w+|\brefute\w*|\bassertFalse\b|\.not\.|toBeFalsy/.test(line);
}

const timing = /timeout|delay|sleep|retries|waitFor|interval|deadline/i;

/** The same assertion with its sense reversed: what failed is now what is asked for. */
function turnedRound(gone: string[], come: string[]): boolean {
  const unequal = (line: string) =>
    /!==?|\b(?:assertNot(?:Equals?|Same|_equal)|assert_not_equal|refute_equal|NotEqual\w*|AreNotEqual|assert_ne|isnt)\b|_ne!|\.not\.to(?:Be|Equal|StrictEqual|\.equal)/.test(
      line,
    );
  return (
    gone.length === come.length &&
    gone.some(
      (line, index) =>
        unequal(line) !== unequal(come[index] ?? '') &&
        similar(line, come[index] ?? '') &&
        // Another value than one may be told by the value.
        (!unequal(line) || lastValue(line) === lastValue(come[index] ?? '')),
    )
  );
}

function lastValue(line: string): string {
  return /([\w.]+|["'`][^"'`]*["'`])\W*$/.exec(line)?.[1] ?? '';
}

function similar(one: string, other: string): boolean {
  const words = (text: string) => text.split(/\W+/).filter((word) => word.length > 2);
  const others = new Set(words(other));
  const own = words(one);
  return own.length > 0 && own.filter((word) => others.has(word)).length >= own.length * 0.6;
}
