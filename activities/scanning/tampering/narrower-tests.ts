import { baseName } from '../extraction/base-name.ts';
import { type Change } from './change.ts';
import { asserts, isComment, testsDefined } from './test-code.ts';

/** Groups of values by which tables of cases are written: `(2.5, 2)`, `{"half", 2.5, 2}`, `"2.5,2"`, `'half' => [2.5, 2]`. */
const group =
  /[([{]\s*(?:(?:"[^"\n,]*"|'[^'\n]*'|-?\d[\w.]*|true|false|True|False|None|nil|null)\s*,?\s*){2,}[)\]}]|"[^"\n,]+(?:,[^"\n,]+)+"/g;
const tableLine =
  /parametri[sz]e|\.each\b|CsvSource|ValueSource|InlineData|TestCase\(|DataRow|with_them|rstest|#\[case|test_case|\bTestWith|^[([{]|^["'][\w .-]+["']\s*=>|^pytest\.param|^yield\b|^\{\s*(?:name|desc)\w*:|\bCASES\b/;

/** A case of a table that is called by a name of its own. */
const namedCase =
  /^\{\s*(?:name|desc\w*|title|label|scenario)["']?\s*:\s*["'`].*\},?$|^pytest\.param\(.*\bid=.*\),?$|^["'`][\w .,-]+["'`]\s*(?:=>|:)\s*[[{(].*[\]})],?$/;
/** A row of a table in a line of its own. */
const row = /^[[({].*[\])}],$/;
/** What takes but a part of a list. */
const part = /(?:\[\s*\d*:\s*\d*\s*\]|\.slice\(\s*\d+\s*(?:,\s*\d+\s*)?\)|\.(?:take|first|limit|Take|First)\(?\s*\d+\)?|\[\d*\.\.=?\d*\])/;

/** A list that is what it was but for a part that is taken of it. */
function cutShort(taken: readonly string[], put: readonly string[]): string | undefined {
  if (put.length * taken.length > 40_000) return undefined;
  return put.find((line) => {
    if (!part.test(line) || asserts(line)) return false;
    const bare = line.replace(part, '').replace(/[\s;,:)]+$/, '');
    return bare.length > 8 && taken.some((old) => old.replace(/[\s;,:)]+$/, '') === bare);
  });
}

const loop = /^for\b[^([\n]*[([](.*?)[)\]]\s*(?:[:{]|do\b|\)\s*\{)?$/;

/** A loop over values that stand in it, which goes over fewer of them. */
function loopShortened(taken: readonly string[], put: readonly string[]): string | undefined {
  const valuesIn = (line: string) => (loop.exec(line)?.[1] ?? '').split(/\s*,\s*/).filter((value) => value !== '');
  const olds = taken.filter((line) => loop.test(line));
  return olds.length === 0
    ? undefined
    : put.find((line) => {
        const now = valuesIn(line);
        const old = olds.find((one) => one.split(/[([]/)[0] === line.split(/[([]/)[0]);
        const was = old === undefined ? [] : valuesIn(old);
        return (
          now.length > 0 &&
          now.length < was.length &&
          now.every((value) => was.includes(value)) &&
          was.every((value) => /^["'`\d-]/.test(value))
        );
      });
}

const nothing =
  /^(?:return\s+)?(?:new\s+[\w.]+\[0\](?:\[\d*\])?|\[\s*\]|\{\s*\}|\(\s*\)|(?:List|Stream|Set|Arrays|Collections|Enumerable|emptyList|emptySequence|sequenceOf)\b[.\w<>]*\((?:\s*)\)|new\s+[\w<>[\], ]+\(\)|vec!\[\s*\]|nil);?$/;

/** What gives the cases of a test, and now gives none. */
function providerEmptied(taken: readonly string[], put: readonly string[]): string | undefined {
  const given = taken.find((line) => /^return\b/.test(line) && line.match(group) !== null && !asserts(line));
  return given === undefined ? undefined : put.find((line) => /^return\b/.test(line) && nothing.test(line));
}

/** A case that is gone from a table of cases, where others stay and none came. */
export function caseGone({ before, after, path }: Change, taken: readonly string[], put: readonly string[]): string | undefined {
  const cut = cutShort(taken, put) ?? loopShortened(taken, put) ?? providerEmptied(taken, put);
  if (cut !== undefined) return cut;
  // Rows of examples in a feature.
  if (
    path.endsWith('.feature') &&
    put.length === 0 &&
    taken.length > 0 &&
    taken.every((line) => /^\|.*\|$/.test(line)) &&
    /^\s*\|/m.test(after)
  )
    return taken[0];
  if (
    after.trim() === '' &&
    taken.length > 0 &&
    taken.every((line) => namedCase.test(line) || (row.test(line) && line.match(group) !== null))
  )
    return taken[0];
  if (after.trim() === '' || put.length > taken.length || testsDefined(taken.join('\n')).length > testsDefined(put.join('\n')).length)
    return undefined;
  const table = taken.filter((line) => tableLine.test(line) && !asserts(line));
  if (table.length === 0 || table.length !== taken.length) return undefined;
  const groups = (lines: readonly string[]) =>
    lines.flatMap((line): string[] => line.match(group) ?? []).map((one) => one.replace(/\s+/g, ''));
  const old = groups(table);
  const left = new Set(groups(after.split('\n')));
  // A list of single values may go on in another form, with more of them.
  const goesOn = (one: string) =>
    one.startsWith('[') &&
    put.some((line) =>
      one
        .slice(1, -1)
        .split(',')
        .every((value) => value === '' || line.split(/[\s,()[\]]+/).includes(value)),
    );
  const gone = old.filter((one) => !left.has(one) && !goesOn(one));
  const was = new Set(groups(before.split('\n')));
  if (gone.length === 0) {
    const emptied = put.find((line) => /\[\s*\]|\(\s*\)\s*$/.test(line) && tableLine.test(line) && !before.includes(line));
    return emptied;
  }
  // A case that is written otherwise is another question.
  return groups(put).every((one) => was.has(one)) && (put.length > 0 || left.size > 0) ? gone[0] : undefined;
}

const narrowError =
  /\bmatch\s*=|\bcode:|\/[^/\n]{3,}\/[a-z]*\s*\)|\b\w*(?:Error|Exception|Err|error|exception)[A-Z_a-z]*\b(?!\()|ErrorIs|errors\.(?:Is|As)/;
const raising =
  /\b(?:raises|assertRaises\w*|assert_raises?|toThrow\w*|throws\w*|rejects|raise_error|expectException\w*|assertThrows\w*|Throws\w*|EXPECT_THROW|REQUIRE_THROWS\w*|EXPECT_ANY_THROW|ASSERT_THROW|is_err|unwrap_err|expect_error|should_panic)\b/;
const anyError =
  /(?<![\w.])(?:Base)?Exception(?:\.class)?(?!\w|::)|\bThrowable\b|\bStandardError\b|toThrow(?:Error)?\(\s*\)|ANY_THROW|ThrowsAny|REQUIRE_THROWS\s*\(|raise_error\s*(?:$|\})|\bis_err\(\)/;

const oneError = /\b(?:raises|assertRaises\w*|assert_raises?)\s*\(?\s*([A-Z][\w.]*)\s*[,)]/;
const severalErrors = /\b(?:raises|assertRaises\w*|assert_raises?)\s*\(\s*\(([^)]*,[^)]*)\)/;

/** An error that was named and now may be any, or one of several. */
export function anyErrorTaken(taken: readonly string[], put: readonly string[]): string | undefined {
  const was = taken.filter((line) => raising.test(line) && !isComment(line));
  const is = put.filter((line) => raising.test(line) && !isComment(line));
  const unchecked = put.find((line) => /^if err == nil \{$/.test(line));
  if (unchecked !== undefined && taken.some((line) => /^if !errors\.(?:Is|As)\(/.test(line))) return unchecked;
  if (was.length === 0 || was.length !== is.length) return undefined;
  return is.find((line, index) => {
    const old = was[index] ?? '';
    const [one, several] = [oneError.exec(old)?.[1], severalErrors.exec(line)?.[1]];
    if (one !== undefined && several?.split(/[\s,|]+/).includes(one) === true) return true;
    if (anyError.test(line) && !anyError.test(old)) return narrowError.test(old);
    // What the error says is asked no more.
    const asked = /,\s*(?:match\s*=|\{\s*(?:code|message|name)|\/|["'`])/;
    return asked.test(old) && !asked.test(line) && old.length > line.length && old.startsWith(line.replace(/[\s):;]*$/, ''));
  });
}

const listed = /\{\s*\w+:\s*[^{}]+\}|[[{(]\s*(?:"[^"\n]*"|'[^'\n]*'|-?\d[\w.]*|:\w+)(?:\s*,|\s*[\]}])/;
const sized =
  /\blen\s*\(|\.(?:length|size|count|Len|Count)\b|toHaveLength|assertCount|have_attributes|HasSize|hasSize|\bset\s*\(|\bsorted\s*\(|objectContaining|arrayContaining|toMatchObject/;

/** A collection that was compared as a whole and now only by its size, as a set or in part. */
export function partlyCompared(taken: readonly string[], put: readonly string[]): string | undefined {
  const was = taken.filter((line) => asserts(line) && listed.test(line) && !sized.test(line));
  const is = put.filter((line) => asserts(line) && sized.test(line));
  if (was.length === 0 || is.length === 0 || put.filter((line) => asserts(line)).length > taken.filter((line) => asserts(line)).length)
    return undefined;
  return is.find((line) =>
    was.some((one) =>
      (one.match(/[A-Za-z_]\w+/g) ?? []).some(
        (word) => !/^(?:assert\w*|expect|self|this|t|Equal|toEqual|require)$/.test(word) && new RegExp(`\\b${word}\\b`).test(line),
      ),
    ),
  );
}

const environment =
  /os\.environ|os\.getenv|\bgetenv\b|process\.env|os\.Getenv|env::var|System\.getenv|EnabledIf(?:Environment|System)\w*|\bENV\[|testing\.Verbose\(\)|feature\s*=\s*"|^#if\s+(?!_|defined|!?(?:NET|WINDOWS|DEBUG|__|os\())[A-Z_]{3,}$/;
const outside =
  /URL|TOKEN|KEY|SECRET|PASS|HOST|DSN|DATABASE|REDIS|DOCKER|AWS|GCP|DISPLAY|HOME|PATH|GITHUB_ACTIONS|APPVEYOR|TRAVIS|OS\b|SHELL|LANG|TZ\b/;
const leaving = /\bskip\w*|\breturn\b|\bSkip\w*\(|ignore\b|EnabledIf|runIf|\bxfail|\bpending\b|^#if/;

/** A test that was there and now runs only where a variable says so that nothing sets. */
export function onlyOnRequest({ before }: Change, put: readonly string[]): string | undefined {
  if (testsDefined(before).length === 0 && !/@Test|\[Fact\]|#\[test\]/.test(before)) return undefined;
  const at = put.findIndex((line) => environment.test(line) && !outside.test(line) && !isComment(line.replace(/^#(?:if|\[)/, '')));
  if (at === -1) return undefined;
  const around = put.slice(at, at + 3).join(' ');
  return leaving.test(around) && !before.includes(put[at] ?? '') ? put[at] : undefined;
}

/** A look at a result that nothing waits for any more, or that ends after the test. */
export function notAwaited({ before, after }: Change, taken: readonly string[], put: readonly string[]): string | undefined {
  const dropped = put.find(
    (line) => taken.includes(`await ${line}`) && (asserts(line) || /^(?:self\.)?_?(?:check|verify|expect)/.test(line)),
  );
  if (dropped !== undefined) return dropped;
  const apart = put.find((line) => /^go\s+\w/.test(line) && taken.includes(line.replace(/^go\s+/, '')));
  if (apart !== undefined) return apart;
  const inner = put
    .map((line) => /^async def (\w+)\s*\(\s*\)\s*:$/.exec(line)?.[1] ?? '')
    .find((name) => name !== '' && put.includes(`${name}()`));
  if (inner !== undefined && /\bdef test/.test(before)) return `${inner}()`;
  const made = put.find((line) => /^yield\s*$/.test(line));
  return made !== undefined && /\bdef test/.test(before) && !before.includes('yield') && after.includes('assert') ? made : undefined;
}

const filters =
  /(?:^|\W)(?:hypothesis\.)?assume\s*\(|\bprop_assume!\s*\(|@given\([^\n]*\.filter\s*\(|\bfc\.pre\s*\(|\.filter\(|\bwhen:\s|\bsuch_that\b|\bcontinue;?$/;

/** A property that is tried with one value. */
const oneValue =
  /@given\([^\n]*\b(?:just|sampled_from)\(\s*\[?\s*(?:-?[\d.]+|"[^"]*"|'[^']*')\s*\]?\s*\)|\bfc\.(?:property|asyncProperty)\(\s*fc\.constant\(|\bforAll\(?\s*(?:Gen\.const\(|\(?\s*(?:return|pure)\b)/;

/** Inputs of a test that are left out of what it was asked for. */
export function inputsLeftOut({ before }: Change, taken: readonly string[], put: readonly string[]): string | undefined {
  const property = /@given|proptest!|prop_assert|fc\.assert|forAll|property\b|\bfor\b.*\brange\b|\bfor\b.*(?:cases|CASES|tests)\b/.test(
    before,
  );
  const single = put.find((one) => oneValue.test(one));
  if (single !== undefined && taken.some((one) => /@given\b|fc\.property\b|forAll\b/.test(one) && !oneValue.test(one))) return single;
  const line = put.find((one) => filters.test(one) && !before.includes(one));
  if (line === undefined || put.some((one) => testsDefined(one).length > 0)) {
    const slice = put.find(
      (one) => /\bfor\b.*\[\s*\d*:\s*\d*\]/.test(one) && taken.some((old) => one.startsWith(old.slice(0, 12)) && !/\[\s*\d*:/.test(old)),
    );
    return slice;
  }
  if (!property && !line.startsWith('assume(')) return undefined;
  if (!/^continue;?$/.test(line)) return line;
  const condition = put[put.indexOf(line) - 1] ?? '';
  return /^if\b.*(?:name|==|!=|case)/.test(condition) && !/\berr\b|nil\b/.test(condition) ? `${condition} ${line}` : undefined;
}

/** A module whose own tests stand here, replaced as a whole by answers. */
export function mocksItsModule({ path, before }: Change, put: readonly string[]): string | undefined {
  const stem = baseName(path)
    .replace(/(?:[._-](?:test|spec))?\.\w+$/, '')
    .replace(/^test_/, '');
  if (stem.length < 3) return undefined;
  return put.find((line) => {
    const module = /\b(?:jest|vi)\.(?:mock|doMock|unstable_mockModule)\s*\(\s*["'`](?:[^"'`]*\/)?([\w-]+)(?:\.\w+)?["'`]\s*[,)]/.exec(
      line,
    )?.[1];
    return module === stem && !before.includes('.mock(') && !/requireActual|importActual|importOriginal/.test(line);
  });
}

const byPrefix = /\b(?:def|func|function)\s+(\w+)/;
const byMark = /\b(?:public\s+)?(?:async\s+)?(?:void|Task|func)\s+(\w+)\s*\(/;

/** A test whose runner finds it by the beginning of its name, or only while it is public, and whose head says so no more. */
function calledOtherwise(line: string, taken: readonly string[], path: string): boolean {
  if (/\.(?:py|php|rb|swift)$/.test(path)) {
    const name = byPrefix.exec(line)?.[1] ?? '';
    return (
      name !== '' &&
      !/^test/i.test(name) &&
      taken.some((old) => {
        const was = byPrefix.exec(old)?.[1] ?? '';
        return was.length > 5 && was.startsWith('test') && name.endsWith(was);
      })
    );
  }
  if (!path.endsWith('.cs') || /\bpublic\b/.test(line)) return false;
  const name = byMark.exec(line)?.[1];
  return name !== undefined && taken.some((old) => /\bpublic\b/.test(old) && byMark.exec(old)?.[1] === name);
}

/** Tests that stay in their file and are no longer found: a class by another name, a name that is taken away. */
export function foundNoMore({ before, path }: Change, taken: readonly string[], put: readonly string[]): string | undefined {
  const hidden = put.find((line) => /^(?:private|fileprivate)\s+func\s+test/.test(line));
  if (hidden !== undefined) return hidden;
  const unnamed = put.find((line) => {
    const name = /^(?:del\s+(\w+)|(test\w*|Test\w*)\s*=\s*None)\s*$/
      .exec(line)
      ?.slice(1)
      .find((one) => one !== undefined);
    return name !== undefined && /test/i.test(name);
  });
  if (unnamed !== undefined) return unnamed;
  const misnamed = put.find((line) => calledOtherwise(line, taken, path));
  if (misnamed !== undefined) return misnamed;
  for (const old of taken) {
    const [, name = '', base = ''] =
      /^(?:public |final |open |sealed |internal )*class\s+(\w+)\s*(?:[(:<]|extends\s)?\s*([\w.]*)/.exec(old) ?? [];
    if (name === '') continue;
    const now = put.find((line) => /\bclass\s+\w+/.test(line));
    if (now === undefined) continue;
    if (/\babstract\b/.test(now) && !/\babstract\b/.test(old) && now.includes(name)) return now;
    if (path.endsWith('.cs') && old.startsWith('public ') && !now.startsWith('public ') && now.includes(name)) return now;
    if (!path.endsWith('.py')) continue;
    const base2 = /\bclass\s+\w+\s*\(?\s*([\w.]*)/.exec(now)?.[1] ?? '';
    if (base.endsWith('TestCase') && !/\bclass\s+Test/.test(now) && !/Test|Case|Base|Mixin/.test(base2) && /^(?:object)?$/.test(base2))
      return now;
    if (name.startsWith('Test') && base === '' && !/\bclass\s+Test/.test(now) && !/Base|Mixin/.test(now) && before.includes('class Test'))
      return now;
  }
  return undefined;
}

const anyArgument =
  /\bANY\b|\bany(?:String|Int|Long|Double|Boolean|List|Map|Object)?\(\s*\)|\bgomock\.Any\(\)|\banything\b|\bany_args\b|\bIt\.IsAny<|\bexpect\.any/g;
const called =
  /\b(?:assert_(?:any_call|called\w*|has_calls)|toHaveBeenCalledWith|toHaveBeenLastCalledWith|calledWith\w*|verify|Verify|EXPECT|with|have_received|AssertCalled\w*)\b/;

/** What any value is equal to. */
const anyValue = /\bexpect\.any(?:thing)?\(|\bmock\.ANY\b|\bIsAnything\b|\bkind_of\(\w+\)|\banything\b/;

/** A call that was asked for with its arguments and now with any, or a text in the place of a condition. */
export function anyArguments(taken: readonly string[], put: readonly string[]): string | undefined {
  const pair = put.find(
    (line) => /^assert\s*\(.+[^=!<>]=?[=<>].+,\s*f?(["']).*\1\s*\)$/.test(line) && !/\b(?:all|any|isinstance)\(/.test(line.slice(0, 14)),
  );
  if (pair !== undefined && taken.some((line) => line.startsWith('assert '))) return pair;
  const open = put.find((line) => asserts(line) && anyValue.test(line) && !called.test(line));
  const closed =
    open === undefined ? undefined : taken.find((line) => asserts(line) && !anyValue.test(line) && line.slice(0, 8) === open.slice(0, 8));
  if (closed !== undefined && put.length <= taken.length) return open;
  const was = taken.filter((line) => called.test(line));
  const is = put.filter((line) => called.test(line) && anyArgument.test(line));
  const count = (lines: readonly string[]) => lines.reduce((sum, line) => sum + (line.match(anyArgument)?.length ?? 0), 0);
  return was.length > 0 && is.length > 0 && count(is) > count(was) && put.filter((line) => called.test(line)).length <= was.length
    ? is[0]
    : undefined;
}

const failing = /fail|abort|exit|return|assert|throw|err|die|longjmp|printf/i;

/** A macro that tests assert with, and that does nothing any more. */
export function macroEmptied(taken: readonly string[], put: readonly string[]): string | undefined {
  const macro = /^#\s*define\s+(\w*(?:CHECK|ASSERT|EXPECT|REQUIRE|TEST|VERIFY|ok|is)\w*)\s*\(([^)]*)\)(.*)$/;
  return put.find((line) => {
    const [, name, , body = ''] = macro.exec(line) ?? [];
    return (
      name !== undefined &&
      !failing.test(body) &&
      !body.endsWith('\\') &&
      taken.some((old) => macro.exec(old)?.[1] === name && (failing.test(macro.exec(old)?.[3] ?? '') || old.endsWith('\\')))
    );
  });
}

/** Patterns of expected text that match whatever is printed. */
export function anyText(taken: readonly string[], put: readonly string[]): string | undefined {
  const open = /\{\{\.[*+]\}\}|^%[sA]$|^\.\*$|\bexpect\.(?:objectContaining|anything)\b/;
  const directive = /CHECK(?:-\w+)?:|^%[sA]$|^\.\*$/;
  return put.find((line) => open.test(line) && directive.test(line) && taken.some((old) => !open.test(old) && /\d|\w{3}/.test(old)));
}

const directive = /\bCHECK(?:-(?:NEXT|SAME|NOT|DAG|LABEL|EMPTY|COUNT-\d+))?:/;
const judges = /\|\s*(?:%?FileCheck|diff|cmp|grep|count)\b/;

/** Lines of a test that runs tools by comments: what they print is compared no more, or may fail. */
export function runLineLooser(taken: readonly string[], put: readonly string[]): string | undefined {
  const was = taken.find((line) => /\bRUN:/.test(line));
  const is = put.find((line) => /\bRUN:/.test(line));
  if (was !== undefined && is !== undefined) {
    if (judges.test(was) && !judges.test(is)) return is;
    if (/\|\|\s*(?:true|:)\s*$/.test(is) && !/\|\|\s*(?:true|:)\s*$/.test(was)) return is;
    if (/\bRUN:\s*not\s/.test(is) && !/\bRUN:\s*not\s/.test(was)) return is;
  }
  const count = (lines: readonly string[]) => lines.filter((line) => directive.test(line)).length;
  return count(taken) > 0 && count(put) === 0 ? taken.find((line) => directive.test(line)) : undefined;
}
