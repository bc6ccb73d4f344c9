import type { Change } from './change.ts';
import { asserts, isComment } from './test-code.ts';

/** What may differ from run to run, so that leaving it out of a comparison is no weakness. */
const volatile =
  /time|date|stamp|created|updated|modified|elapsed|duration|\bids?\b|_id\b|[a-z]Id\b|uuid|guid|hash|version|host|path|port|pid|seed|random|nonce|token|address|locale|order/i;

/** A part of values that a comparison leaves out. */
const without =
  /\bcmpopts\.Ignore\w+\(|\b(?:usingRecursiveComparison|recursively)\b[^\n]*\.ignoring\w+\(|\.ignoring\w*(?:Fields|Attributes|Types|Order)\w*\(|\bisEqualToIgnoring\w+\(|\bignore_(?:fields|keys|columns|attrs)\s*=|\bexclude_(?:paths|regex_paths|keys|fields|types)\s*=|\bcheck_(?:dtype|names|index_type|column_type|exact|like|freq)\s*=\s*(?:False|True)|\.Excluding\w*\(|\bexcluding\(|\b_\.omit\(|\bomit\(|\bshouldBeEqualToIgnoring\w+\(|\bassert_(?:frame|series)_equal\([^\n]*\bcheck_\w+\s*=\s*False/;
/** A part of a value that goes before it is compared. */
const stripped =
  /^delete\s+\w+(?:\.\w+|\[["'][\w-]+["']\])\s*;?$|^\w+\.pop\(\s*["']\w+["'](?:\s*,\s*None)?\s*\)\s*;?$|^del\s+\w+(?:\[["'][\w-]+["']\]|\.\w+)$|^\w+\.delete\(\s*:\w+\s*\)$|^delete\(\w+,\s*"\w+"\)$|^\w+(?:\.\w+|\[["']\w+["']\])\s*=\s*\w+(?:\.\w+|\[["']\w+["']\])\s*;?$|^unset\(\$\w+\[["']\w+["']\]\);$/;

/** A comparison that was of all and now leaves fields of the values out, though they are the same in every run. */
export function leftUncompared({ before, after }: Change, taken: readonly string[], put: readonly string[]): string | undefined {
  if (before === '') return undefined;
  const option = put.find(
    (line) => without.test(line) && !isComment(line) && !volatile.test(line.replace(/^.*?(?:Ignor|ignor|exclu|Exclu|omit)/, '')),
  );
  if (option !== undefined && !without.test(before) && taken.some((line) => similarStart(line, option))) return option;
  const gone = put.filter((line) => stripped.test(line) && !volatile.test(line) && sameField(line));
  const [first] = gone;
  if (first === undefined || put.some((line) => asserts(line) && !before.includes(line))) return undefined;
  // Both sides lose it, or one takes the other's, before an assertion that stood there.
  const rest = after.slice(after.indexOf(first));
  return (gone.length > 1 || first.includes('=')) && rest.split('\n').some((line) => asserts(line) && before.includes(line.trim()))
    ? first
    : undefined;
}

/** Of an assignment, whether a field takes the value of its like. */
function sameField(line: string): boolean {
  const [, one, other] = /^\w+(?:\.|\[["'])(\w+)["'\]]*\s*=\s*\w+(?:\.|\[["'])(\w+)/.exec(line) ?? [];
  return one === other;
}

function similarStart(one: string, other: string): boolean {
  return one.slice(0, 12) === other.slice(0, 12);
}

const upper =
  /[^<>=]<=?[^<>=]|\b(?:Less\w*|toBeLessThan\w*|at_most|isLessThan\w*|assertLess\w*|below|lt|le|be_between|Within)\b|^if\b[^<]*[^->]>=?[^>=]/;
const number = /(\d+(?:\.\d+)?)(?:\s*\*\s*time\.(Nanosecond|Microsecond|Millisecond|Second|Minute|Hour)|_?(ms|s|us|ns)\b)?/g;
const units: Record<string, number> = {
  Nanosecond: 1e-9,
  Microsecond: 1e-6,
  Millisecond: 1e-3,
  Second: 1,
  Minute: 60,
  Hour: 3_600,
  ns: 1e-9,
  us: 1e-6,
  ms: 1e-3,
  s: 1,
};
const manyTimes = 10;

/** A limit of a test that nothing reaches any more: the same question with a number many times as large. */
export function limitRaised(taken: readonly string[], put: readonly string[]): string | undefined {
  if (taken.length === 0 || taken.length > 20) return undefined;
  return put.find((line) => {
    if (!upper.test(line) || !(asserts(line) || /^if\b/.test(line))) return false;
    const bare = line.replace(number, '#');
    const old = taken.find((one) => one.replace(number, '#') === bare);
    if (old === undefined) return false;
    const [was, is] = [valuesOf(old), valuesOf(line)];
    return (
      is.some((value, at) => value >= (was[at] ?? Number.POSITIVE_INFINITY) * manyTimes) &&
      is.every((value, at) => value >= (was[at] ?? value))
    );
  });
}

function valuesOf(line: string): number[] {
  return [...line.matchAll(number)].map(([, digits = '', go = '', suffix = '']) => Number(digits) * (units[go] ?? units[suffix] ?? 1));
}

/** Lines of a change that are compared with each other. */
const mostPairs = 40_000;
const equals =
  /[^=!<>]==[^=]|===|\b(?:assert(?:_)?[eE]quals?|assertEqual|Equal|toBe|toEqual|toStrictEqual|strictEqual|deepEqual|is|assert_eq!?|eq)\b/;
const contains =
  /\bassertIn\b|\btoContain\b|\bContains\b|\bassert_includes?\b|\bassertContains\b|\bassertStringContains\w*|\.to\.include\b|\bto include\b|(?:["'`]|\w)\s+in\s+\w|\bstartsWith\(|\.startswith\(|\bHasPrefix\(|\.contains\(|\.include\?\(|\btoMatch\(/;

/** A text that was to be equal to a literal and now only has to hold it. */
export function onlyContained(taken: readonly string[], put: readonly string[]): string | undefined {
  if (put.length * taken.length > mostPairs) return undefined;
  // Two questions in the place of one may ask for more.
  const asked = (lines: readonly string[]) => lines.filter((line) => asserts(line)).length;
  if (asked(put) > asked(taken)) return undefined;
  return put.find((line) => {
    if (!asserts(line) || !contains.test(line)) return false;
    const literal = /(["'`])((?:(?!\1)[^\n\\]|\\.){2,})\1/.exec(line)?.[2];
    return literal !== undefined && taken.some((old) => asserts(old) && equals.test(old) && !contains.test(old) && old.includes(literal));
  });
}

const normalising =
  /\.(?:lower|upper|casefold|strip|lstrip|rstrip|trim|toLowerCase|toUpperCase|downcase|upcase|squeeze|squish|title)\(?\)?|\b(?:strings\.(?:ToLower|ToUpper|TrimSpace|Fields)|strtolower|strtoupper|trim|tolower|toupper)\(\s*([^()]*(?:\([^()]*\))?[^()]*)\)|(["'])\s*\2\.join\(\s*(\w+)\.split\(\s*\)\s*\)|\.replace\(\s*(?:\/\\s\+?\/g?|["']\s*["'])\s*,\s*["']\s?["']\s*\)/g;

/** Two sides that are compared only after both lost what may have been wrong with one: their case, their blanks. */
export function comparedBare(taken: readonly string[], put: readonly string[]): string | undefined {
  if (put.length * taken.length > mostPairs) return undefined;
  return put.find((line) => {
    if (!asserts(line) || (line.match(normalising)?.length ?? 0) < 2) return false;
    const bare = plain(line);
    return taken.some((old) => asserts(old) && (old.match(normalising)?.length ?? 0) === 0 && plain(old) === bare);
  });
}

function plain(line: string): string {
  return line.replace(normalising, (_, inner: string | undefined, __, word: string | undefined) => inner ?? word ?? '').replace(/\s+/g, '');
}
