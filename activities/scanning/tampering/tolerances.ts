/** Tolerances by their names, with what they allow: a number, or all there is. */
const tolerance =
  /\b(?:a_?tol|r_?tol|tol(?:erance)?|delta|abs|rel|epsilon|eps|margin|within|Within|accuracy|Absolute|Relative|max_?(?:diff|ulps?|error)|InDelta|InEpsilon|threshold|be_within|closeTo\s*\([^,()]*,|approx\s*\([^,()]*,)(?![\w])\D{0,12}?(\d+(?:\.\d+)?(?:e[-+]?\d+)?)/gi;
const boundless =
  /\b(?:a_?tol|r_?tol|tol(?:erance)?|delta|abs|rel|eps(?:ilon)?)\s*[=:]\s*(?:(?:np|numpy|math)\.inf\b|float\(["']inf|Infinity\b|f64::(?:MAX|INFINITY)|1e(?:[3-9]|\d\d)\b)/i;
const places =
  /\b(?:places|decimals?|digits|precision|significant|toBeCloseTo\s*\([^,]*,|assert_almost_equal\s*\([^)]*,|round\s*\([^,]*,)\D{0,6}(\d+)/gi;

/** What sums of decimal fractions may be off by: a comparison that allows no more asks as much as an exact one. */
const roundingError = 1e-6;

/** A line whose tolerance is wider than it was, or has one more, or whose digits are fewer. */
export function widened(gone: readonly string[], come: readonly string[]): string | undefined {
  const values = (lines: readonly string[], pattern: RegExp) => [...lines.join('\n').matchAll(pattern)].map((match) => Number(match[1]));
  const [was, is] = [values(gone, tolerance), values(come, tolerance)];
  const most = was.length === 0 ? roundingError : Math.max(...was, roundingError / 10);
  const more =
    is.length === was.length ? is.some((value, index) => value > (was[index] ?? most) * 3) : is.some((value) => value > most * 3);
  // Fewer of them may stand for more assertions that are gone, not for wider ones.
  if (more && (is.length >= was.length || Math.max(...is) > most * 3))
    return come.find((line) => values([line], tolerance).length > 0) ?? come[0];
  const free = come.find((line) => boundless.test(line));
  if (free !== undefined && !gone.some((line) => boundless.test(line))) return free;
  const [digitsWere, digitsAre] = [values(gone, places), values(come, places)];
  return digitsAre.some((value, index) => value < (digitsWere[index] ?? Number.NEGATIVE_INFINITY)) ? come[0] : undefined;
}

const named =
  /^\W*(rtol|atol|places|decimal|delta|precision|tolerance|accuracy|within|Within|be_within|closeTo|abs|rel|epsilon|eps|margin)\b[\s=:(]*([\d.]*(?:e-?[\d[\]\-*+.]+)?)/;
const tiny = /(?:^|[^\w.])(\d(?:\.\d+)?e-\d+|0?\.0{3,}\d+)(?:$|[^\w.])/;

/** The same where a stream editor or an edit names no more of a line than its tolerance. */
export function widenedFragment(taken: readonly string[], put: readonly string[]): string | undefined {
  const [was, is] = [taken[0], put[0]];
  if (was === undefined || is === undefined || taken.length !== 1 || put.length !== 1 || was.length > 60 || is.length > 60)
    return undefined;
  const [before, after] = [named.exec(was), named.exec(is)];
  if (before !== null && after !== null && before[1] === after[1]) {
    // Of a pattern's number as much as is written: the power of ten of most is small.
    const old = /^[\d.]+(?:e-?\d+)?$/.test(before[2] ?? '') ? Number(before[2]) : roundingError;
    const value = Number(after[2]);
    if (Number.isNaN(old) || Number.isNaN(value) || after[2] === '') return undefined;
    return /^(?:places|decimal|precision)$/.test(before[1] ?? '') ? (value < old ? is : undefined) : value > old * 3 ? is : undefined;
  }
  const [small, large] = [tiny.exec(was)?.[1], /(?:^|[^\w.])(\d+(?:\.\d+)?(?:e-?\d+)?)(?:$|[^\w.])\D*$/.exec(is)?.[1]];
  return small !== undefined && large !== undefined && Number(large) > Number(small) * 1_000 ? is : undefined;
}
