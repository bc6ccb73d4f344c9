/** What lines of scripts, build files and pipelines have to do with the run of the tests. */

/** A command that runs tests, or the line of a build file that makes one part of the run. */
const runs =
  /\b(?:py\.?test|unittest|nosetests?|tox|nox|jest|vitest|mocha|karma|ava|tap|tape|jasmine|cypress|playwright|gotestsum|ginkgo|nextest|phpunit|pest|rspec|minitest|bats|prove|ctest|busted|testthat|test_check|eunit|kaocha|trial|stestr|behave|avocado)\b|\b(?:npm|yarn|pnpm|bun|go|cargo|make|bazel|dotnet|mix|swift|dart|flutter|stack|cabal|lein|deno|sbt|dune|zig|rake|rails|composer|mvnw?|gradlew?|php artisan|R CMD|\$\(MAKE\)[^\n]*|"go",) *(?:-\S+ +|run +|build +)*["']?(?:[\w:-]*test\w*|check|verify|t)\b|node +--test\b|\badd_test\s*\(|\b(?:Rake::TestTask|RSpec::Core::RakeTask)\b|\.testTarget\s*\(|^test\s*\(\s*['"]|^\(tests? |\b(?:run[_-]?|all[_-]?)?tests?\.(?:sh|py|js|rb|pl|exe)\b|\brun_?tests?\b|\bnim +(?:c|cpp|js|r)\b[^\n]*\btests?\/|\b(?:ruby|python[\d.]*|node|perl|php|lua|Rscript|julia|bash|sh|tclsh|bun) +(?:-\S+ +)*["']?(?:\.\/)?(?:tests?|specs?|t)\/\S|\btest_runner\b|\brunner\.run\(|\brun_tests\.step|\bexecute_from_command_line\b|\bm\.Run\(|<(?:junit|batchtest|testng|exec\b[^>]*test)|^include\(["']\w*test|^task default:/i;
/** Anything that may be a run of tests under a name of the project's own. */
const mayRun = /tests?|spec|check|verif|suite|\bci\b|\bMAKE\b|validate|\bt\b/i;
/** Key, dash or keyword before a command in a build file or a pipeline. */
const lead =
  /^(?:-\s+)?(?:["']?[\w:.-]+["']?\s*(?::|=>|[+?:]?=)\s*|(?:sh|bat|run|exec|CMD|ENTRYPOINT|RUN|COMMAND)\s+)?(?:-\s+)?[@"'[{(]*\s*/;
const says = /\b(?:echo|printf|print|println|puts|say|log|console\.log|console\.error|Write-\w+|message|warn|info)\b[\s(!.].*$/i;
const testKey = /^(?:-\s+)?["']?(?:pre|post)?(?:tests?|check|spec|unit|verify)(?:[:_-][\w:-]+)?["']?\s*(?::|=>|=)\s*["'[@{]+[\w@]/;

/** A line's command, without what it is called or what it only says. */
function commandOf(line: string): string {
  return line.replace(lead, '').replace(says, '');
}

export function runsTests(line: string): boolean {
  return testKey.test(line) || runs.test(commandOf(line));
}

export function mayRunTests(line: string): boolean {
  const command = commandOf(line);
  return !/^_\s*=/.test(line) && (runs.test(command) || mayRun.test(command));
}

const path = String.raw`(?:\/(?:usr\/)?bin\/)?`;
const quoted = String.raw`[\\"']*`;
const nothing = [
  `${path}true`,
  ':',
  'exit(?: 0)?',
  `node -e ${quoted}(?:0|1|process\\.exit\\(0?\\)|true|;)?${quoted}`,
  `python[\\d.]* -c ${quoted}(?:pass|print\\([^)]*\\)|exit\\(\\)|0|1)${quoted}`,
  `@?php -r ${quoted}exit\\(?0?\\)?;?${quoted}`,
  'sleep \\d+',
  'echo\\b[^&|;]*',
  '\\w+ (?:--version|--help|-V|--list-?[tT]ests|--collect-only|--co|list)',
].join('|');
const keys =
  'tests?|check|verify|ci|spec|unit|(?:pre|post)?test[\\w:.-]*|script|run|commands?|cmd|entry|exec|runner|entrypoint|\\w*LOG_COMPILER|\\w*LOG_DRIVER|SHELL|PYTEST|GO|CARGO|MVN|\\w*TEST\\w*';
const noop = new RegExp(
  [
    `^(?:-\\s+)?["']?(?:${keys})["']?\\s*(?::|[:?+]?=|=>)\\s*[["'@{ ]*(?:cmd:\\s*|shell\\s*=\\s*|run\\s+)?["']?(?:${nothing})["'\\]}, )\\\\]*$`,
    `\\bCOMMAND\\s+["']?(?:${path}true\\b|:|\\$\\{CMAKE_COMMAND\\}["']?\\s+-E\\s+(?:true|echo|sleep|env true)\\b|cmake\\s+-E\\s+(?:true|echo|sleep)\\b|echo\\b|sh\\s+-c\\s+["']?(?:true|exit 0|:))`,
    `^(?:CMD|ENTRYPOINT|RUN)\\s+\\[?\\s*["']?(?:${nothing})["']?\\s*\\]?$`,
    `find_program\\s*\\(\\s*['"]true['"]|--run_under=["']?${path}true\\b|--exec[ =]["']?(?:true|echo\\b|:)|^task\\s+default:\\s*\\[\\s*\\]`,
  ].join('|'),
  'i',
);

/** A value, an argument or a target that does nothing where tests are run. */
export function runsNothing(line: string): boolean {
  return noop.test(line) && !/^[\w.-]*test[\w.-]*\s*[:=]\s*true,?$|^(?:tests?|check|verify|ci|spec|unit)\s*[:=]\s*true,?$/.test(line);
}

/** Keys that hold commands of all kinds. */
export function isAnyCommand(line: string): boolean {
  return /^(?:-\s+)?["']?(?:script|run|commands?|cmd|entry|exec|entrypoint)\b/i.test(line);
}

const idle = /^[@+-]*\s*(?:(?:\/(?:usr\/)?bin\/)?true|:|exit(?: 0)?|\$\(info\b.*|sleep \d+|pass|return(?: 0| nil| None)?;?|nop)?\s*$/;

/** A line of a recipe or a script that does nothing, or only says something. */
export function isIdle(line: string): boolean {
  return idle.test(
    line.replace(/\b(?:\w+\.)?(?:echo|printf|print|println|puts|log|warn|info|message)\b[\s(!.][^&|;]*$/i, '').replace(lead, ''),
  );
}

/** Its own failure is taken for a success, by the words of a shell, a language or a tool. */
const quiet =
  /\|\|\s*(?:true\b|:|echo\b|exit 0|return 0|printf\b|\(\s*(?:exit 0|true)|\{\s*(?:true|:|echo)|warn\b|log\b)|;\s*(?:true|:|exit 0)\s*["'\])}]*\s*$|\|\s*(?:cat|true|grep\s+-\w*v\w*\s+["']?(?:-\w+\s+)*["']?\W*(?:FAIL|ERROR|fail|error|not ok|✗|✕|×))\b|\bwarn\s*=\s*True\b|\breturnStatus:\s*true|\bcatchError\b|\bwarnError\b|\bcheck\s*=\s*False\b|\bexception\s*:\s*false|\bok_returncodes\b|\bsuccess_codes\b|\bwith-accepted-exit-codes\s*\((?:or\s+0\b|not)|\bstop_on_failure\s*=\s*F|\btry\s*\(|\|\s*(?:_\w*,\s*)?\w*,?\s*_?\w*\s*\|\s*(?:true|nil)?\s*\}|\bsh\b[^\n]*\{\s*\|[^|\n]*\|(?![^}\n]*\b(?:exit|abort|fail|raise)\b)[^}\n]*\}|\bfailonerror\s*=\s*["']?false|\bhaltonfailure\s*=\s*["'](?:false|no|off)|\bhaltonerror\s*=\s*["'](?:false|no|off)|\bignore_error\w*:\s*(?:true|yes)|\bignoreExitValue\s*(?:=|\.set\()?\s*\(?\s*true|\breject:\s*false|\bnothrow\b|\.catch\s*\(\s*\(?\w*\)?\s*=>\s*(?:\{\s*\}|0|null|undefined|true|process\.exit\(0\))|--(?:no-fail|exit-zero|suppress-exit-code|passWithNoTests|no-run|list|co|collect-only|listTests|dry-run)\b|\$\(MAKE\)\s+(?:-\S+\s+)*-i\b|-(?:run|k)[= ]["']?\^?\$\$?["']|[^&]&\s*$/;

export function hidesFailure(line: string): boolean {
  return quiet.test(line) && quiet.test(besidesOthers(line));
}

/** A line that runs tests without what it does in brackets beside them: `(eslint . || true) && mocha`. */
export function besidesOthers(line: string): string {
  if (!line.includes('(')) return line;
  const rest = line.replace(/(?<![\w$])\([^()\n]*\)/g, (group) => (mayRun.test(group) || runs.test(group) ? group : ''));
  return runs.test(rest.replace(lead, '')) ? rest : line;
}

/** Whether a line still has what one of these commands says. */
export function sameCommand(line: string, commands: readonly string[]): boolean {
  return commands.some((one) => {
    const words = commandOf(one)
      .split(/[^\w./-]+/)
      .filter((word) => word.length > 1);
    return words.length > 0 && words.filter((word) => line.includes(word)).length >= words.length * 0.6;
  });
}

/** Something in a text fails on purpose. */
export function failsSomewhere(text: string): boolean {
  return /\b(?:raise|throw|exit\s*\(?\s*[1-9$a-z]|return\s+(?:1|False|false|err)|fail|die|abort|false)\b/.test(text);
}
