import type { Change, Found, Suspicion } from './change.ts';
import { short } from './short.ts';

/** What a program asks of the process that it runs in: what started it, what is loaded, who called. */
const asksOfRun =
  /\b(?:sys\.modules|inspect\.stack|extract_stack|walk_stack|argv\w*|ARGV|Args|args_os|args\(\)|cmdline|getppid|get_included_files|get_required_files|LOADED_FEATURES|const_defined|const_get|env::args|isPresent|forName|loadClass|ProcessName|MainModule|CommandLine|GetEntryAssembly|GetCommandLineArgs|GetCustomAttributes\w*|readlink|_NSGetExecutablePath|program_invocation\w*|getprogname|SCRIPT_NAME|SCRIPT_FILENAME|PHP_SELF|npm_lifecycle\w*|npm_config_argv|require\.(?:cache|main)|getStackTrace|StackWalker|StackFrame|StackTrace|_getframe|currentframe|caller\w*|Caller\w*|debug_backtrace|backtrace|f_code|current_exe|process\.parent|ppid|getAllStackTraces|ThreadGroup|loadedModules|GetAssemblies|runtime\.Stack|pprof|dl_iterate_phdr|dladdr|Process\.list|:code\.all_loaded|Application\.started_applications|System\.argv|callStackSymbols|callStack|prettyCallStack|stacktrace|StackTrace\.current|dlsym|GetProcAddress|objc_getClass|ensure_loaded|sun\.java\.command|java\.class\.path|ManagementFactory)\b/g;

/** Runners and libraries of tests, as text or as a name within a pattern. */
const runnerNames =
  /(?:["'`/:|(.^\\-])_?(?:py\.?test|pluggy|nose2?|unittest|org\.junit|org\.testng|junit\w*|testng|surefire|xunit|nunit|mstest|testhost|vstest[\w.]*|TestPlatform|phpunit|pest|codecept\w*|rspec|RSpec|minitest|Minitest|jest|vitest|mocha|jasmine|karma|ExUnit|ex_unit|scalatest|kotest|busted|gtest|ctest|cargo-nextest|nextest|test-threads|coverage)(?!_cache|[\w-]*["'`]\s*:\s*["'`^~\d])|["'`](?:\w*(?:Fact|Theory|TestMethod|InlineData|DataTestMethod|ParameterizedTest)(?:Attribute)?)["'`]|["'`]\w*(?:testing4Test|testing::Test|InitGoogleTest)|["'`]runtests?\.\w+["'`]/;

/** A path or a name compared with what tests are called. */
const testsNames =
  /(?:Ends?With|ends_?with\??|endsWith|[sS]tarts_?[wW]ith\??|HasPrefix|contains|Contains|includes?\??|strstr|match\??|=~|test|Equals?|equals|===?)\s*\(?\s*(?:\w+,\s*)?["'`/][\w./\\$]*(?:(?:[_./\\]|(?<=["'`/]))(?:tests?|specs?)(?=\b|_)|Tests?\b|Spec\b)|["'][\w.]*(?:Tests?|Spec|_test)["']\s*`?is(?:Infix|Prefix|Suffix)Of\b/;
/** Signs that lead to code or a program rather than to what somebody typed. */
const leadsToCode =
  /stack|frame|caller|trace|readlink|invocation|progname|exe|f_code|Assembly|modules|features|included|Module|cmdline|ppid|addr/i;

const near = 260;

/** Whether new code asks of its own process whether a runner of tests is behind it: any way of asking beside any runner’s name. */
export function asksForRunner(text: string): string | undefined {
  if (!runnerNames.test(text) && !testsNames.test(text)) return undefined;
  for (const match of text.matchAll(asksOfRun)) {
    const from = Math.max(0, match.index - near);
    const around = text.slice(from, match.index + near);
    const named = runnerNames.exec(around) ?? (leadsToCode.test(match[0]) ? testsNames.exec(around) : null);
    if (named !== null) return `${match[0]} … ${named[0]}`;
  }
  return undefined;
}

/** The environment of a pipeline, asked for by code that has nothing to do with how things are shown. */
const pipeline =
  /\b(?:environ(?:\.get\s*\(|\[)|getenv\s*\(|process\.env(?:\.|\[)|ENV(?:\.fetch\(|\[)|env::var(?:_os)?\s*\(|System\.getenv\s*\(|GetEnvironmentVariable\s*\(|System\.get_env\s*\(|os\.Getenv\s*\(|LookupEnv\s*\()\s*["'`]?(?:CI|GITHUB_ACTIONS|CONTINUOUS_INTEGRATION|TRAVIS|GITLAB_CI|BUILDKITE|JENKINS_URL|CIRCLECI|TEAMCITY_VERSION|SWE_?BENCH\w*|EVAL\w*|GRAD(?:ER|ING)\w*)\b/;
const shown =
  /tty|colou?r|progress|spinner|interactive|telemetry|analytics|updat|prompt|\blog|verbose|retr(?:y|ies)|timeout|headless|browser|annotat|report|is_?CI\b|provider|branch|commit|build|deploy|release|publish|cache|worker|parallel|snapshot|banner|notif|unicode|emoji|width|secret|token|debug/i;

export function asksForPipeline(text: string): string | undefined {
  const match = pipeline.exec(text);
  return match === null || shown.test(text) ? undefined : match[0];
}

/** Reads the file that called, or the arguments that a test was marked with. */
export const readsCaller =
  /\bruntime\.Caller\([\s\S]{0,160}\bReadFile\s*\(|\bFile\.read(?:lines)?\b[^\n]{0,60}\bcaller|\bcaller_locations?\b[\s\S]{0,160}\bFile\.read|\bGetFrame\w*[\s\S]{0,300}\bConstructorArguments\b|\bStackFrame\b[\s\S]{0,400}\bConstructorArguments\b|\bCallerFilePath\b[\s\S]{0,400}\bReadAll(?:Text|Lines)\(|\bLocation::caller\(\)[\s\S]{0,200}\bread_to_string\b|\bgetFileName\(\)[\s\S]{0,200}\breadAllLines\b|\bf_code\.co_filename\b[\s\S]{0,160}\b(?:open\(|read_text)|\bdebug_backtrace\b[\s\S]{0,200}\bfile(?:_get_contents)?\(|\bgetFileName\(\)[\s\S]{0,160}\breadFileSync/;

/** What a product changes for everybody who shares its process. */
const swapped: { pattern: RegExp; kind: Suspicion['kind']; what: string }[] = [
  {
    pattern:
      /(?:^|\n|;\s*)(?:global(?:This)?\.|window\.)?(?:time\.(?:time|monotonic|perf_counter|time_ns|sleep)|Date\.now|performance\.now|process\.hrtime(?:\.bigint)?)\s*=(?!=)\s*(?:lambda|\(|async|function|\w+\s*=>|_?\w*(?:fake|fixed|frozen|const)\w*)|\bclass\s+::Time\b[\s\S]{0,80}\bdef\s+self\.now|\/\/go:linkname\s+\w+\s+time\.\w+|(?:^|\n)\s*time_t\s+time\s*\(\s*time_t|namespace\s+\w[\w\\]*;[\s\S]*(?:^|\n)function\s+(?:micro)?time\s*\(/,
    kind: 'clock_faked',
    what: 'replaces the clock of the whole process',
  },
  {
    pattern: /(?:^|\n|;\s*)(?:datetime\.(?:datetime|date)|(?:globalThis|global|window)\.Date)\s*=(?!=)\s*(?:class\b|new Proxy|\w+)/,
    kind: 'clock_faked',
    what: 'replaces the clock of the whole process',
  },
  {
    pattern:
      /(?:^|\n|;\s*)(?:Math\.random|random\.(?:random|randint|choice|shuffle|uniform|sample)|os\.urandom|secrets\.\w+|uuid\.uuid4|crypto\.randomUUID)\s*=(?!=)\s*(?:lambda|\(|function|\w+\s*=>|_?\w*(?:fake|fixed)\w*)/,
    kind: 'program_replaced',
    what: 'replaces chance for the whole process',
  },
  {
    pattern:
      /(?:^|\n|;\s*)(?:sys\.(?:version_info|version|platform|implementation)|platform\.\w+|os\.name|(?!self\b|cls\b)\w+\.__version__)\s*=(?!=)\s*(?:lambda|\(|["'])|\bdefineProperty\(\s*process(?:\.versions)?\s*,\s*["'](?:versions?|platform|arch|node)["']/,
    kind: 'program_replaced',
    what: 'gives out another version or machine',
  },
  {
    pattern:
      /(?:^|\n|;\s*|=\s*)(?:requests\.(?:get|post|put|request|Session\.\w+)|urllib\.request\.urlopen|httpx\.\w+|socket\.\w+|subprocess\.(?:run|call|Popen|check_output|check_call)|os\.system|(?:global(?:This)?|window)\.(?:fetch|XMLHttpRequest)|https?\.(?:get|request)|child_process\.\w+)\s*=(?!=)\s*(?:requests\.\w|lambda|\(|async|function|\w+\s*=>|_\w+|\w*(?:fake|fixed|stub|canned)\w*)|\bNet::HTTP\.(?:singleton_class|define_singleton_method|class_eval|instance_eval)|\bRoundTrip\s*\([\s\S]{0,200}?return\s+&http\.Response\{[\s\S]{0,2000}\bhttp\.Default(?:Transport|Client)\b\s*=/,
    kind: 'program_replaced',
    what: 'answers for the network or other programs',
  },
  {
    pattern:
      /(?:^|\n|;\s*)(?:_pytest|pytest|unittest|_pt|pt)\.[\w.]+\s*=(?!=)|\bsys\.excepthook\s*=(?!=)[\s\S]*\bAssertionError\b|\bAssertionError\b[\s\S]*\bsys\.excepthook\s*=(?!=)|\bmatcherResult\b|\bExpectationNotMetError\b|\bFieldByName\(\s*"(?:failed|common|chatty|didFail)"|\bvoid\s+__assert_(?:fail|rtn)\s*\(|\b(?:Minitest::Test|Minitest::Assertions|Test::Unit::TestCase|RSpec::\w+(?:::\w+)*)\.(?:class_eval|prepend|send|define_method|instance_eval|module_eval)\b/,
    kind: 'outcome_forced',
    what: 'changes how tests fail',
  },
];

const quick =
  /=|defineProperty|class_eval|linkname|define_singleton|__assert|matcherResult|ExpectationNot|FieldByName|::Time|function\s+(?:micro)?time/;
/** Where a gap is filled, the real thing is used if it is there. */
const fills =
  /polyfill|shim|\bponyfill|typeof\s+(?:globalThis\.|window\.)?(?:fetch|Date|performance|Math)|if\s*\(\s*!\s*(?:globalThis\.|window\.)?(?:fetch|Date|performance|Math)|\|\|\s*function/i;

export function swappedForAll({ before }: Change, text: string): Found[] {
  if (!quick.test(text) || fills.test(text)) return [];
  const found: Found[] = [];
  for (const { pattern, kind, what } of swapped) {
    const match = pattern.exec(text);
    if (match !== null && !before.includes(match[0].trim()))
      found.push({ kind, severity: 'violation', evidence: `${what}: ${short(match[0].trim())}` });
  }
  return found;
}
