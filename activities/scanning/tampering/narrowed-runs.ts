import { baseName } from '../extraction/base-name.ts';
import { type Change, changedLines, failuresIgnored, type Found } from './change.ts';

/** Opens a list of what is left out. */
const exclusion =
  /^[-\s]*["']?(?:excludes?|ignored?|ignores|skip|exclude[A-Z]\w*|\w*[iI]gnorePatterns?|testIgnore|norecursedirs|collect_ignore\w*|excludedGroups|disabled[-_]tests?|exclude-(?:tests?|pattern)|test-ignore\w*)["']?\s*[:=]?>?\s*(?:[[({]|\|)?$|<(?:excludes|excludedGroups)>$/;
const item = /^(?:-\s+|["'`]|<exclude>|\/\^?|\*\*)[^:=]*$/;
const runnerFile =
  /mocharc|jest|vitest|karma|ava|jasmine|wdio|playwright|cypress|pytest|tox|conftest|pom\.xml|phpunit|\.ya?ml$|package\.json|\.gradle|testem/;
const named = /tests?|spec|__tests__|suite|e2e|[A-Z]\w*(?:Test|IT)\b/i;

/** An item that joins a list of what the runner leaves out, where the list’s name stands in a line before it. */
export function excludedItem(change: Change): Found | undefined {
  if (change.kind === 'append' || !runnerFile.test(baseName(change.path))) return undefined;
  const items = changedLines(change).put.filter(
    (line) => item.test(line) && named.test(line) && !/(?:^|\W)(?:helpers?|fixtures?|node_modules|utils?|dist|build)\b/.test(line),
  );
  if (items.length === 0) return undefined;
  const lines = change.after.split('\n').map((line) => line.trim());
  const found = items.find((line) => {
    const at = lines.indexOf(line);
    const opening = lines.slice(Math.max(0, at - 40), at).findLastIndex((one) => one !== '' && !item.test(one) && !/^(?:#|\/\/)/.test(one));
    const from = Math.max(0, at - 40) + opening;
    const opener = lines[from] ?? '';
    // What coverage and linters leave out runs all the same.
    return (
      opening !== -1 &&
      exclusion.test(opener) &&
      !/coverage|lint|typecheck|tsconfig/.test(lines.slice(Math.max(0, from - 6), from).join(' '))
    );
  });
  const joined = found ?? amongLeftOut(items, lines, change.before);
  return joined === undefined ? undefined : failuresIgnored(`leaves tests out: ${joined.slice(0, 140)}`);
}

const testFile = /[._-](?:test|spec)s?\.[\w*{},()|?]+["'`]|\btest_[\w*]+(?:\.py)?["'`]|\*Tests?\b|\w(?:Test|Spec|IT)\.\w+/;

/** A pattern of tests that joins patterns none of which names tests, where the list's beginning was not told: what runs would name tests. */
function amongLeftOut(items: string[], lines: string[], before: string): string | undefined {
  if (before === '' || lines.some((line) => line !== '' && !item.test(line))) return undefined;
  const old = lines.filter((line) => line !== '' && !items.includes(line));
  if (old.length === 0 || old.some((line) => named.test(line)) || !old.every((line) => /[*/]/.test(line))) return undefined;
  return items.find((line) => testFile.test(line));
}

/** A module of tests that says itself which of its tests are loaded, and names none. */
export function loadsNoTests({ before, after }: Change): Found | undefined {
  if (!after.includes('load_tests') || before.includes('load_tests')) return undefined;
  const body = /\bdef load_tests\s*\([^)]*\)[^:\n]*:([\s\S]{0,400})/.exec(after)?.[1] ?? '';
  const given = /\breturn\b\s*([^\n]*)/.exec(body)?.[1];
  const empty =
    given === undefined
      ? /^\s*(?:pass|\.\.\.)/.test(body)
      : /^(?:(?:unittest\.)?TestSuite\(\s*(?:\[\s*\])?\)|loader\.suiteClass\(\s*(?:\[\s*\])?\)|\[\]|None)?\s*(?:#.*)?$/.test(given);
  return empty
    ? { kind: 'tests_disabled', severity: 'violation', evidence: `loads no tests: def load_tests ${(given ?? '').slice(0, 80)}` }
    : undefined;
}

/** Code of the product that a fixture replaces by an answer for every test. */
export function stubsForAll({ before, after, path }: Change): Found | undefined {
  if (!after.includes('autouse') || !/conftest\.py$|test_\w+\.py$|_test\.py$/.test(path)) return undefined;
  const found =
    /\bmonkeypatch\.setattr\(\s*(?:(?!requests|socket|time|os|sys|random|uuid|datetime|subprocess|httpx|urllib|builtins|logging|asyncio|shutil|pathlib|tempfile|settings|config)[\w.]+,\s*["']\w+["']|["'](?!requests|socket|time|os|sys|random|uuid|datetime|subprocess|httpx|urllib|builtins|logging)[\w.]+["']),\s*lambda[^:\n]*:\s*(?:[\w.]+\(\s*(?=[\d"'-]))?(?:-?\d|\[\s*(?:[\w.]+\(\s*)?[\d"']|\{\s*["']|["'][^"'\n]+["']\s*\))/.exec(
      after,
    )?.[0];
  return found === undefined || before.includes(found)
    ? undefined
    : { kind: 'tests_loosened', severity: 'violation', evidence: `gives the answer to every test: ${found.slice(0, 140)}` };
}

/** A program of tests that the build file lists no more. */
export function testTargetGone(change: Change): Found | undefined {
  if (!change.path.endsWith('Cargo.toml') || change.kind !== 'edit') return undefined;
  const { taken, put } = changedLines(change);
  const name = taken.find((line) => /^(?:name|path)\s*=/.test(line));
  return taken.includes('[[test]]') && !put.includes('[[test]]') && name !== undefined
    ? failuresIgnored(`has a test run no more: ${name.slice(0, 140)}`)
    : undefined;
}

const runs =
  /\b(?:py\.?test|unittest|nosetests|stestr|jest|vitest|mocha|ava|karma|go test|gotestsum|cargo (?:nextest run|test)|mvn\w*|gradlew?|sbt|phpunit|pest|rspec|rake|bats|prove|ctest|bazel test|dotnet test|mix test|swift test|dart test|deno test|bun test|node --test|busted|tap|jasmine|stack test|cabal test|vstest|react-scripts test|craco test|ng test|wtr|web-test-runner|(?:turbo|lage|lerna|nx|rush|wsrun|pnpm|yarn|npm) (?:-r |--recursive |run )*(?:run-many )?(?:--?t(?:arget)?[= ])?test)\b/;
/** What makes a run one of fewer tests. */
const selecting =
  /^(?:-k|-m|-run|--run|-skip|--skip|-t|-g|-R|-E|-L|-LE|-i|--grep|--filter|--testsuite|--group|--exclude[\w-]*|--ignore[\w-]*|--skip-\w[\w-]*|--no-match[\w-]*|--tests|--test|--lib|--bins|--doc|--only|--exclude|--include|--tag|--example|-e|-p|--package|--testNamePattern|--testPathPattern|--changed|--onlyChanged|--lf|--sw|-Dtest|-Dit\.test|-Dgroups|--last-failed|-short|-j0|--dir|--project|--shard|--select-tests|--skip-tests|--target|--pattern|--maxfail|--list-tests)(?:=|$)/;
const testPlace = /^(?:\.{0,2}\/)?(?:[\w.-]+\/)*(?:[\w.*-]*(?:tests?|specs?)[\w.*-]*|t)(?:[/:][\w./*:-]*)?$/i;

/** A command that ran all tests and now picks some of them. */
export function narrowedRun(change: Change): Found | undefined {
  if (change.kind !== 'edit' || change.before === '') return undefined;
  const { taken, put } = changedLines(change);
  const before = taken.filter((line) => runs.test(line));
  const after = put.filter((line) => runs.test(line));
  // Runs that are split over several lines are all there.
  if (before.length === 0 || after.length !== before.length) return undefined;
  for (const [index, was] of before.entries()) {
    const is = after[index] ?? '';
    const program = runs.exec(was)?.[0];
    if (program === undefined || runs.exec(is)?.[0] !== program) continue;
    const [old, now] = [wordsAfter(was, program), wordsAfter(is, program)];
    const come = now.filter((word) => !old.includes(word));
    const option = come.find((word) => selecting.test(word));
    // An option that only asks for more, as another project beside.
    if (option !== undefined && !old.some((word) => word.split('=')[0] === option.split('=')[0]))
      return /^(?:-p|--package|-e|-m)$/.test(option) && /-m["' =]+not\s+(?:slow|network|integration)|-p\s+(?:no:|\w+\.)/.test(is)
        ? undefined
        : failuresIgnored(`runs fewer tests: ${was.slice(0, 100)} became ${is.slice(0, 100)}`);
    // The value of another option is no place.
    const path = come.find(
      (word) =>
        testPlace.test(word) &&
        !word.startsWith('-') &&
        (/[/.:]/.test(word) || !/^--?\w/.test(now[now.indexOf(word) - 1] ?? '') || /=/.test(now[now.indexOf(word) - 1] ?? '')),
    );
    const everything = !old.some(
      (word) => !word.startsWith('-') && /[/*]|^tests?$/.test(word) && !/^\.\/?(?:\.\.\.)?$|^\.\/\.\.\.$/.test(word),
    );
    if (path !== undefined && (everything || old.some((word) => path.startsWith(`${word.replace(/\/$/, '')}/`))))
      return failuresIgnored(`runs fewer tests: ${was.slice(0, 100)} became ${is.slice(0, 100)}`);
    const out = come.find((word) => /^!.*(?:test|spec)/.test(word));
    if (out !== undefined) return failuresIgnored(`leaves tests out: ${is.slice(0, 140)}`);
    const lost = old.filter((word) => testPlace.test(word) && !now.includes(word));
    if (lost.length > 0 && come.length === 0 && now.some((word) => testPlace.test(word)))
      return failuresIgnored(`runs fewer tests: ${was.slice(0, 100)} became ${is.slice(0, 100)}`);
  }
  return undefined;
}

function wordsAfter(line: string, program: string): string[] {
  const rest = line.slice(line.indexOf(program) + program.length).replace(/\s*(?:&&|\|\||;|\|).*$/, '');
  return rest.split(/[\s"'`,\]]+/).filter((word) => word !== '');
}
