import { asserts, assertsLittle, isComment } from './test-code.ts';

/** Asks for one value. */
const exact =
  /\btest_cmp\b|\(check\s+\(?\w|\.Should\(\)\.(?:Be|Equal|BeEquivalentTo)\(|\btoHaveText\(|[^=!<>~]==[^=]|===|(?<!\w)eql?\b|\bequals?\b|\b(?:assert|expect|check|require|XCTAssert|Assert\.(?:Are)?|refute)_?(?:Equals?|Same|Identical|Eq|identical|equal|same)\w*|\.(?:Equal\w*|Same|JSONEq|Len|EqualError|ErrorIs|ErrorEqual)\s*\(|_(?:EQ|STREQ|eq|equal|identical)!?\s*\(|\.to(?:Be|Equal|StrictEqual|HaveLength|MatchObject)\s*\(|\b(?:strictEqual|deepEqual|deepStrictEqual|is_deeply|isEqualTo|containsExactly\w*|hasSize|match_array)\b|(?:^|\s)is\s*\(|\bt\.(?:is|same|deepEqual|equal)\s*\(|\bshould(?:Be|Equal)\b|\bshould\s+(?:be|equal)\b|\(=\s|\bexpect\s*\([^,()]*(?:\([^()]*\))?[^,()]*,\s*(?:-?\d|["'\w])|^if\b.*!=|^\[{1,2}\s.*\s(?:=|==|-eq)\s/;

const presence =
  /\brefute_(?:nil|empty)\b|\brefute\s+is_nil\b|\bis_not_nil\b|\bassert\.(?:is_)?truthy\b|\bIs\.Not\.(?:Null|Empty)\b|\bassert_respond_to\b|\bshouldNotBe\s+(?:null|empty)\b|\btest\s+-[sn]\s|^#(?:expect|require)\(.*!=\s*nil\b|^\w[\w.()]*\s*!=\s*null$|\.Should\(\)\.(?:NotBeNull|BeGreaterThan|BePositive|NotBeEmpty|BeOfType|NotThrow)\b|\btoBe(?:Visible|InTheDocument|Attached)\b|\bshouldNotBe(?:Null|Empty)\b|\bXCTAssertNotNil\b|\.(?:NotZero|NotEmpty|NotNil|True)\s*\(\s*t?,?\s*[\w.()]+\s*\)|\bassert(?:_true|True|IsTrue)?(?:\s+|\s*\(\s*)[\w.$]+(?:\([^()]*\))?\s*\)?;?$|\b(?:be|is)_?(?:truthy|present|a_value)\b|\bisNotNull\b|\bNotNil\b|\bassert(?:_)?(?:NotNull|NotNil|not_null|not_nil|not_empty|NotEmpty|some)\w*|\bXCTAssert(?:True|NotNil)?\s*\(\s*[\w.]+\s*\)|(?:^|\s)ok\s*\(\s*[^=<>]+\)|\bnot_to\s+be_(?:nil|empty)|\[{1,2}\s+-n\s/;
const kinds =
  /\bassert_(?:kind_of|instance_of)\b|\bis\.(?:numeric|character|integer|list|function|logical)\(|\bassertIs<|\b(?:is_?instance\w*|typeof|is_(?:integer|number|binary|map|list|atom|float|boolean)|assertIs(?:Int|String|Array|Float|Bool|Object|Numeric|Callable)|be_(?:an?|kind_of|instance_of)|IsType|IsAssignableFrom|InstanceOf\w*|isA<|is_(?:a|number|string|table)\b|expect_(?:type|s3_class|s4_class|is)|expect\.any|toBeInstanceOf|assertIsInstance)\b|\sisa\s|\bisA<|\b(?:be|shouldBe|should be) an? |\bisinstance\b|\b(?:number|string|map|int|some)\?/i;
const order =
  /\.is(?:Positive|Negative|NotNegative|NotZero|GreaterThan\w*|LessThan\w*)\(|\((?:pos|neg)\?\s|\bshouldBe(?:Greater|Less)Than\b|\bExpect\.(?:greater|less|at)\w+|^(?:#expect|#require|doAssert|check)\b[^=]*\s[<>]=?\s|\b(?:Greater\w*|Less\w*|GreaterOrEqual|assert_?(?:Greater|Less)\w*|EXPECT_[GL][ET]|ASSERT_[GL][ET]|InRange|between|toBe(?:Greater|Less)\w+|at_least|at_most|Positive|NonNegative|NotNegative)\b|\b(?:assert|expect|should|be|@test|XCTAssert\w*|assertTrue|ok|true)\b[^=]*\s[<>]=?\s|\bbe\s+[<>]|`shouldSatisfy`|^if\b[^!=]*[<>]/;
const member =
  /\bAnyOf\(|\bAssert\.Contains\(\s*\w+,\s*new|%in%|\((?:contains\?\s+)?#\{|\bshouldBeIn\b|\]?\)?\s+should\s+contain\b|\bisOneOf\b|\bmatches!.*(?:\||\.\.|\b_\b)|\b(?:anyOf|any_of|oneOf|one_of|isOneOf|isIn|assert_includes?|assertContains|toContain(?:Equal)?|assertIn|be_one_of|be_in)\b|\bin\s*[([{]|\bin\s+\d+\.\.|\.Contains\s*\(\s*t?,?\s*\[\]|\.or\s|\|\||\sor\s|∈|\bexpect\(\[[^\]]*\]\)\.(?:toContain|to\.include)|^if\b.*!=.*&&.*!=/;
const noThrow =
  /\bnoExceptionThrown\(\)|\bnoException\s+should\b|\b(?:NoError|NotPanics|assertDoesNotThrow|doesNotThrow|EXPECT_NO_THROW|ASSERT_NO_THROW|NO_THROW|REQUIRE_NOTHROW|CHECK_NOTHROW|not_to\s+raise_error|assert_nothing_raised|notThrows\w*|XCTAssertNoThrow|@test_nowarn|expect_(?:no_error|silent|no_condition)|lives_ok|expectNotToPerformAssertions|assert_no_error|is_ok)\b|\.not\.toThrow/;
const unequal =
  /\bshouldNotBe\b|\bExpect\.notEqual\b|\b(?:isnt|assert_ne|assert_not_equal|assertNotEqual\w*|assertNotSame|NotEqual\w*|NotSame|AreNotEqual|refute_equal|EXPECT_NE|ASSERT_NE|expect_false)\b|\.not\.to(?:Be|Equal|StrictEqual)|!==?(?!.*\{)/;
const anything =
  /\bmatch\?\(\s*_|\?assertMatch\(\s*_\s*,|\bqr\/\.[*+]?\/|=~\s*\.[*+]?\s*\]|\bExpect\.pass\b|\(check\s+pass\)|assert\s+\{:\w+,\s*_\w*\}\s*=|\b(?:anything|expect\.any|mock\.ANY|gomock\.Any|any_args|const True|isAnything|AnyOf\(\))\b|assert\s+_\s*=|\bANY\b/;
const recorded =
  /\btoMatch(?:Inline)?Snapshot\b|\bassert_(?:\w+_)?snapshot\b|\bmatchSnapshot\b|\bexpect_snapshot\w*|\bassertMatchesSnapshot|\bt\.snapshot\b|\bsnapshot\.assert_match|\bVerify\w*\(\s*\w+\s*\)|\bcupaloy\b|\bApprovals?\.(?:verify|Verify)/;

/** Tolerances by the number that they name, where it is wide. */
function nearby(line: string): boolean {
  const digits = /\b(?:toBeCloseTo|assertAlmostEquals?|assert_almost_equal)\s*\(.*,\s*(?:places\s*=\s*|decimal\s*=\s*)?(-?\d+)\s*\)/.exec(
    line,
  )?.[1];
  if (digits !== undefined && Number(digits) <= 1) return true;
  const named =
    /\b(?:abs|rel|a_?tol|r_?tol|delta|tolerance|accuracy|eps(?:ilon)?|be_within\s*\()\s*[:=]?\s*(\d+(?:\.\d+)?(?:e-?\d+)?)/i.exec(
      line,
    )?.[1] ??
    /(?:\b(?:closeTo|approximately|assert_in_delta|be_close|assert_in_epsilon)|(?:WithDelta|InDelta|InEpsilon|NEAR|Near))\b.*,\s*(\d+(?:\.\d+)?)\s*\)*;?$/.exec(
      line,
    )?.[1] ??
    /^assertEquals\s*\(\s*-?[\d.]+[fdL]?\s*,[^,]+,\s*(\d+(?:\.\d+)?)\s*\);?$/.exec(line)?.[1];
  return named !== undefined && Number(named) >= 0.01;
}

const weaker: [kind: string, pattern: RegExp][] = [
  ['any value', anything],
  ['a recording', recorded],
  ['a kind', kinds],
  ['that nothing is thrown', noThrow],
  ['one of several', member],
  ['more or less', order],
  ['another value than one', unequal],
  ['that there is something', presence],
];

/** A value that a look at truth or absence asks for as well. */
const plainTruth =
  /\b(?:True|true|TRUE|None|nil|null|undefined|False|false)\b\s*[),;\]]*\s*$|[(,]\s*(?:True|true|TRUE|None|nil|null|undefined)\s*[,)]/;

/** How an assertion asks for less than one value; undefined where it asks for one, or for something of its own. */
function kindOfWeakness(line: string): string | undefined {
  // A test that fails by hand where one or the other is wrong asks for both.
  if (/^(?:\}\s*else\s+)?if\b.*\|\|/.test(line) && !/&&|\b(?:or|in)\b|[<>]/.test(line)) return undefined;
  return nearby(line)
    ? 'a value nearby'
    : (weaker.find(([, pattern]) => pattern.test(line))?.[0] ?? (assertsLittle(line) ? 'hardly anything' : undefined));
}

/** Whether a line of Go fails on an error alone: `NoError` asks for the same. */
const onError = /^(?:\}\s*else\s+)?if\b.*\berr\w*\s*!=\s*nil\s*\{?$|^[tb]\.(?:Fatal|Error)f?\((?:"[^"]*%[vsw][^"]*",\s*)?err\w*\)$/;

export function failsOnError(line: string): boolean {
  return onError.test(line);
}

const partOf =
  /\b(?:assertIn|assertContains|assert_includes?|toContain|Contains|StringContains\w*|to\.include|assert\.include|contains)\b|\bin\s/;

/** Whether a line asks that a text holds a part which the old lines did not have: the text itself is another one now. */
function asksForNewText(line: string, taken: readonly string[]): boolean {
  if (!partOf.test(line) || /\[[^\]]*,|\|\||\bor\b/.test(line)) return false;
  const parts = [...line.matchAll(/(["'`])((?:(?!\1)[^\n\\]|\\.){3,})\1/g)].map((match) => match[2] ?? '');
  return parts.length > 0 && parts.every((part) => !taken.some((one) => one.includes(part)));
}

const vocabulary =
  /^(?:assert\w*|expect\w*|should\w*|equals?|toBe|toEqual|Equal|require|self|this|not|eq|eql|is|be|to|if|true|false|None|nil|null|test|value_of|EXPECT_\w+|ASSERT_\w+|CHECK\w*|XCTAssert\w*|Assert|that|unwrap|and|or|in)$/;

function subjects(line: string): string[] {
  // What shells compare stands in quotes.
  return ((line.startsWith('[') ? line : line.replace(/"[^"]*"|'[^']*'|`[^`]*`/g, ' ')).match(/[A-Za-z_][\w-]*/g) ?? []).filter(
    (word) => word !== 't' && !vocabulary.test(word),
  );
}

/**
 * An assertion that asked for one value and now asks for less: a kind, a range, one of several, that nothing is thrown.
 * `gone` and `come` are lines of a change that assert, or in Go and shells compare; `taken` all that it took out.
 */
export function weakened(
  gone: readonly string[],
  come: readonly string[],
  taken: readonly string[],
): { was: string; is: string; asks: string } | undefined {
  const exactly = (line: string) => exact.test(line) && kindOfWeakness(line) === undefined && !onError.test(line);
  const was = gone.filter((line) => exactly(line) && !plainTruth.test(line));
  if (was.length === 0 || come.filter(exactly).length >= gone.filter(exactly).length) return undefined;
  const weakBefore = gone.filter((line) => kindOfWeakness(line) !== undefined).length;
  const errors = taken.some((line) => onError.test(line));
  const weak = come.filter((line) => kindOfWeakness(line) !== undefined && !(errors && noThrow.test(line)) && !asksForNewText(line, taken));
  if (weak.length <= weakBefore) return undefined;
  for (const line of weak) {
    const own = new Set(subjects(line));
    const old =
      was.find((one) => subjects(one).some((word) => own.has(word))) ??
      (taken.some((one) => subjects(one).some((word) => own.has(word))) ? was[0] : undefined);
    const asks = kindOfWeakness(line);
    // That a text holds a part of it is a question of its own.
    if (old !== undefined && asks !== undefined) return { was: old, is: line, asks };
  }
  return undefined;
}

/** Lines that compare: assertions, and conditions of tests that fail by hand. */
export function compares(line: string): boolean {
  return !isComment(line) && (asserts(line) || /^(?:\}\s*else\s+)?if\b.*(?:[!=<>]=|[<>])|^\[{1,2}\s/.test(line));
}
