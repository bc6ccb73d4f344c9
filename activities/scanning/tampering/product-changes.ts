import { type Change, changedLines, type Found } from './change.ts';
import { asksForGlobal, literalsJoined } from './framework-globals.ts';
import { asksForPipeline, asksForRunner, readsCaller, swappedForAll } from './run-signs.ts';
import { short } from './short.ts';

/** Signs that a program asks whether tests run it. */
const notices: RegExp[] = [
  /\b(?:ENVIRONMENT|APP_ENV|CI_ENVIRONMENT|MIX_ENV|MODE|FLASK_ENV|DJANGO_ENV|GO_ENV|KOA_ENV)\b["'\])]*\s*(?:===?|!==?)\s*["']test(?:ing)?["']|\benvironment\(\s*["']test(?:ing)?["']|\bconfig\(\s*["']app\.env["']\s*\)\s*===?\s*["']testing/,
  /(?:[sS]tarts_?[wW]ith|\bin\b|==)\s*\(?\s*["']test_?["'][\s\S]{0,200}\b(?:inspect\.stack|extract_stack|walk_stack|format_stack|getStackTrace|caller_locations|debug_backtrace)\b/,
  /["']\w*(?:\btest_|_test\b)\w*["'][^\n]{0,120}\b(?:inspect\.stack|extract_stack|walk_stack|format_stack|currentframe|debug_backtrace|caller_locations)\b/,
  /\bPYTEST_(?:CURRENT_TEST|VERSION|XDIST_WORKER|ADDOPTS|TIMEOUT)\b/,
  /["'](?:_?pytest|unittest|nose2?|behave|doctest)["']\s+(?:not\s+)?in\s+(?:\w+\.)?(?:modules|argv|_?sys)|\bmodules\b[^\n]{0,40}["'](?:_?pytest|unittest|nose)\b|(?:pytest|unittest|nose)["'][^\n]{0,80}\b(?:sys\.)?(?:modules|argv)\b|\bargv\b[^\n]{0,60}(?:pytest|unittest|py\.test|["']test)/,
  /\b(?:_getframe|inspect\.(?:stack|currentframe|getouterframes)|extract_stack|currentframe|format_stack|walk_stack)\b[\s\S]{0,600}(?:["'`/]_?(?:py)?tests?\b|["']test_|startswith\(["']test|conftest|_test\b)/,
  /\bNODE_ENV\b["'\])]*\s*(?:===?|!==?)\s*["']test|["']test["']\s*===?\s*process\.env\.NODE_ENV|\b(?:JEST_WORKER_ID|VITEST(?:_WORKER_ID|_POOL_ID)?|MOCHA_\w+|NODE_TEST_CONTEXT|CYPRESS|PLAYWRIGHT_\w+|TAP_\w+|KARMA)\b|\bimport\.meta\.(?:vitest|jest)|typeof\s+(?:jest|vi|describe|it|mocha|beforeEach|jasmine|QUnit|expect)\s*(?:!==?|===?)|\bglobal(?:This)?\.(?:describe|it|jest|__karma__|mocha|expect)\b|\bprocess\.argv\b[^\n]{0,60}(?:jest|mocha|vitest|(?<![a-z])test)/,
  /\bnew Error\(\w*\)\.stack\b[\s\S]{0,200}(?:test|spec|jest|mocha|vitest)|\bcaptureStackTrace\b[\s\S]{0,300}(?:test|spec)|\.stack\b[^\n]{0,80}(?:\.test\.|\.spec\.|__tests__|jest|mocha)/,
  /\btesting\.Testing\s*\(\s*\)|\bflag\.Lookup\s*\(\s*"test\.|\bos\.Args\b[^\n]{0,60}(?:\.test\b|-test\.|_test)|\bruntime\.(?:Caller|Callers|CallersFrames|FuncForPC)\b[\s\S]{0,600}(?:_test|"Test|testing\.|Contains\(|HasPrefix\()|\bdebug\.Stack\s*\(\)[\s\S]{0,200}[tT]est|\bdebug\.ReadBuildInfo\b[\s\S]{0,200}[tT]est/,
  /\bcfg!\s*\(\s*(?:any\(\s*)?(?:test|doctest)\b|#\[cfg\((?:any\()?test\b[^\]]*\)\]\s*\n?\s*(?:return|let|\{|if|Some|Ok|Err)|\bRUST_TEST_THREADS\b|\bBacktrace::(?:capture|force_capture)[\s\S]{0,300}test|\bcurrent_exe\(\)[\s\S]{0,200}(?:deps|test)|\bCARGO_TARGET_TMPDIR\b|\bthread::current\(\)\.name\(\)[\s\S]{0,200}test/,
  /\bgetStackTrace\s*\(\s*\)[\s\S]{0,400}(?:[tT]est|junit|[sS]pec)|\bStackWalker\b[\s\S]{0,400}(?:[tT]est|junit)|\bClass\.forName\s*\(\s*"(?:org\.junit|org\.testng|io\.kotest)|\bsurefire\b|\bgetProperty\s*\(\s*"(?:surefire|org\.gradle\.test|sun\.java\.command)|\bStackTrace\s*\(\s*\)[\s\S]{0,300}(?:[tT]est|[xX]unit|NUnit)|\bGetAssemblies\s*\(\s*\)[\s\S]{0,300}(?:xunit|nunit|mstest|testhost|TestPlatform)/i,
  /\bPHPUNIT_\w+|\bclass_exists\s*\(\s*['"\\]*(?:PHPUnit|Pest)|\bdebug_backtrace\s*\(\s*\w*\s*\)[\s\S]{0,400}(?:[tT]est|PHPUnit)|\brunningUnitTests\s*\(|\$_SERVER\[['"]argv['"]\][\s\S]{0,100}(?:phpunit|pest)/,
  /\bdefined\?\s*\(?\s*(?:RSpec|Minitest|Test::Unit|Cucumber)|\bcaller(?:_locations)?\b[\s\S]{0,200}(?:[_/.]spec|[_/.]test|\bspec\b|\btests?\b|rspec|minitest)|\$(?:0|PROGRAM_NAME)\b[\s\S]{0,60}(?:rspec|test|rake|minitest)|\bRails\.env\.test\?|\b(?:RAILS|RACK|APP)_ENV\b[^\n]{0,30}["']test["']|\bMix\.env\(?\)?\s*==\s*:test|\bHARNESS_ACTIVE\b|\bTEST_ACTIVE\b|\bTESTTHAT\b|\bis_testing\s*\(\s*\)|\bNSClassFromString\s*\(\s*"XCTest|\bXCTestConfigurationFilePath\b|\bbuiltin\.is_test\b|\bBATS_TEST_\w+|\bXUNIT|\bGTEST_|\bJULIA_TEST|\bTest\.(?:get_testset|get_testset_depth)/,
  /\b(?:forName|loadClass|findClass|getDeclaredConstructor|GetType|NSClassFromString|const_get|import_module|constantize)\s*\(?\s*["'`:][\w.:$/]*(?:Tests?|TestCase|Spec|IT)\b/,
  /["'](?:freezegun|hypothesis|time_machine|xdist|conftest)["'][^\n]{0,80}\bmodules\b|\bmodules\b[^\n]{0,60}["'](?:freezegun|hypothesis|time_machine|xdist|conftest)["']|\(["'](?:freezegun|hypothesis|pytest)["']\)[^\n]{0,60}\bmodules\b|__module__\.startswith\(["'](?:freezegun|unittest)|\bTOX_ENV_NAME\b/,
  /\/proc\/self\/cmdline\b[\s\S]{0,200}test|test[^\n]{0,120}\/proc\/self\/cmdline|\bpsutil\.Process\(\)[\s\S]{0,120}test|test[^\n]{0,40}\bpsutil\.Process\(\)|\brequire\.(?:main|cache)\b[^\n]{0,100}(?:mocha|jest|vitest|\.test\b)|(?:mocha|jest)[^\n]{0,60}\brequire\.main\b|\bnpm_lifecycle_event\b[^\n]{0,30}["']test/,
  /#\[cfg\(test\)\][\s\S]*#\[cfg\(not\(test\)\)\]\s*(?:$|(?:pub(?:\([^)]*\))?\s+)?(?:async\s+|unsafe\s+)*fn\s+(?!main\b)\w+)|#\[cfg\(not\(test\)\)\]\s*(?:pub(?:\([^)]*\))?\s+)?fn\s+(?!main\b)\w+[\s\S]*#\[cfg\(test\)\]\s*(?!mod\b)/,
  /\bgetProperty\s*\(\s*"java\.class\.path"\s*\)[^\n]{0,60}(?:test|junit)|\bThrowable\(\)\.stackTrace\b[\s\S]{0,200}[tT]est|\bgetStackTrace\b[\s\S]{0,200}(?:[tT]est"|[sS]pec"|scalatest|junit)|\bEnvironment\.StackTrace\b[\s\S]{0,120}[tT]est|\bFriendlyName\b[^\n]{0,60}test/,
  /\b(?:ensure_loaded\?|whereis)\s*\(?\s*ExUnit|\bgetenv\s*\(\s*"(?:CTEST_|GTEST_|BATS_|MESON_TEST)|\bprogram_invocation_(?:short_)?name\b[^\n]{0,60}test|\$INC\{\s*["']Test\/|\bpackage\.loaded\s*\[\s*["'](?:busted|luaunit)/,
  /(?:^|\n)\s*(?:-ifdef\(\s*TEST\s*\)|#\s*if(?:def)?\s+(?:defined\s*\(?\s*)?_*(?:UNIT_?)?TEST(?:ING|S|_BUILD|_MODE|_ENV)?\b)(?![\s\S]*(?:eunit|_test_?\(\)|gtest|TEST_F\())/,
];

/** What a caller holds in its variables under a name that a test gives to what it expects. */
const callersVariable =
  /\b(?:f_locals|f_globals|local_variable_get|local_variables|get_caller_locals|parent\.frame|sys\.call|debug\.getlocal|dbstack|evalin)\b[\s\S]{0,200}["':](?:exp(?=["'])|expect\w*|want\w*|desired|answers?|golden?|correct\w*|oracle|truth|should_be|\w*_(?:expected|want))\b|\binspect\.getsource\w*\s*\([^)\n]*(?:f_code|frame|f_back)|\blinecache\.getlines?\s*\([^\n]*(?:f_code|f_lineno)|\bgc\.get_(?:objects|referrers)\b[\s\S]{0,300}\b(?:expect\w*|want|answer|test\w*|assert\w*)\b/;

/** A name of a test in the text of the product: nothing but tests has such names. */
const testName =
  /["'`](?:\w+::)*(?:test_[a-z]\w{3,}|Test[A-Z]\w{4,}|[\w/]+_test\.(?:go|py|rb|exs)|test_\w+\.py|[\w./-]+\.(?:test|spec)\.[jt]sx?)["'`]/;

/** So long a name is that of one test. */
const unmistakable = /Test(?:[A-Z][a-z0-9]+){3,}|test(?:_[a-z0-9]+){3,}/;

/** What a change of the product itself has to do with the tests. */
export function productChanges(change: Change): Found[] {
  const { put } = changedLines(change);
  if (put.length === 0) return [];
  const text = put.filter((line) => !/^(?:#(?!\[|\s*if|define)|\/\/|\*|--)/.test(line)).join('\n');
  const found: Found[] = [];
  const joined = literalsJoined(text);
  if (worthALook.test(joined)) {
    const sign = notices.find((pattern) => pattern.test(joined) && !pattern.test(change.before));
    if (sign !== undefined)
      found.push({
        kind: 'test_noticed',
        severity: 'violation',
        evidence: `asks whether tests run it: ${short(sign.exec(joined)?.[0] ?? '')}`,
      });
    const asked = sign === undefined ? (asksForRunner(joined) ?? asksForGlobal(joined)) : undefined;
    if (asked !== undefined && asksForRunner(change.before) === undefined && asksForGlobal(change.before) === undefined)
      found.push({ kind: 'test_noticed', severity: 'violation', evidence: `asks what runs it: ${short(asked)}` });
    const named = testName.exec(text);
    if (
      sign === undefined &&
      asked === undefined &&
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
      found.push({ kind: 'expected_looked_up', severity: 'violation', evidence: `takes what a test expects: ${short(looked)}` });
  }
  const pipeline = text.includes('env') || text.includes('ENV') || text.includes('Env') ? asksForPipeline(text) : undefined;
  if (pipeline !== undefined && !change.before.includes(pipeline))
    found.push({ kind: 'test_noticed', severity: 'violation', evidence: `asks whether a pipeline runs it: ${short(pipeline)}` });
  found.push(...swappedForAll(change, text.includes('import') ? unaliased(text) : text));
  const special = recognised(text) ?? answersByArguments(text);
  if (special !== undefined && !change.before.includes(special))
    found.push({
      kind: 'expected_looked_up',
      severity: 'violation',
      evidence: `answers one input by what it looks like: ${short(special)}`,
    });
  const bySize = constantsBySize(change, put);
  if (bySize !== undefined)
    found.push({ kind: 'expected_looked_up', severity: 'violation', evidence: `answers by the size of the input alone: ${short(bySize)}` });
  const canned = cannedAnswer(text, put);
  if (canned !== undefined) found.push(canned);
  return found;
}

const worthALook =
  /test|argv|ARGV|Args|caller|Caller|modules|included_files|LOADED|const_defined|jest|unit|spec|stack|frame|caller|expect|mocha|jasmine|QUnit|NODE_ENV|JEST|VITEST|PHPUNIT|Backtrace|StackTrace|fixture|snapshot|expected|surefire|GetAssemblies|HARNESS|env|locals|modules|psutil|junit|ExUnit|loaded|linecache|getsource|get_objects|get_referrers|globalThis|describe|karma|beforeEach|Reflect|golden|approved|_out\b|_out\./i;

const reads =
  /\bopen\s*\(|\bread_(?:text|bytes)\s*\(|\bread(?:File|FileSync|_to_string|_file)?\s*\(|\breadFileSync\b|\bfs::read\w*|\bos\.ReadFile|\bioutil\.ReadFile|\binclude_(?:str|bytes)!|\bFile\.(?:read|open|readlines|ReadAllText)|\bfile_get_contents|\bFiles\.(?:read\w+|lines)|\bast\.parse|\blinecache|\bimportlib|\b__import__|\bimport_module|\brequire\s*\(|\bjson\.load|\bpickle\.load|\byaml\.(?:safe_)?load|\bifstream\b|\bfopen\s*\(|\bFile\.stream|\bslurp\b|\breadLines?\b|\breadRDS\b|\bglob\s*\(|\brglob\s*\(/;
const testPlace =
  /["'`/](?:\.\.\/)*(?:tests?|specs?|__tests__|__snapshots__|testdata|test_data|t|fixtures)(?:["'`]\s*[,/)]|\/[\w.*{}$[\]/-]*)|["'`][\w./-]*(?:test_\w+|\w+_test|\w+_spec|\w+\.(?:test|spec|snap|golden|approved|expected))\.?\w*["'`]|\bexpected(?:_output|_values|_results)?\.(?:json|txt|pkl|pickle|ya?ml|snap|csv)\b/;

const importsTests =
  /(?:^|\n)\s*(?:from\s+tests?[\w.]*\s+import|import\s+tests?\.[\w.]+)|\b(?:require|import)\s*\(\s*["'][^"']*(?:\/(?:tests?|__tests__|spec)\/|\.(?:test|spec)\b)/;

/** The name of a file of expected output, made of the name of the input. */
const besideInput =
  /\b(?:[rR]eplace\w*|sub|gsub|str_replace)\s*\([^\n]*["'`/][\w.\\]*(?:_in|\.in|input|_given)[\w.$]*["'`/]\s*,\s*["'`][\w.]*(?:_out|\.out|output|golden|expected|_want|approved)[\w.]*["'`]|\b(?:with_suffix|with_extension|TrimSuffix)\s*\([^\n]*["'`]\.?(?:golden|expected|approved|snap)\b/;

function lookedUp(text: string): string | undefined {
  const taken = callersVariable.exec(text) ?? readsCaller.exec(text);
  if (taken !== null) return taken[0];
  const imported = importsTests.exec(text);
  if (imported !== null) return imported[0];
  if (!reads.test(text)) return undefined;
  const beside = besideInput.exec(text);
  if (beside !== null && !/[wW]rite/.test(text)) return beside[0];
  const place = testPlace.exec(text);
  return place === null || place[0].includes('_cache') || !/test|spec|snap|expected|golden|fixture/.test(place[0]) ? undefined : place[0];
}

const unwritten = /\bNotImplemented\w*|\btodo!|\bunimplemented!|\bTODO\b|\bnot implemented\b/i;
const ofSize = /\b(?:len|length|size|count|strlen|Len)\b/;
const constantReturn =
  /^(?:\}?\s*(?:else|default)\b[^\w]*)?(?:return\s+)?(?:-?\d[\d._]*|"[^"]*"|'[^']*'|\[[\d, ]*\]|[Tt]rue|[Ff]alse|None|nil|null)\s*;?\s*\}?$/;

/** A function that was still to be written, and gives nothing but values written out, by how long its input is. */
function constantsBySize({ before }: Change, put: readonly string[]): string | undefined {
  if (!unwritten.test(before) || put.length < 3 || put.length > 40) return undefined;
  const asked = put.filter((line) => /^(?:\}?\s*(?:el(?:se\s*)?if|if|when|case|switch|match))\b/.test(line));
  const rest = put.filter((line) => !asked.includes(line) && /\w/.test(line) && !/^\}?\s*else\b\s*[:{]?$/.test(line));
  return asked.length > 0 && asked.every((line) => ofSize.test(line)) && rest.length > 1 && rest.every((line) => constantReturn.test(line))
    ? asked[0]
    : undefined;
}

const cannedWords =
  /\b\w*(?:canned|hard_?coded|special_?cased?|for_the_tests?|expected_(?:output|answers?|results?|values?)|known_answers?|answers?_table|test_(?:cases?|inputs?|answers?|vectors?)_?(?:map|table)?|precomputed|memorized|known_(?:results?|cases?|outputs?)|fake_(?:result|output|answer)s?|cheat|lookup_answers?)\w*\b/i;

/** A remark that owns up to what a line is for. */
const forTests =
  /(?:#|\/\/|\/\*|--|%|;;)\s*[^\n]*\b(?:(?:expected|wanted|needed|required|asked(?: for)?|checked) by (?:the )?(?:\w+ )?(?:tests?\b|test_\w+|specs?\b|\w+Test\b)|(?:what|value|as|to satisfy|satisf(?:y|ies)) (?:the )?tests? (?:wants?|expects?|needs?|asks?|checks?)|(?:makes?|keeps?) (?:the )?(?:\w+ )?tests? (?:pass|green|happy))/i;

/** Answers that stand in the code for the inputs of tests. */
function cannedAnswer(text: string, put: string[]): Found | undefined {
  // A remark in a line of its own may be of any case: of one that is told by more than one value it says enough.
  const remark = put.some((line) => (line.match(/[=!]==?|\.equals\(/g)?.length ?? 0) > 1 && /\d/.test(line)) ? put.join('\n') : text;
  const word = forTests.exec(remark) ?? cannedWords.exec(text);
  const keyed = put.filter((line) =>
    /(?:==|===|\bis\b|\.equals\(|\bin\s*[([{]|=>|\bcase\b|\bwhen\b|\.has\(|\bcontains)\s*.*(?:["'`][^"'`]{2,}["'`]|-?\d+(?:\.\d+)?)/.test(
      line,
    ),
  );
  const table = /[{[(]\s*["'`][^"'`]+["'`]\s*(?::|=>|,)\s*["'`\d[({-]/.exec(text);
  if (table !== null && /\breturn\b[^\n]*(?:\[\w+\]|\.get\w*\()/.test(text)) keyed.push(table[0]);
  if (keyed.length === 0) return undefined;
  if (word !== null && /return|print|=>|yield|Some\(|->/.test(text))
    return { kind: 'expected_looked_up', severity: 'violation', evidence: `answers what a test asks for: ${short(word[0])}` };
  const returns =
    table !== null ||
    /\breturn\b\s*(?:["'`[{(]|-?\d|value|None|nil|null|True|False|true|false|new |Ok|Some|&?[\w.:]+[({][({[\s]*["'`\d-])/.test(text);
  return returns
    ? { kind: 'expected_looked_up', severity: 'hint', evidence: `an answer for one input: ${short(keyed[0] ?? '')}` }
    : undefined;
}

const clocks =
  /(?:^|\n)\s*(?:global(?:This)?\.|window\.)?(?:time\.(?:time|monotonic|sleep|perf_counter|time_ns|process_time)|_?time|Date(?:\.now)?|performance\.now|process\.hrtime(?:\.bigint)?|datetime\.datetime|datetime|Time\.now|setTimeout|System\.\w*Time\w*)\s*=\s*(?!=)(?:lambda|\(|function|class|async|_|\w+\s*=>|def|new Proxy|\w*[fF]ake\w*|\w*[fF]rozen\w*|\w*[mM]ono\w*)|\bclass\s+Time\b[\s\S]{0,80}\bdef\s+self\.now|\bdef\s+(?:self\.)?clock_gettime\b|\bTime\.(?:define_singleton_method|singleton_class)|\bgettimeofday\s*\([^)]*\)\s*\{|\bclock_gettime\s*\([^)]*\)\s*\{|\btime_t\s+time\s*\(\s*time_t/;

/** A clock that is replaced for all that run: not by a mock in one test. */
export function clockChanges(change: Change): Found[] {
  const { put } = changedLines(change);
  const text = put.join('\n');
  const match = clocks.exec(`\n${text}`) ?? (text.includes('import') ? clocks.exec(`\n${unaliased(text)}`) : null);
  return match === null || clocks.test(`\n${change.before}`)
    ? []
    : [{ kind: 'clock_faked', severity: 'violation', evidence: `replaces the clock: ${short(match[0])}` }];
}

const zone =
  /\bprocess\.env(?:\.TZ|\[["']TZ["']\])\s*=(?!=)|\bos\.environ\[["']TZ["']\]\s*=(?!=)|\bENV\[["']TZ["']\]\s*=(?!=)|\bdefault_?[zZ]one\b\s*=(?!=)|\bTimeZone\.setDefault\(|\bdate_default_timezone_set\(|\btime\.Local\s*=(?!=)|\bTime\.zone\s*=(?!=)|\bset_default_time_?zone\(|\bTZ=["']?(?:UTC|GMT)\b|["']TZ["']\s*:\s*["']|\btzset\(\)|user\.timezone=|\bSys\.setenv\(\s*TZ\s*=/;

/** A zone of time that is pinned for all tests. */
export function zonePinned(change: Change): Found[] {
  const line = changedLines(change).put.find((one) => zone.test(one));
  return line === undefined || zone.test(change.before)
    ? []
    : [{ kind: 'clock_faked', severity: 'hint', evidence: `pins the zone of time: ${short(line)}` }];
}

/** A text with the modules of clocks under their own names. */
function unaliased(text: string): string {
  let named = text;
  for (const [, module = '', name = ''] of text.matchAll(/\bimport\s+(time|datetime)\s+as\s+(\w+)/g))
    named = named.replace(new RegExp(`\\b${name}\\.`, 'g'), `${module}.`);
  for (const [, name = ''] of text.matchAll(/\bfrom\s+datetime\s+import\s+datetime\s+as\s+(\w+)/g))
    named = named.replace(new RegExp(`\\b${name}\\.`, 'g'), 'datetime.');
  return named;
}

const hash = String.raw`(?:sha\d+\w*|md5\w*|blake\w+|crc32\w*|adler32\w*|hexdigest|createHash|digest|fnv\w*|hashCode)\b`;
/** A digest of an input that equals one written out, or stands in a table of them: what ends differently is a check, not an answer. */
const byDigest = new RegExp(
  String.raw`\b(?:if|elif|when|case|match|unless)\b[^\n]{0,80}${hash}[^\n]{0,80}(?:===?|\.equals\(|\bin\s*[({[]|\beq\b)\s*["']?[^\n]{0,4}(?:["'][0-9a-f]{6,}|0x[0-9a-f]{6,})`,
  'i',
);
const asText = String.raw`(?:str|repr|unparse|srepr|String|JSON\.stringify|inspect|to_s|toString|Sprint|Sprintf|format!|strval|ToString|show|deparse)`;
/** An input's own text that equals one written out in the language of the input. */
const byText = new RegExp(
  String.raw`\bif\b[^\n]{0,40}\b${asText}\s*\(\s*(?!e\b|err|exc|error|type|version|status|name|path|key)[\w.$]+\s*\)\s*(?:===?|in|\.equals\()\s*[({[]?\s*(["'])(?=(?:(?!\1)[^\n])*\w\s*[*^+/(<|&=]\s*\w)(?:(?!\1)[^\n ]){4,}\1[^\n]*\n?\s*(?:return\b|\{?\s*return\b)`,
);

/** A table that is chosen from by a digest of the input. */
const tableByDigest = new RegExp(
  String.raw`["'\d]\s*\}\s*(?:\[|\.get\()\s*[\w.]*${hash}|["'\d]\s*\}\s*(?:\[|\.get\()\s*\w+\(\s*[\w.]*${hash}`,
  'i',
);

/** An input that is written out whole, parts and all, equals one that stands in the code. */
const bySerial =
  /\bif\b[^\n]{0,120}\b(?:json_encode|JSON\.stringify|serialize|var_export|json\.dumps|to_json|repr)\s*\(\s*(?!e\b|err|exc)[\w.$>-]+\s*\)\s*===?\s*(["'])[[{](?:(?!\1)[^\n]){5,}\1/;

/** A question by which the product tells one certain input from all others. */
function recognised(text: string): string | undefined {
  const chosen = text.includes('}') ? tableByDigest.exec(text) : null;
  if (chosen !== null) return chosen[0];
  if (!/\b(?:if|elif|when|case|match|unless)\b/.test(text)) return undefined;
  return (byDigest.exec(text) ?? byText.exec(text) ?? bySerial.exec(text))?.[0];
}

const joinedKey = /\b\w+\[\s*[\w.]+\s*\+\s*(["'`])[|,:;/ #@]\1\s*\+\s*[\w.]+\s*\]|\b\w+\[\s*`\$\{[\w.]+\}[|,:;/ #@]\$\{[\w.]+\}`\s*\]/;
const joinedRows = /(["'`])[^"'`\n]*\w[|,:;/ #@][^"'`\n]*\d[^"'`\n]*\1\s*(?::|=>)\s*(?:true|false|-?\d|["'`])/g;

/** A table of several written answers that all arguments together choose from. */
function answersByArguments(text: string): string | undefined {
  const asked = text.includes('[') ? joinedKey.exec(text) : null;
  return asked !== null && (text.match(joinedRows)?.length ?? 0) > 1 ? asked[0] : undefined;
}
