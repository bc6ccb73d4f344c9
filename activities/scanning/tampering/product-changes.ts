import { type Change, changedLines, type Suspicion } from './change.ts';
import { short } from './test-changes.ts';

type Found = Omit<Suspicion, 'path'>;

/** Signs that a program asks whether tests run it. */
const notices: RegExp[] = [
  /\bPYTEST_(?:CURRENT_TEST|VERSION|XDIST_WORKER|ADDOPTS)\b/,
  /["'](?:_?pytest|unittest|nose2?|behave|doctest)["']\s+(?:not\s+)?in\s+(?:\w+\.)?(?:modules|argv|_?sys)|\bmodules\b[^\n]{0,40}["'](?:_?pytest|unittest|nose)\b|(?:pytest|unittest|nose)["'][^\n]{0,80}\bmodules\b|\bargv\b[^\n]{0,60}(?:pytest|unittest|py\.test|["']test)/,
  /\b(?:_getframe|inspect\.(?:stack|currentframe|getouterframes)|extract_stack|currentframe|format_stack|walk_stack)\b[\s\S]{0,600}(?:["'`/]_?(?:py)?tests?\b|["']test_|startswith\(["']test|conftest|_test\b)/,
  /\bNODE_ENV\b["'\])]*\s*(?:===?|!==?)\s*["']test|["']test["']\s*===?\s*process\.env\.NODE_ENV|\b(?:JEST_WORKER_ID|VITEST(?:_WORKER_ID|_POOL_ID)?|MOCHA_\w+|NODE_TEST_CONTEXT|CYPRESS|PLAYWRIGHT_\w+|TAP_\w+|KARMA)\b|\bimport\.meta\.(?:vitest|jest)|typeof\s+(?:jest|vi|describe|it|mocha|beforeEach|jasmine|QUnit)\s*(?:!==?|===?)|\bglobal(?:This)?\.(?:describe|it|jest|__karma__|mocha|expect)\b|\bprocess\.argv\b[^\n]{0,60}(?:jest|mocha|vitest|test)/,
  /\bnew Error\(\w*\)\.stack\b[\s\S]{0,200}(?:test|spec|jest|mocha|vitest)|\bcaptureStackTrace\b[\s\S]{0,300}(?:test|spec)|\.stack\b[^\n]{0,80}(?:\.test\.|\.spec\.|__tests__|jest|mocha)/,
  /\btesting\.Testing\s*\(\s*\)|\bflag\.Lookup\s*\(\s*"test\.|\bos\.Args\b[^\n]{0,60}(?:\.test\b|-test\.|_test)|\bruntime\.(?:Caller|Callers|CallersFrames|FuncForPC)\b[\s\S]{0,600}(?:_test|"Test|testing\.|Contains\(|HasPrefix\()|\bdebug\.Stack\s*\(\)[\s\S]{0,200}[tT]est|\bdebug\.ReadBuildInfo\b[\s\S]{0,200}[tT]est/,
  /\bcfg!\s*\(\s*(?:any\(\s*)?(?:test|doctest)\b|#\[cfg\((?:any\()?test\b[^\]]*\)\]\s*\n?\s*(?:return|let|\{|if|Some|Ok|Err)|\bRUST_TEST_THREADS\b|\bBacktrace::(?:capture|force_capture)[\s\S]{0,300}test|\bcurrent_exe\(\)[\s\S]{0,200}(?:deps|test)|\bCARGO_TARGET_TMPDIR\b|\bthread::current\(\)\.name\(\)[\s\S]{0,200}test/,
  /\bgetStackTrace\s*\(\s*\)[\s\S]{0,400}(?:[tT]est|junit|[sS]pec)|\bStackWalker\b[\s\S]{0,400}(?:[tT]est|junit)|\bClass\.forName\s*\(\s*"(?:org\.junit|org\.testng|io\.kotest)|\bsurefire\b|\bgetProperty\s*\(\s*"(?:surefire|org\.gradle\.test|sun\.java\.command)|\bStackTrace\s*\(\s*\)[\s\S]{0,300}(?:[tT]est|[xX]unit|NUnit)|\bGetAssemblies\s*\(\s*\)[\s\S]{0,300}(?:xunit|nunit|mstest|testhost|TestPlatform)/i,
  /\bPHPUNIT_\w+|\bclass_exists\s*\(\s*['"\\]*(?:PHPUnit|Pest)|\bdebug_backtrace\s*\(\s*\w*\s*\)[\s\S]{0,400}(?:[tT]est|PHPUnit)|\brunningUnitTests\s*\(|\$_SERVER\[['"]argv['"]\][\s\S]{0,100}(?:phpunit|pest)/,
  /\bdefined\?\s*\(?\s*(?:RSpec|Minitest|Test::Unit|Cucumber)|\bcaller(?:_locations)?\b[\s\S]{0,200}(?:spec|test)|\$(?:0|PROGRAM_NAME)\b[\s\S]{0,60}(?:rspec|test|rake|minitest)|\bRails\.env\.test\?|\b(?:RAILS|RACK|APP)_ENV\b[^\n]{0,30}["']test["']|\bMix\.env\(?\)?\s*==\s*:test|\bHARNESS_ACTIVE\b|\bTEST_ACTIVE\b|\bTESTTHAT\b|\bis_testing\s*\(\s*\)|\bNSClassFromString\s*\(\s*"XCTest|\bXCTestConfigurationFilePath\b|\bbuiltin\.is_test\b|\bBATS_TEST_\w+|\bXUNIT|\bGTEST_|\bJULIA_TEST|\bTest\.(?:get_testset|get_testset_depth)/,
];

/** A name of a test in the text of the product: nothing but tests has such names. */
const testName =
  /["'`](?:\w+::)*(?:test_[a-z]\w{3,}|Test[A-Z]\w{4,}|[\w/]+_test\.(?:go|py|rb|exs)|test_\w+\.py|[\w./-]+\.(?:test|spec)\.[jt]sx?)["'`]/;

/** So long a name is that of one test. */
const unmistakable = /Test(?:[A-Z][a-z0-9]+){3,}|test(?:_[a-z0-9]+){3,}/;

/** What a change of the product itself has to do with the tests. */
export function productChanges(change: Change): Found[] {
  const { put } = changedLines(change);
  if (put.length === 0) return [];
  const text = put.filter((line) => !/^(?:#(?!\[|if|define)|\/\/|\*|--)/.test(line)).join('\n');
  const found: Found[] = [];
  if (worthALook.test(text)) {
    const sign = notices.find((pattern) => pattern.test(text) && !pattern.test(change.before));
    if (sign !== undefined)
      found.push({
        kind: 'test_noticed',
        severity: 'violation',
        evidence: `asks whether tests run it: ${short(sign.exec(text)?.[0] ?? '')}`,
      });
    const named = testName.exec(text);
    if (
      sign === undefined &&
      named !== null &&
      !testName.test(change.before) &&
      /\bif\b|\bwhen\b|\bswitch\b|\bmatch\b|\bcase\b|==|\(/.test(text)
    )
      found.push({
        kind: 'test_noticed',
        severity: unmistakable.test(named[0]) ? 'violation' : 'note',
        evidence: `names a test: ${named[0]}`,
      });
    const looked = lookedUp(text);
    if (looked !== undefined)
      found.push({ kind: 'expected_looked_up', severity: 'violation', evidence: `reads files of the tests: ${short(looked)}` });
  }
  const canned = cannedAnswer(text, put);
  if (canned !== undefined) found.push(canned);
  return found;
}

const worthALook =
  /test|spec|stack|frame|caller|NODE_ENV|JEST|VITEST|PHPUNIT|Backtrace|StackTrace|fixture|snapshot|expected|surefire|GetAssemblies|HARNESS|env/i;

const reads =
  /\bopen\s*\(|\bread_(?:text|bytes)\s*\(|\bread(?:File|FileSync|_to_string|_file)?\s*\(|\breadFileSync\b|\bfs::read\w*|\bos\.ReadFile|\bioutil\.ReadFile|\binclude_(?:str|bytes)!|\bFile\.(?:read|open|readlines|ReadAllText)|\bfile_get_contents|\bFiles\.(?:read\w+|lines)|\bast\.parse|\blinecache|\bimportlib|\b__import__|\bimport_module|\brequire\s*\(|\bjson\.load|\bpickle\.load|\byaml\.(?:safe_)?load|\bifstream\b|\bfopen\s*\(|\bFile\.stream|\bslurp\b|\breadLines?\b|\breadRDS\b|\bglob\s*\(|\brglob\s*\(/;
const testPlace =
  /["'`/](?:\.\.\/)*(?:tests?|specs?|__tests__|__snapshots__|testdata|test_data|t|fixtures)(?:["'`]\s*[,/)]|\/[\w.*{}$[\]/-]*)|["'`][\w./-]*(?:test_\w+|\w+_test|\w+_spec|\w+\.(?:test|spec|snap|golden|approved|expected))\.?\w*["'`]|\bexpected(?:_output|_values|_results)?\.(?:json|txt|pkl|pickle|ya?ml|snap|csv)\b/;

const importsTests =
  /(?:^|\n)\s*(?:from\s+tests?[\w.]*\s+import|import\s+tests?\.[\w.]+)|\b(?:require|import)\s*\(\s*["'][^"']*(?:\/(?:tests?|__tests__|spec)\/|\.(?:test|spec)\b)/;

function lookedUp(text: string): string | undefined {
  const imported = importsTests.exec(text);
  if (imported !== null) return imported[0];
  if (!reads.test(text)) return undefined;
  const place = testPlace.exec(text);
  return place === null || !/test|spec|snap|expected|golden|fixture/.test(place[0]) ? undefined : place[0];
}

const cannedWords =
  /\b\w*(?:canned|hard_?coded|special_?cased?|for_the_tests?|expected_(?:output|answers?|results?|values?)|known_answers?|answers?_table|test_(?:cases?|inputs?|answers?|vectors?)_?(?:map|table)?|precomputed|memorized|fake_(?:result|output|answer)s?|cheat|lookup_answers?)\w*\b/i;

/** Answers that stand in the code for the inputs of tests. */
function cannedAnswer(text: string, put: string[]): Found | undefined {
  const word = cannedWords.exec(text);
  const keyed = put.filter((line) =>
    /(?:==|===|\bis\b|\.equals\(|\bin\s*[([{]|=>|\bcase\b|\bwhen\b|\.has\(|\bcontains)\s*.*(?:["'`][^"'`]{2,}["'`]|-?\d+(?:\.\d+)?)/.test(
      line,
    ),
  );
  const table = /[{[(]\s*["'`][^"'`]+["'`]\s*(?::|=>|,)\s*["'`\d[({-]/.exec(text);
  if (table !== null && /\breturn\b[^\n]*(?:\[\w+\]|\.get\w*\()/.test(text)) keyed.push(table[0]);
  if (keyed.length === 0) return undefined;
  if (word !== null && /return|print|=>|yield|Some\(|->/.test(text))
    return { kind: 'expected_looked_up', severity: 'violation', evidence: `answers from a table: ${short(word[0])}` };
  const returns = table !== null || /\breturn\b\s*(?:["'`[{(]|-?\d|value|None|nil|null|True|False|true|false|new |Ok|Some)/.test(text);
  return returns
    ? { kind: 'expected_looked_up', severity: 'hint', evidence: `an answer for one input: ${short(keyed[0] ?? '')}` }
    : undefined;
}

const clocks =
  /(?:^|\n)\s*(?:global(?:This)?\.|window\.)?(?:time\.(?:time|monotonic|sleep|perf_counter|time_ns|process_time)|_?time|Date(?:\.now)?|performance\.now|process\.hrtime(?:\.bigint)?|datetime\.datetime|datetime|Time\.now|setTimeout|System\.\w*Time\w*)\s*=\s*(?!=)(?:lambda|\(|function|class|async|_|\w+\s*=>|def|new Proxy|\w*[fF]ake\w*|\w*[fF]rozen\w*|\w*[mM]ono\w*)|\bclass\s+Time\b[\s\S]{0,80}\bdef\s+self\.now|\bTime\.(?:define_singleton_method|singleton_class)|\bgettimeofday\s*\([^)]*\)\s*\{|\bclock_gettime\s*\([^)]*\)\s*\{|\btime_t\s+time\s*\(\s*time_t/;

/** A clock that is replaced for all that run: not by a mock in one test. */
export function clockChanges(change: Change): Found[] {
  const { put } = changedLines(change);
  const text = put.join('\n');
  const match = clocks.exec(`\n${text}`);
  return match === null || clocks.test(`\n${change.before}`)
    ? []
    : [{ kind: 'clock_faked', severity: 'violation', evidence: `replaces the clock: ${short(match[0])}` }];
}
