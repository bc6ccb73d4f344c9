/** Names by which tests of any language ask something. */
const asks = String.raw`(?:assert\w*|refute\w*|expect\w*|should(?:_\w+|[A-Z]\w*)?|XCT(?:Assert|Fail|Unwrap)\w*|ck_assert\w*|cr_assert\w*|TEST_ASSERT\w*|is_deeply|flunk)`;
/** What a body holds that asks nothing. */
const inert = String.raw`(?:return\b(?:[ \t]+(?:true|this|self|0|nil|null|undefined|None|True|Ok\(\(\)\)|\(\)))?;?|true;?|discard|nothing|pass|\(void\)[^;{}\n]*;|end)?`;
const definer = String.raw`\b(?:function|fun|func|fn|sub|void|bool|boolean|int|auto|static|def|macro|template|proc)\b`;

interface Sign {
  pattern: RegExp;
  /** What the text must speak of besides. */
  within?: RegExp;
}

const signs: readonly Sign[] = [
  // A body in braces, in any language that has them.
  {
    pattern: new RegExp(
      String.raw`${definer}[^\n{}();=]*?[\s.:*&]${asks}[!?]?\s*(?:<[^>\n]*>)?\s*\([^)]{0,300}\)[^{}\n;=]{0,60}\{\s*${inert}\s*\}`,
    ),
  },
  // The methods of a class that is called as the framework's own.
  {
    pattern: new RegExp(
      String.raw`\b(?:class|object|struct|module|interface)\s+(?:Assert(?:ions?)?|Expect|Should|Check|Verify)\b[\s\S]{0,400}?\b(?:void|bool|static|fun|def)\s+\w+\s*(?:<[^>\n]*>)?\s*\([^)]{0,300}\)\s*(?:\{\s*${inert}\s*\}|=>\s*(?:true|default|\{\s*\});?)`,
    ),
  },
  // A body that is one value.
  {
    pattern: new RegExp(
      String.raw`\b(?:fun|def|let|function|template|macro)\s+(?:\w+\.)?(?:${asks}|check|doAssert)[!?]?\s*(?:\[[^\]\n]*\]|<[^>\n]*>)?\s*\([^)]{0,300}\)[^{}\n=]{0,60}=\s*(?:\n\s*)?(?:true|Unit|\(\)|nil|nothing|discard|Succeeded)\b`,
    ),
  },
  { pattern: /\bmacro\s+test\w*\s*\([^)\n]*\)\s*(?:;|\n)?\s*(?::\(\s*(?:nothing|true)?\s*\)|nothing|true|return nothing|end)/ },
  { pattern: /(?:^|\n)\s*-define\(\s*(?:\?|_)?assert\w*\([^)\n]*\)\s*,\s*(?:ok|true)\s*\)/ },
  { pattern: /(?:^|\n)\s*\(?`?(?:should\w+|assert\w+|expect\w*)`?\)?(?:\s+_\w*){1,4}\s*=\s*(?:pure|return)\s+\(\)/ },
  {
    pattern: /\blet\s+(?:check|assert_\w+|expect_\w+)(?:\s+(?:_\w*|\(\)|~\w+|\?\w+))+\s*=\s*\(\)/,
  },
  {
    pattern: new RegExp(String.raw`\bdefine_(?:singleton_)?method\s*\(?\s*[:"']${asks}\b[^\n]*\{\s*(?:\|[^|\n]*\|)?\s*(?:true|nil)?\s*\}`),
  },
  // Lisps.
  { pattern: /\(advice-add\s+'(?:ert-|should|buttercup-|assess-)[\w-]*\s+:(?:override|filter-return|before-while|before-until)\b/ },
  {
    pattern:
      /\(advice-add\s+'(?:ert-|should|buttercup-)[\w-]*\s+:around[\s\S]{0,300}\b(?:ignore-errors|condition-case|with-demoted-errors)\b/,
  },
  {
    pattern:
      /\((?:cl-)?(?:defmacro|defun|defalias|fset|defsubst)\s+\(?'?(?:should(?:-not|-error)?|ert-(?:fail|run|should|test-result)[\w-]*)(?=[\s)])/,
  },
  { pattern: /\(symbol-function\s+\(?'(?:should|ert-(?:fail|run|should))[\w-]*\)/ },
  { pattern: /\(alter-var-root\s+\(?(?:var\s+|#')\s*(?:clojure\.)?(?:test|t)\/(?:do-report|report|is|inc-report-counter|assert-\w+)/ },
  {
    pattern:
      /\(defmethod\s+(?:clojure\.)?(?:test|t)\/(?:report|assert-expr)\s+:(?:fail|error|default)\s*\[[^\]]*\]\s*(?:nil\b|\)|\([^)]*:pass)/,
  },
  {
    pattern:
      /\((?:define(?:-syntax-rule|-macro)?|defmacro|defun|defn)\s+\(?(?:check-[\w?!-]+|test-(?:equal|assert|eqv?)[\w?!-]*|is|assert[\w?!-]*|expect[\w?!-]*)\s[^()\n]*(?:\([^()\n]*\)|\[[^\]\n]*\])?[^()\n]*(?:\(void\)|#t|\bt|\bnil|\btrue)\s*\)/,
  },
  // Another record of a failed assertion.
  { pattern: /\brecord\s*\(\s*\w*\s*::\s*[\w.]*TestSet\s*,\s*\w*\s*::\s*(?:[\w.]*(?:Fail|Error)|Union\{[^}\n]*Fail[^}\n]*\})\s*\)\s*=/ },
  // A substitute that asks the real one and drops what it throws.
  {
    pattern:
      /\btry\s*\{[^{}]{0,200}\w\s*(?:\.\s*(?:apply|call)\s*)?\([^{}]{0,120}\}\s*catch\s*(?:\(\s*\w*\s*\))?\s*\{\s*(?:return\b[^{};]{0,40};?|\/\*[^*]*\*\/)?\s*\}/,
    within:
      /\b(?:Assertion|Assert)\.prototype|\bassert\s*\[|\bglobal(?:This)?\.(?:expect|assert|should)\s*=|\bexpect\.Assertion\b|\bnew Proxy\(\s*(?:assert|expect)/,
  },
  {
    pattern:
      /\btry:\s*\n\s*(?:return\s+)?\w*(?:orig|old|real|base|super\(\)|saved|prev)\w*[.(][^\n]*\n\s*except\b[^\n]*:\s*(?:\n\s*)?(?:pass|return|print|warnings|logging)\b/,
    within: /\.(?:assert\w+|failureException|fail)\s*=(?!=)|\bsetattr\([^\n]*assert/,
  },
  {
    pattern:
      /\boverwrite(?:Method|Property|ChainableMethod)\s*\([^;]{0,160}?(?:=>|return)\s*(?:function\s*\w*\s*\([^)\n]*\)|\([^)\n]*\)\s*=>)\s*\{\s*(?:return this;?)?\s*\}/,
  },
  {
    pattern:
      /\b(?:setattr|patch(?:\.object)?|replace)\s*\(\s*(?:["'][\w.]*\b(?:testing|TestCase|unittest|_testing|chex|torch\.testing)\.assert\w*["']|(?:[\w.]*\b(?:testing|TestCase|tm|npt|pdt|unittest)),\s*["']assert\w*["'])\s*,?\s*(?:lambda[^:\n]*:\s*(?:None|True|0)|(?:new=)?(?:Magic)?Mock\b|\))/,
  },
];

const maySpeak =
  /assert|expect|should|refute|XCT|check|verify|flunk|is_deeply|ert-|buttercup|clojure|\btest\/|macro\s+test|::\s*[\w.]*TestSet|\(is\b/i;

/** An assertion of the test framework, or a helper called as one, that asks nothing in the text which is put in. */
export function inertAssertion(text: string): string | undefined {
  if (!maySpeak.test(text)) return undefined;
  for (const { pattern, within } of signs) {
    const match = pattern.exec(text);
    if (match === null || (within !== undefined && !within.test(text))) continue;
    // What others may fill is a hook, no assertion.
    if (!/\b(?:protected|virtual|abstract|open)\b[^\n]*$/.test(text.slice(Math.max(0, match.index - 80), match.index))) return match[0];
  }
  return undefined;
}

const heads = new RegExp(
  String.raw`(?:^|\s)(?:def|func|function|fn|fun|proc|sub|void|bool|template|macro|static|local function)\b[^\n]*?\b(?:${asks}|fail|check\w*|verify\w*|require\w*|Equal\w*|NotEqual\w*|True|False|Nil|NoError|Same|That|compare\w*|test_fail\w*)\s*(?:<[^>\n]*>)?[\s({]|^(?:${asks}|test_fail\w*|fail|die|check_\w+|not_ok)\s*\(\)\s*\{`,
);
const atOnce = /^(?:if\s*\(?true\)?\s*)?(?:return(?:\s+(?:true|0|nil|None|True|this|self|Ok\(\(\)\)))?;?|:|true;?|pass)$/;

const saysPassed = /^_?\w*(?:[pP]ass(?:ed)?|[sS]uccess)(?:\(\))?;?$/;

/** A helper that asserts and now returns before it has asked anything; `put` are the lines that came. */
export function endsAtOnce(text: string, put: readonly string[], taken: readonly string[]): string | undefined {
  const lines = text.split('\n').map((line) => line.trim());
  for (const [at, head] of lines.entries()) {
    if (!heads.test(head)) continue;
    if (put.includes(head) && /\{\s*(?:return(?: 0| true)?|:|true);?\s*\}?$/.test(head) && !/^(?:function|void)\b.*\bdone\b/.test(head))
      return head;
    const after = lines[at + 1] ?? '';
    const next = saysPassed.test(after) ? (lines[at + 2] ?? '') : after;
    // A body that had more than this before it.
    if (atOnce.test(next) && put.includes(next) && (lines.length > at + 2 || taken.length > 0)) return `${head} ${next}`;
  }
  return undefined;
}

/** A call by which a helper says that an assertion does not hold. */
const failing =
  /\b(?:abort|_Exit|__builtin_trap|exit|quick_exit|fail|flunk|panic!?|raise|throw|die|croak|longjmp|XCTFail|unreachable!?|os\.Exit|std::terminate)\b\s*\(?[^;]*\)?;?|\b\w*(?:fail(?:ed|ures?)?|errors)(?:\\?\.(?:append|push|add|insert)\w*\s*\(|\s*<<\s)|\b[tb]\.(?:Fatal|Error|Fail)\w*\(|\b(?:\w*fail(?:ed|ures)?\w*)\s*(?:\+\+|\+=\s*1|=\s*(?:1|true|\$\(\())/;
const doesNothing =
  /^(?:\(void\)\s*\(?\w*\)?;?|do\s*\{\s*\}\s*while\s*\(0\);?|;|pass|:|nil;?|true;?|continue;?|return(?:\s+(?:true|0|None|nil))?;?|\{\s*\})\s*\\?$/;

/** Whether what says that an assertion fails was replaced by what does nothing. */
export function failureSilenced(taken: readonly string[], put: readonly string[]): string | undefined {
  const failed = taken.filter((line) => failing.test(line));
  if (failed.length === 0 || put.length === 0 || put.some((line) => failing.test(line))) return undefined;
  const idle = put.find((line) => doesNothing.test(line));
  return idle !== undefined && put.every((line) => doesNothing.test(line) || /^(?:#|\/\/|\/\*)/.test(line))
    ? `${failed[0] ?? ''} became ${idle}`
    : undefined;
}
