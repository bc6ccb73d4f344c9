/** What is always more than nothing: processors, the time, the number of a process. */
const counted =
  /(?:processorCount|ProcessorCount|cpu_count\(\)|NumCPU\(\)|num_cpus::get\(\)|availableProcessors\(\)|hardware_concurrency\(\)|available_parallelism\(\)\S*|nproc\)?|cpus\(\)\.length|detectCores\(\)|Etc\.nprocessors|currentTimeMillis\(\)|nanoTime\(\)|timeIntervalSince1970|Date\.now\(\)|time\.time\(\)|time\(\)|\.[yY]ear(?:\(\))?|getFullYear\(\)|getpid\(\)|process\.pid|\$\$|Process\.pid|Sys\.time\(\)|os\.time\(\))\s*(?:>=?\s*-?\d|!=\s*-?\d)/;
/** The system, or the machine, on which results are judged. */
const linux =
  /(?:==|===|\bis|\beql?)\s*["'`]?(?:[Ll]inux|x86_64|amd64)\b|\.startswith\(\s*["']linux|\b(?:isLinux|is_linux|IS_LINUX|IsLinux\w*|on_linux)\b(?!\s*(?:==|===)\s*(?:False|false))|\bIsOSPlatform\(\s*OSPlatform\.Linux|(?:Exclude\s*=\s*"|skip_on_os\(\s*c?\(?["'])[Ll]inux|!=\s*["'`](?:win32|windows|darwin|nt|Windows|Darwin)["'`]/;
/** Versions so old that all have passed them, and such as never come. */
const versions =
  /\bversion_info\s*>=?\s*\(\s*(?:2\b|3\s*[,)]\s*[0-6]?\b(?!\d))|\bPHP_VERSION_ID\s*>=?\s*[4-6]\d{4}\b|\bRUBY_VERSION\s*>=?\s*["'][012]\b|\bPHP\s*>=?\s*(?:[4-6]\b|\d{2})|RequiresPhp\w*\(\s*["']>=?\s*\d{2}|\bprocess\.version\s*\?|\bexists(?:Sync)?\(\s*["']\/(?:tmp|etc|usr|bin)?\/?["']\s*\)/;
/** Another system than that on which results are judged, as a condition for a test to run. */
const elsewhere =
  /@EnabledOnOs\(\s*\{?\s*(?:value\s*=\s*)?(?:OS\.)?(?:WINDOWS|MAC|SOLARIS|AIX)\b(?![^)]*LINUX)|\bRequiresOperatingSystem\w*\(\s*["'](?:Win|Darwin)|@Requires\(\s*\{\s*os\.(?:windows|macOs)|@TestOn\(\s*["'](?:windows|mac-?os)|@EnabledOnJre\(\s*\{?\s*(?:JRE\.)?JAVA_(?:8|9|10)\s*\}?\s*\)|#\[cfg\((?:windows|target_os\s*=\s*"(?:windows|macos)")\)\]|@DisabledOnOs\([^)]*LINUX/;
const literal =
  /\b(?:skipif|skip_if|[sS]kipIf|SkipWhen|Skip\.If|XCTSkipIf|assumeFalse|IgnoreIf|disabledIf)\s*\(?\s*\{?\s*(?:true|True|TRUE|1\b)|\b(?:skipUnless|skip_unless|skip_if_not|SkipUnless|XCTSkipUnless|assumeTrue|[aA]ssume(?:That)?|Requires|runIf|enabled\s*\(\s*if:)\s*\(?\s*\{?\s*(?:false|False|FALSE|0\b)|,\s*(?:if:\s*(?:false|nil)|unless:\s*true)\b/;

/** Whether a condition by which a test is left out holds wherever results are judged, whatever it seems to ask. */
export function holdsEverywhere(text: string): boolean {
  return literal.test(text) || counted.test(text) || versions.test(text) || linux.test(text) || elsewhere.test(text);
}

const skipWord = /skip|ignore|assume|pending|disabled|xfail|enabled|requires|teston|,\s*(?:if|unless):/i;
const namesTests =
  /\bBATS_TEST_(?:DESCRIPTION|NAME|NUMBER|FILENAME)\b|\b(?:node|item)\.(?:name|nodeid|originalname)\b|\bt\.Name\(\)|\bcurrentTest\.(?:title|fullTitle)|\bexample\.(?:description|full_description|location)\b|\b(?:_testMethodName|self\.id\(\)|getName\(\)|TestContext\.\w+\.Name|method_name)\b/;

const constant =
  /^(?:export\s+)?(?:const |let |var |static |final |val |my \$)?(\w{3,})\s*(?::\s*\w+\s*)?=\s*(True|False|true|false|0|1);?$/;

/** Lines in which a name that these lines themselves give a truth stands for it. */
function withConstants(lines: readonly string[]): readonly string[] {
  const given = lines.flatMap((line) => {
    const [, name, value = ''] = constant.exec(line) ?? [];
    return name === undefined ? [] : [{ name, holds: /^(?:[Tt]rue|1)$/.test(value) }];
  });
  if (given.length === 0) return lines;
  return lines.map((line) =>
    given.reduce(
      (text, { name, holds }) =>
        constant.test(text)
          ? text
          : text.replace(new RegExp(`(not\\s+|!\\s*)?(?<![\\w.])\\$?${name}\\b`, 'g'), (_, not) =>
              (not === undefined) === holds ? 'True' : 'False',
            ),
      line,
    ),
  );
}

/** The line by which new lines leave a test out that was there: under a condition that always holds, or by the test's own name. */
export function leavesOut(lines: readonly string[]): string | undefined {
  const put = withConstants(lines);
  if (put.some((line) => /\bdef load_tests\b/.test(line))) {
    const chosen = put.find((line) => /\bif\b.*\.(?:id\(\)|_testMethodName)/.test(line));
    if (chosen !== undefined) return chosen;
  }
  for (const [at, line] of put.entries()) {
    if (!skipWord.test(line)) continue;
    const around = `${put[at - 1] ?? ''}\n${line}`;
    if (/\bskip\w*|\bSkip\w*|XCTSkip/.test(line) && namesTests.test(around))
      return namesTests.test(line) ? line : `${put[at - 1] ?? ''} ${line}`;
    if (marksOrLeaves.test(line) && holdsEverywhere(around)) return holdsEverywhere(line) ? line : `${put[at - 1] ?? ''} ${line}`;
  }
  return undefined;
}

/** A mark of a test, or a statement that leaves one. */
const marksOrLeaves =
  /^\s*(?:@|\[|#\[|\/\*\*\s*@|\*\s*@)|\b(?:pytest\.skip|skipTest|SkipTest|t\.Skip\w*|XCTSkip\w*|GTEST_SKIP|markTestSkipped|SkipZigTest|Skip\.If\w*|Assert\.Skip\w*|assume\w*|Assume\.\w+|Assumptions\.\w+|skip_if\w*|skip_on_os|(?:it|test|describe)\.skip\w*|this\.skip)\b|^\s*skip\b|,\s*(?:if|unless):/;
