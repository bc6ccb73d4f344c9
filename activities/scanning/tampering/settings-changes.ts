import { baseName } from '../extraction/base-name.ts';
import { type Change, changedLines, type Found } from './change.ts';
import { runnerChanges } from './runner-changes.ts';
import { besidesOthers } from './runner-lines.ts';
import { namesAny, namesTests, signs, usual } from './settings-signs.ts';
import { short } from './short.ts';

/** A command that runs tests, within a line of a script, a build file or a pipeline. */
const runsTests =
  /\b(?:py\.?test|unittest|nosetests?|tox|nox|jest|vitest|mocha|karma|ava|tap|jasmine|cypress|playwright|npm (?:run )?t(?:est)?|yarn (?:run )?test|pnpm (?:run )?test|go test|gotestsum|ginkgo|cargo (?:nextest|test)|mvn\w*|gradlew?|sbt|phpunit|pest|rspec|rake|minitest|ruby\b.*test|bats|prove|ctest|make (?:check|test)|bazel test|dotnet test|mix test|swift test|zig (?:build )?test|R CMD check|Rscript|julia|dart test|flutter test|stack test|cabal test|lein test|busted|deno test|bun test|node --test|\$\(?\{?\w*TEST\w*|manage\.py test|runtests?|run_tests?|test\w*\.(?:sh|py))\b|\btest(?:[:-][\w:-]+)?["']\s*:/i;
const masked =
  /\|\|\s*(?:\[+\s*\$\?\s*(?:-eq|-lt|-le|==?)\s*[1-4]\b|true|:|exit 0|echo\b|\/bin\/true|return 0|\(?exit 0)|;\s*(?:exit 0|true|:)\s*(?:["'\s]|$)|&&?\s*exit 0|\|\s*(?:tee|cat)\b[^|]*;\s*true|\|\|\s*\(exit 0\)|--exit-?(?:zero|code[= ]0)\b|\bset \+e\b|\bexit 0\b|\|\s*(?:g?sed|g?awk|perl)\b[^|]*\b(?:FAIL\w*|fail\w*|not ok)\b[^|]*\b(?:PASS\w*|pass\w*|ok|OK)\b/;
const emptyTarget =
  /["'](?:pre|post)?test(?::[\w:-]+)?["']\s*:\s*["']\s*(?:true|:|exit 0|echo\b[^\n]*(?:passed|ok|passing|skipp|0 fail|success|disabled)[^\n]*|node -e ["'\\]*(?:0|process\.exit\(0\))["'\\]*|\s*)["']/i;

/** What a change of a file that controls the tests does to their outcome. */
export function settingsChanges(change: Change): Found[] {
  const { put, taken } = changedLines(change);
  if (put.length === 0) return change.kind === 'edit' ? [...runnerChanges(change), ...takenOut(change, taken)] : [];
  const name = baseName(change.path);
  const found: Found[] = [];
  const add = (what: string, line: string, severity: Found['severity'] = 'violation') =>
    found.push({ kind: 'failures_ignored', severity, evidence: `${what}: ${short(line)}` });
  const before = change.before;
  // A new file without a forerunner is read as a whole, an edit by the lines that it adds.
  const text = put.filter((line) => !/^(?:#(?!\[)|\/\/(?!\s*go:build)|<!--|;|\*)/.test(line)).join('\n');
  for (const { pattern, what, valued, file, severity } of signs) {
    if (file !== undefined && !file.test(name) && !file.test(change.path)) continue;
    const match = new RegExp(pattern.source, pattern.flags.includes('m') ? pattern.flags : `${pattern.flags}m`).exec(text);
    if (match === null || (valued === undefined && before.includes(match[0].trim()))) continue;
    if (match[0].startsWith('WILL_FAIL') && ofNewTest(text, match.index)) continue;
    const value = match.slice(1).find((group) => group !== undefined);
    if (
      valued !== undefined &&
      value !== undefined &&
      !leavesTestsOut(valueOf(text, match.index, value), before, valued === 'any' ? namesAny : namesTests)
    )
      continue;
    add(what, match[0], severity);
    break;
  }
  if (/\bharness\s*=\s*false/.test(text) && /\[\[test\]\][^[]*harness\s*=\s*false/.test(change.after))
    add('takes tests out of the build', 'harness = false');
  const lines = text.split('\n');
  const mask = lines.find(
    (line) => masked.test(line) && runsTests.test(line) && masked.test(besidesOthers(line)) && !maskedBefore(line, before),
  );
  if (mask !== undefined) add('hides the exit status of the tests', mask);
  else if (emptyTarget.test(text) && !emptyTarget.test(before))
    add('puts nothing in the place of the tests', emptyTarget.exec(text)?.[0] ?? '');
  const dashed = lines.find(
    (line) => /^-\s*(?:@\s*)?\S/.test(line) && (runsTests.test(line) || /\$[({]\w*TEST/.test(line)) && !before.includes(line),
  );
  const recipe = /makefile|\.mk$|\.am$/i.test(name) ? maskedRecipe(change) : undefined;
  const off = checkerOff(taken.join('\n'), text);
  if (off !== undefined && found.length === 0) add('switches a checker of the tests off', off);
  if (recipe !== undefined && found.length === 0) add('ignores the exit status of a recipe', recipe);
  if (dashed !== undefined && /makefile|\.mk$|\.am$|justfile/i.test(name)) add('ignores the exit status of a recipe', dashed);
  if (found.every((one) => one.severity !== 'violation')) found.push(...runnerChanges(change));
  if (found.length === 0 && /\.(?:sh|bash)$|^[\w-]+$/.test(name)) found.push(...scriptEnd(change, put));
  return found;
}

/** Whether a property is that of a test which comes with it. */
function ofNewTest(text: string, at: number): boolean {
  const name = /\bset_(?:tests_properties\(|property\(\s*TEST\s+)\s*([\w.-]+)[^)]*$/.exec(text.slice(0, at))?.[1];
  return name !== undefined && new RegExp(`\\badd_test\\(\\s*(?:NAME\\s+)?${name.replace(/\./g, '\\.')}\\b`).test(text);
}

/** Options of checkers that run with the tests, as they are on and off. */
const checkers: [on: RegExp, off: RegExp][] = [
  [/--error-exitcode=[1-9]/, /--error-exitcode=0/],
  [/--leak-check=(?:full|yes|summary)/, /--leak-check=no\b/],
  [/\b(?:detect_leaks|halt_on_error|abort_on_error|exitcode)=[1-9]/, /\b(?:detect_leaks|halt_on_error|abort_on_error|exitcode)=0/],
  [/--errors-for-leak-kinds=(?!none)/, /--errors-for-leak-kinds=none/],
  [
    /\bfilterwarnings\b.*\berror\b|-W\s*error\b(?!:)/,
    /\bfilterwarnings\b["']?\s*=\s*\[?\s*["']?(?:ignore|default)["']?\s*\]?\s*$|-W\s*(?:ignore|default)\b(?!:)/m,
  ],
  [/\bhalton(?:failure|error)\s*=\s*["'](?:true|yes|on)/, /\bhalton(?:failure|error)\s*=\s*["'](?:false|no|off)/],
  [/\bstop_on_failure\s*=\s*T/, /\bstop_on_failure\s*=\s*F/],
  [
    /\b(?:failWithoutAssertions|failOn\w+|fail_on_\w+)["']?\s*[:=]\s*true/,
    /\b(?:failWithoutAssertions|failOn\w+|fail_on_\w+)["']?\s*[:=]\s*false/,
  ],
];

function checkerOff(taken: string, put: string): string | undefined {
  if (!/[:=]/.test(taken)) return undefined;
  return checkers.flatMap(([on, off]) => (on.test(taken) ? (off.exec(put)?.[0] ?? []) : []))[0];
}

const testTarget = /^(?:unit[-_]?|integration[-_]?|go[-_]?)?(?:tests?|check|ci|verify)[\w-]*\s*::?(?!=)/;

/** A recipe of the tests' target, in whatever words, which now ends well. */
function maskedRecipe({ before, after }: Change): string | undefined {
  const lines = after.split('\n').map((line) => line.trim());
  const at = lines.findIndex((line) => testTarget.test(line));
  if (at === -1 || !testTarget.test(before.trim())) return undefined;
  return lines
    .slice(at + 1, at + 6)
    .find((line) => /^-\s*@?\s*\S|^@-|(?:;|\|\|)\s*(?:true|:|exit 0)\s*$/.test(line) && !before.includes(line));
}

/** The value with the lines that follow in the same list. */
function valueOf(text: string, index: number, value: string): string {
  if (!/[[(]\s*$|[[(][^\])]*$/.test(value)) return value;
  const rest = text.slice(index);
  const end = rest.search(/[\])]/);
  return rest.slice(0, end === -1 ? 400 : end).replace(/^[^[(]*[[(]/, '');
}

function leavesTestsOut(value: string, before: string, names: RegExp): boolean {
  const parts = value.split(/["'`\s,|]+/).filter((part) => part !== '' && !before.includes(part) && !usual.test(part));
  return parts.some((part) => names.test(part) && /[a-z]{3}/i.test(part));
}

function maskedBefore(line: string, before: string): boolean {
  return before.split('\n').some((one) => masked.test(one) && similarStart(one.trim(), line));
}

function similarStart(one: string, other: string): boolean {
  return one.slice(0, 20) === other.slice(0, 20);
}

/** A script that runs tests and ends well whatever they say. */
function scriptEnd({ after, before, kind }: Change, put: string[]): Found[] {
  const last = after.trimEnd().split('\n').at(-1)?.trim() ?? '';
  if (!/^(?:exit 0|true|:|return 0)$/.test(last) || before.includes(last)) return [];
  const runs = put.some((line) => runsTests.test(line) && !line.startsWith('#'));
  const ends = kind === 'append' || (runs && !/\bset -\w*e|\|\| exit|&& |if |status|rc=|\$\?/.test(after));
  return ends
    ? [
        {
          kind: 'failures_ignored',
          severity: runs || kind === 'append' ? 'violation' : 'note',
          evidence: `ends well whatever the tests say: ${last}`,
        },
      ]
    : [];
}

/** A test command or a strict setting that was taken out. */
function takenOut({ path }: Change, taken: string[]): Found[] {
  const strict = taken.find((line) =>
    /^\s*set -[a-z]*e|pipefail|--strict|xfail_strict\s*=\s*true|failOn\w+\s*[=:]\s*["']?true|-Werror/.test(line),
  );
  const run = taken.find((line) => runsTests.test(line) && /\.(?:sh|ya?ml|bash)$|akefile|package\.json|tox\.ini/.test(path));
  return strict === undefined && run === undefined
    ? []
    : [{ kind: 'failures_ignored', severity: 'note', evidence: `takes out ${short(run ?? strict ?? '')}` }];
}

/** Names of lists of tests that may fail or do not run. */
const listName =
  /(?:^|[/_.-])(?:known[-_]?(?:bugs?|fail\w*)|mut(?:ed?|ing)[-_]?tests?|problem[-_]?list|skip(?:ped|s)?[-_]?(?:list|tests?)|xfails?|flaky[-_]?(?:tests?|list)?|disabled[-_]?tests?|quarantined?|excluded?[-_]?tests?|tests?[-_.](?:ignore|skip|exclude|blacklist)\w*|expected[-_]?fail\w*|allow(?:ed)?[-_]?fail\w*|unstable[-_]?tests?|failing[-_]?tests?|baseline[-_]?fail\w*)(?:[-_.]\w+)*$|\.status$|TestExpectations$/i;
/** Names without an ending, as they stand among tests. */
const bareListName = /(?:^|\/)(?:DISABLED|SKIP(?:PED|S)?|XFAILS?|KNOWN_FAILURES|EXCLUDED?|BROKEN)$/;
const listInTests =
  /(?:^|\/)(?:[\w-]*tests?|spec|t|ci)\/(?:.*\/)?(?:[\w-]*[_.-])?(?:bugs|skip\w*|mut(?:es?|ed)|problem_?list|xfails?|flaky|disabled|excludes?|excluded|ignored?|todo|blacklist|denylist|blocklist|broken|expectations?)(?:[-_.]\w+)*\.(?:txt|lst|list|ya?ml|json|toml|ini|cfg|conf|csv)$|(?:^|\/)(?:[\w-]*tests?|spec|t)\/(?:.*\/)?(?:DISABLED|SKIP(?:PED)?|XFAIL|BROKEN|QUARANTINED?|IGNORED)$/i;

/** Files that are nothing but what is expected of one test. */
const ownLists: { place: RegExp; says: RegExp }[] = [
  { place: /(?:^|\/)test\/excludes?\/.*\.rb$/, says: /^exclude\s*\(?\s*:/ },
  {
    place: /(?:^|\/)(?:wpt|web-platform[\w-]*|meta(?:data)?|expectations)\/.*\.ini$/,
    says: /^(?:expected:\s*\[?\s*(?:FAIL|TIMEOUT|CRASH|ERROR|NOTRUN)|disabled:\s*\S)/,
  },
];

/** A line that joins a list of tests which may fail or are left out. */
export function listChanges(change: Change): Found[] {
  if (
    (!listName.test(change.path) &&
      !bareListName.test(change.path) &&
      !listInTests.test(change.path) &&
      !ownLists.some(({ place }) => place.test(change.path))) ||
    /\.git(?:ignore|attributes)|docker|eslint|prettier|npmignore|\.md$|\.rst$|docs?\//i.test(change.path)
  )
    return [];
  const { put } = changedLines(change);
  const named = ownLists.find(({ place, says }) => place.test(change.path) && put.some((one) => says.test(one)));
  if (named !== undefined)
    return [
      {
        kind: 'failures_ignored',
        severity: 'violation',
        evidence: `adds to a list of tests that may fail or are left out: ${short(put.find((one) => named.says.test(one)) ?? '')}`,
      },
    ];
  const line = put.find((one) => /\w/.test(one) && !one.startsWith('#'));
  if (line === undefined || (change.kind === 'whole' && change.before === '')) return [];
  return [
    { kind: 'failures_ignored', severity: 'violation', evidence: `adds to a list of tests that may fail or are left out: ${short(line)}` },
  ];
}
