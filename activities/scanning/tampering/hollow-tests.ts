import { escapedPattern } from '../../../platform/escaped-pattern.ts';
import { type Change, linesOf } from './change.ts';
import { asserts, isComment, testsDefined } from './test-code.ts';

/** Words that say nothing of what a test asks for. */
const empty = new Set(
  'pass def fn func fun function void it test describe let const var val auto do end return async await public private static self this true True Unit ok nil null None undefined in succeed done begin _ t testing T Task int pure IO assume assumeTrue assumeThat debug_assert debug_assert_eq skip given when then and'.split(
    ' ',
  ),
);
const wordPattern = /[A-Za-z_]\w*|\d+/g;
/** A docstring or a string that stands alone. */
const bareText = /^(?:[rbuf]?("""|'''|"|'|`)[\s\S]*\1;?|"""|''')$/;

/**
 * Whether a test's assertions are gone and what was put in their place is only what stood there already: a call without a
 * look at its result, an empty body, a remark. Code with names of its own may assert by them.
 */
export function hollowed(taken: readonly string[], put: readonly string[]): boolean {
  if (put.length === 0) return false;
  const known = new Set(taken.join('\n').match(wordPattern));
  return put.every(
    (line) => isComment(line) || bareText.test(line) || (line.match(wordPattern) ?? []).every((word) => known.has(word) || empty.has(word)),
  );
}

/** A matcher's beginning without any matcher, as `expect(value)` alone. */
export function asksNothing(line: string, after: string): boolean {
  if (!/^(?:await\s+)?(?:expect|assertThat|assert_that)\s*\((?:[^(),]|\([^()]*\))*\);?$/.test(line)) return false;
  const lines = after.split('\n').map((one) => one.trim());
  return !/^[.)]/.test(lines[lines.indexOf(line) + 1] ?? '');
}

const equalSides = /^(?:\(?\s*)(.+?)\s*(?:===?|\beq\b|\bis\b|~=)\s*(.+?)\s*\)?\s*[;,]?$/;
const comparing =
  /\b(?:assert_?(?:that|equals?|same|eq|is|identical|deep_?equals?)\w*|assert\.(?:equals?|strictEqual|deepEqual|deepStrictEqual|same|are\.(?:equal|same))|Assert\.(?:Equal|AreEqual|Same|Equals)|require\.Equal\w*|assert\.Equal\w*|EXPECT_(?:EQ|STREQ)|ASSERT_(?:EQ|STREQ)|CHECK_EQ|XCTAssertEqual|expect_(?:equal|identical)|is_deeply|is|t\.(?:is|equal|deepEqual)|cmp_ok|assertSame|assertEquals|assert_eq)!?\s*\(\s*(?:t\s*,\s*)?([^,]+?)\s*,\s*([^,]+?)\s*(?:,[^,]*)?\)+\s*;?$/i;
const matching =
  /\bexpect\s*\(\s*(.+?)\s*\)\s*\.?\s*(?:to\.|to\s+)?(?:toBe|toEqual|toStrictEqual|eql?|equal|be|deep\.equal)\s*[( ]\s*(.+?)\s*\)?;?$/;
const infix = /^(.+?)\s+(?:`shouldBe`|shouldBe|should be|should equal|shouldEqual|mustBe|must_equal)\s+(.+?)$/;
const lispEqual = /\(=\s+(\([^()]*\)|[\w-]+)\s+(\([^()]*\)|[\w-]+)\s*\)/;

/** An assertion that compares something with itself. */
export function comparesWithItself(line: string): boolean {
  const text = line.replace(/\s*(?:#|\/\/).*$/, '').trim();
  const asserted = /^(?:assert|@test|assert!?\s*\()\s*(.+)$/.exec(text)?.[1];
  const sides =
    comparing.exec(text) ??
    matching.exec(text) ??
    infix.exec(text) ??
    lispEqual.exec(text) ??
    (asserted === undefined ? null : equalSides.exec(asserted));
  const [one, other] = [plain(sides?.[1]), plain(sides?.[2])];
  return one !== '' && one === other;
}

function plain(text = ''): string {
  return text.replace(/\s+/g, '').replace(/^\(+|\)+$/g, '');
}

/** A keyword of a robot that says what failed and goes on. */
const goesOn = /\bRun Keyword And (?:Ignore Error|Warn On Failure|Continue On Failure|Return Status)\s{2,}(?:Should|\w[\w ]*Should)\b/;

/** A step of a robot whose failure counts no more. */
export function failureIgnored(taken: readonly string[], put: readonly string[]): string | undefined {
  return put.find((line) => goesOn.test(line) && taken.some((old) => /\bShould\b/.test(old) && line.endsWith(old)));
}

/** Opens or closes a comment or a passage that is not built, on a line of its own. */
const opens =
  /^(?:\/\*+|=begin(?:\s\w+)?|=pod|=for\b.*|=head\d.*|"""|'''|#=|--\[=*\[|\(\*|\{-|<!--|#\||\(comment|if\s*\(?(?:0|[Ff]alse|FALSE)\)?\s*[:{]?|#if\s+(?:0|false)\b.*|if \(FALSE\) \{)$/;
const closes = /^(?:\*+\/|=end|=cut|"""|'''|=#|\]=*\]|\*\)|-\}|-->|\|#|#endif\b.*)$/;

/** A passage of tests that was closed in a comment without a change of its lines. */
export function enclosed({ before, after }: Change, put: readonly string[]): string | undefined {
  const opening = put.find((line) => opens.test(line) || line.startsWith('/*'));
  if (opening === undefined || put.some((line) => !opens.test(line) && !closes.test(line) && asserts(line) && !before.includes(line)))
    return undefined;
  const lines = after.split('\n').map((line) => line.trim());
  const from = lines.indexOf(opening);
  const closing = lines.findIndex((line, index) => index > from && closes.test(line));
  const inside = lines.slice(from + 1, closing === -1 ? undefined : closing);
  const held = inside.find((line) => (asserts(line) || testsDefined(line).length > 0) && before.includes(line));
  return held === undefined ? undefined : `${opening} ${held}`;
}

/** Names of what a line replaces for a test: functions and methods of which mocks give the answer. */
const mocks: RegExp[] = [
  /\bmonkeypatch\.setattr\s*\(\s*["'](?:[\w.]+\.)?(\w+)["']\s*,/,
  /\bmonkeypatch\.setattr\s*\(\s*[\w.]+\s*,\s*["'](\w+)["']/,
  /\bpatch\s*\(\s*["'](?:[\w.]+\.)?(\w+)["'][^\n]*(?:return_value|side_effect|new\s*=|,\s*lambda)/,
  /\bpatch\.object\s*\(\s*[\w.]+\s*,\s*["'](\w+)["'][^\n]*(?:return_value|side_effect|new\s*=|,\s*lambda)/,
  /\b(?:jest|vi)\.spyOn\s*\(\s*[\w.]+\s*,\s*["'](\w+)["']\s*(?:,[^)]*)?\)[^\n]*(?:mock(?:Return|Resolved|Rejected|Implementation))/,
  /\b(?:sinon|sandbox|td|t\.mock|mock)\.(?:stub|replace|method|fake)\s*\(\s*[\w.]+\s*,\s*["'](\w+)["']/,
  /\breceive\s*\(\s*:(\w+[?!]?)\s*\)[^\n]*and_return|\breceive\s*\(\s*:(\w+[?!]?)\s*\)\s*\{/,
  /\.(?:stub|stubs|expects|any_instance\.stubs|stub_any_instance)\s*\(?\s*:(\w+[?!]?)/,
  /\bwhen\s*\(\s*(?:\(\)\s*->\s*)?[\w.]*?\.?(\w+)\s*\([^\n]*\)\s*\)\s*\.then(?:Return|Answer)/,
  /\bdo(?:Return|Answer)\s*\([^\n]*\)\.when\s*\(\s*\w+\s*\)\.(\w+)\s*\(/,
  /\bevery\s*\{\s*(?:[\w.]+\.)?(\w+)\s*\(/,
  /\bApply(?:Func|Method|FuncReturn)\s*\(\s*(?:[\w.]+\.)?(\w+)\s*,/,
  /:meck\.expect\s*\(\s*[\w.:]+\s*,\s*:(\w+)|\bwith_mock\s+[\w.]+\s*,[^\n]*\[\s*(\w+):/,
  /\blocal_mocked_bindings\s*\(\s*(\w+)\s*=|\bwith_mock(?:ed_bindings)?\s*\(\s*`?(\w+)`?\s*=|\bmockery::stub\s*\(\s*\w+\s*,\s*["'](\w+)/,
  /\(with-redefs\s+\[\s*([\w!?-]+)/,
  /\bstub\s*\(\s*\w+\s*,\s*["'](\w+)["']\s*\)\s*\.\s*returns|\bshouldReceive\s*\(\s*["'](\w+)["']\s*\)|\bmethod\s*\(\s*["'](\w+)["']\s*\)\s*->\s*will(?:Return)?/,
  /^(?:def|function|func|fn|fun|const|let|var|val|local function|sub)\s+(\w+)\s*(?:=\s*(?:\([^)]*\)|\w+)\s*=>|\([^)]*\)(?:\s*->\s*\w+|:\s*\w+)?\s*[:={])/,
  /^(?:global\s+)?(\w+)\s*=\s*(?:lambda\b|func\s*\(|function\s*\(|\([^)]*\)\s*=>|\\\(|proc\b)/,
];

/** A mock in an old test that gives the answer in the place of the very function which the test asks. */
export function stubsTheTested({ before, after }: Change, put: readonly string[]): string | undefined {
  if (before === '') return undefined;
  const asked = linesOf(before).filter(
    (line) =>
      (asserts(line) || /^(?:(?:const|let|var|auto|long|int|val|my|\$?\w+)\s+)?\$?\w+(?:,\s*\w+)*\s*(?::?=|<-)\s*\S/.test(line)) &&
      !isComment(line),
  );
  if (asked.length === 0) return undefined;
  const old = new Set(testsDefined(before));
  return put.find((line) => {
    const names = mocks.flatMap((pattern) => pattern.exec(line)?.slice(1) ?? []).filter((name) => name !== undefined && name !== '');
    if (names.length === 0 || testsDefined(line).some((name) => name !== names[0])) return false;
    const calls = (name: string) => new RegExp(`(?:^|[^\\w'":])${escapedPattern(name)}\\s*[(!]|\\(${escapedPattern(name)}\\s`);
    if (names.some((name) => new RegExp(`\\b(?:def|function|func|fn|fun|sub)\\s+${escapedPattern(name)}\\b`).test(before))) return false;
    if (!names.some((name) => !before.includes(`:${name}`) && asked.some((one) => calls(name).test(one)))) return false;
    const lines = after.split('\n').map((one) => one.trim());
    const holder = testsDefined(lines.slice(0, lines.indexOf(line) + 1).join('\n')).at(-1);
    return holder === undefined || old.has(holder) || names.includes(holder);
  });
}

const result =
  /^(?:(?:const|let|var|auto|long|int|double|val|my|String|bool)\s+)?\$?(?:mut\s+)?(\w+)(?:,\s*(?:err|_|e))?\s*(?::?=|<-)\s*(.+?);?$/;
const literal =
  /^(?:-?\d[\w.]*|"[^"]*"|'[^']*'|`[^`]*`|true|false|True|False|None|null|nil|\[[^\]()]*\]|\{[^{}()]*\}|\d+L?)(?:\s*,\s*(?:nil|None|null))?$/;
const resultName =
  /^(?:value|got|actual|res|result|ret|output|out|response|resp|answer|rv|found|received|computed|parsed|rendered|obtained)\w*$/i;

/** A call whose result a test looks at, replaced by the value itself. */
export function givesTheAnswer({ after }: Change, taken: readonly string[], put: readonly string[]): string | undefined {
  const called = new Map<string, string>();
  for (const line of taken) {
    const found = result.exec(line);
    if (found !== null && /\w[!?]?\s*\(|\w\.\w/.test(found[2] ?? '') && !literal.test(found[2] ?? '')) called.set(found[1] ?? '', line);
  }
  if (called.size === 0) return undefined;
  return put.find((line) => {
    const found = result.exec(line);
    const name = found?.[1] ?? '';
    if (found === null || !called.has(name) || !literal.test(found[2] ?? '')) return false;
    return resultName.test(name) || after.split('\n').some((one) => asserts(one) && new RegExp(`\\b${name}\\b`).test(one));
  });
}

const expectedName = /^(?:expected|want(?:ed)?|golden|correct|answer)(?:_?\w*)$/i;
/** Calls that only write a value otherwise. */
const literalCall =
  /^(?:[A-Z]\w*|dict|list|set|tuple|frozenset|str|bytes|int|float|bytearray|datetime|date|Decimal|new|Set|Map|Array|BigInt|textwrap\.dedent|dedent|[\w.]+\.(?:of|from|parse|valueOf))\(/;

/** An assertion that compares a call with what the same call gave a line before, where it was compared with a value. */
export function asksItself(taken: readonly string[], put: readonly string[]): string | undefined {
  for (const line of put) {
    const [, name, value = ''] = result.exec(line) ?? [];
    if (name !== undefined && expectedName.test(name) && /^[\w.]+\(/.test(value) && !literalCall.test(value)) {
      const old = taken.find((one) => result.exec(one)?.[1] === name);
      if (old !== undefined && literal.test(result.exec(old)?.[2] ?? '')) return line;
    }
    if (name === undefined || !/\w\(/.test(value) || !taken.some((old) => asserts(old) && old.includes(value))) continue;
    const compared = put.find(
      (one) => one !== line && asserts(one) && one.includes(value) && new RegExp(`\\b${name}\\b`).test(one.replace(value, '')),
    );
    if (compared !== undefined) return compared;
  }
  return undefined;
}

const condition =
  /^(?:\}?\s*(?:if|unless|when)\b\s*\(?(.+?)\)?\s*(?:then|do|:|\{|&&)?$)|^(?:assume\w*|Assume\.\w+|Assumptions\.\w+|pre)\s*\(\s*(.+?)\)?;?$/;

/** An assertion that now stands under a condition which holds only where the assertion would. */
export function guarded({ before, after }: Change, put: readonly string[]): string | undefined {
  if (before === '') return undefined;
  const lines = linesOf(after);
  for (const line of put) {
    const inline =
      /^(?:if|unless)\s*\(?(.+?[!=<>]=?.+?)\)?\s+((?:expect|assert|EXPECT|ASSERT|require|check)\b.*)$/.exec(line) ??
      /^((?:expect|assert|refute)\b.*?)\s+(?:if|unless)\s+(.+)$/.exec(line);
    if (inline !== null) {
      const said = [inline[1] ?? '', inline[2] ?? ''];
      const assertion = said.find((one) => asserts(one)) ?? '';
      const other = said.find((one) => one !== assertion) ?? '';
      if (before.includes(assertion) && sharesSubject(other, assertion)) return line;
    }
    const found = condition.exec(line);
    const asked = found?.[1] ?? found?.[2];
    if (asked === undefined) continue;
    const next = lines[lines.indexOf(line) + 1] ?? '';
    if (asserts(next) && before.includes(next) && sharesSubject(asked, next) && /[!=<>]|\bis\b|\bin\b|\w+\(|^\w+$/.test(asked))
      return `${line} ${next}`;
  }
  return undefined;
}

/** Whether a condition speaks of nothing but what the assertion speaks of. */
function sharesSubject(asked: string, assertion: string): boolean {
  const words = (asked.match(/[A-Za-z_]\w*/g) ?? []).filter(
    (word) => !/^(?:not|is|in|and|or|null|None|nil|undefined|true|false|len|length|isinstance|typeof)$/i.test(word),
  );
  return words.length > 0 && words.every((word) => new RegExp(`\\b${word}\\b`).test(assertion));
}

const swallowers =
  /\b(?:runCatching|pcall|xpcall|Try|try|Record\.(?:Exception|ExceptionAsync)|catch_unwind|attempt|suppress|ignoreErrors?|EXPECT_(?:NON)?FATAL_FAILURE|try_catch|tryCatch|rescue_from|catchError|Failable|contextlib\.suppress)\b\s*!?\s*[({]|\brescue\s+(?:nil|true|\w+)\s*$|\btry\?|\|\|\s*(?:true|:|echo\b.*|return 0)\s*$|\.catch\s*\(\s*(?:\w+|\(\s*\w*\s*\))\s*=>|\.(?:or|ok)\(\)\s*;?$/;

/** An assertion that stands in something which swallows its failure. */
export function swallowsAssertion({ before, after }: Change, put: readonly string[]): string | undefined {
  if (before === '') return undefined;
  const bare = (text: string) => text.replace(/[\s;(){}]+/g, '');
  const old = linesOf(before).filter((line) => asserts(line) || /^\[{1,2} /.test(line));
  const closedIn = put.find(
    (line) =>
      swallowers.test(line) &&
      !swallowers.test(before) &&
      (asserts(line) || /^\[{1,2} /.test(line)) &&
      old.some((one) => sharesText(line, one)),
  );
  if (closedIn !== undefined) return closedIn;
  const lines = linesOf(after);
  const openings = put.filter((line) =>
    /^(?:(?:do\s*)?try\b\s*(?:\([^)]*\))?\s*[:{]?|begin|do \{|(?:let _ = |_ = )?(?:std::)?panic::catch_unwind\(.*|runCatching \{|pcall\(function\(\)|try\(\{|tryCatch\(\{)$/.test(
      line,
    ),
  );
  for (const opening of openings) {
    const at = lines.indexOf(opening);
    const next = lines[at + 1] ?? '';
    const wrapped = old.some((one) => bare(next).includes(bare(one)) || sharesText(next, one));
    if (!wrapped) continue;
    const handler = lines.findIndex(
      (line, index) => index > at && /^(?:\}?\s*catch\b|except\b|rescue\b|\}\s*,\s*error|\}\)|end\))/.test(line),
    );
    const inHandler = handler === -1 ? '' : handlerText(lines.slice(handler, handler + 6), before);
    if (
      handler !== -1 &&
      !/\b(?:fail\w*|throw|raise|rethrow|panic|assert\w*|expect\w*|t\.(?:Fatal|Error)\w*|return false|exit)\b/i.test(
        inHandler.replace(/^.*?(?:catch|except|rescue)\b[^:{\n]*/, ''),
      )
    )
      return `${opening} ${next}`;
  }
  return undefined;
}

/** The lines of a handler, as far as they belong to it. */
function handlerText(lines: string[], before: string): string {
  const end = lines.findIndex((line, index) => index > 0 && (/^(?:\}|end\b)/.test(line) || before.includes(line)));
  return lines.slice(0, end === -1 ? undefined : end).join('\n');
}

function sharesText(one: string, other: string): boolean {
  const words = other.match(/\w+/g) ?? [];
  const own = new Set(one.match(/\w+/g));
  return words.length > 1 && words.filter((word) => own.has(word)).length >= words.length * 0.6;
}
