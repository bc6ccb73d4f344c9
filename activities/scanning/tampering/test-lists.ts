import { escapedPattern } from '../../../platform/escaped-pattern.ts';
import { type Change, changedLines, type Found } from './change.ts';

/** A line that has a test run or built, in files that name tests one by one. */
const registers =
  /\badd_test\s*\(|\badd_executable\s*\(|\b(?:cc|py|go|java|rust|sh)_test\b|^test\s*\(|^\w*TESTS?\w*\s*\+?=|^(?:pub\s+)?mod\s+\w+;|^include\s*\(\s*["']|^\w+(?:\.\w+)*\.spec$|<(?:class|package|suite-file)\s+(?:name|path)=|@(?:SelectClasses|Suite\.SuiteClasses|SelectPackages)\b|\b\w+Tests?\.class\b|^Project\(.*[Tt]est|\badd_subdirectory\s*\(\s*tests?\b|^enable_testing\b|^<module>[^<]*tests?\b|^include\b[^\n]*[:-]\w*[tT]est|^(?:#\[cfg\(test\)\]\s*)?(?:pub )?mod \w*tests?\s*;|^["'][\w./-]*tests?[\w./-]*["'],?$|\bmembers\s*=.*test|^use \.?\/?\S*tests?\b/;
const aggregator =
  /(?:^|\/)(?:CMakeLists\.txt|meson\.build|[Mm]akefile[\w.-]*|BUILD(?:\.bazel)?|runtests\.jl|Spec\.hs|testng[\w.-]*\.xml|[\w-]+\.slnx?|pom\.xml|settings\.gradle(?:\.kts)?|lib\.rs|mod\.rs|main\.rs|go\.work|Cargo\.toml|\w*(?:All|Suite)\w*\.(?:java|kt|scala))$|(?:^|\/)tests\/(?:[\w-]+\/)*(?:main|mod|lib|all)\.rs$/;
/** Files that name parts of the product as well. */
const ofAll = /(?:\.slnx?|pom\.xml|settings\.gradle(?:\.kts)?|go\.work|Cargo\.toml|^(?!.*(?:^|\/)tests\/).*(?:lib|mod|main)\.rs)$/;
const words = /[A-Za-z][\w.-]{2,}/g;
const common =
  /^(?:add_test|add_executable|add_subdirectory|NAME|COMMAND|test|tests|TESTS|include|mod|pub|class|name|SelectClasses|Suite|SuiteClasses|executable)$/;

/** A test that is named no more in a file which names those that run, with no other in its place. */
export function listedTestGone(change: Change): Found | undefined {
  if (change.kind !== 'edit' || change.partly === true || !aggregator.test(change.path)) return undefined;
  const { taken, put } = changedLines(change);
  const line = taken.find((one) => registers.test(one) && (!ofAll.test(change.path) || /tests?\b/i.test(one)));
  if (line === undefined) return undefined;
  const named = (lines: readonly string[]) => new Set((lines.join('\n').match(words) ?? []).filter((word) => !common.test(word)));
  const after = named(change.after.split('\n').filter((one) => !/^\s*(?:#(?!\[)|\/\/|%|;|--)/.test(one)));
  const before = named([change.before]);
  const gone = [...named(taken.filter((one) => registers.test(one)))].filter((word) => !after.has(word));
  const come = [...named(put)].filter((word) => !before.has(word));
  const bare =
    /^enable_testing|add_subdirectory|^(?:pub )?mod \w*tests?\s*;/.test(line) && !put.some((one) => /\bmod \w*tests?\b/.test(one));
  if ((gone.length === 0 && !bare) || come.length > 0) return undefined;
  const assertions = gone.length === 0 ? [] : taken.filter((one) => registers.test(one));
  return { kind: 'failures_ignored', severity: 'violation', evidence: `has a test run no more: ${line.slice(0, 140)}`, assertions };
}

/** Settings that say where tests lie or what they are called. */
const places =
  /\b(?:envlist|env_list|tests|files|testpaths|python_files|python_functions|python_classes|testMatch|testRegex|roots|testDir|include|directory|pattern|test_files|test_paths?|TESTS|specPattern|spec|commands|script|run)\b|^-\s*(?:run:\s*)?\S*|"test(?::\w+)?"\s*:|\t?(?:pytest|go test|npx|cargo test)\b/;
const paths = /[\w*.@-]*(?:[/*][\w*.@-]+)+|\b(?:tests?|specs?|src)\b/g;

/** A setting that now names only some of the tests which it named: a folder within the folder, a name within the pattern. */
export function fewerTests(change: Change): Found | undefined {
  if (change.kind !== 'edit') return undefined;
  const { taken, put } = changedLines(change);
  for (const was of taken) {
    if (!places.test(was)) continue;
    const fewer = environmentsGone(was, put);
    if (fewer !== undefined) return fewer;
    if (!/test|spec/i.test(was)) continue;
    const is = put.find((line) => sharedStart(was, line) >= Math.min(6, was.length / 3));
    if (is !== undefined && shrunk(was, is))
      return {
        kind: 'failures_ignored',
        severity: 'violation',
        evidence: `runs fewer tests: ${was.slice(0, 100)} became ${is.slice(0, 100)}`,
      };
    if (is === undefined) continue;
    const old: string[] = was.match(paths) ?? [];
    const now: string[] = is.match(paths) ?? [];
    const lost = old.filter((one) => !now.includes(one));
    const found = now.filter((one) => !old.includes(one));
    if (lost.length === 0 || found.length === 0 || found.some((one) => !lost.some((wide) => within(one, wide)))) continue;
    return {
      kind: 'failures_ignored',
      severity: 'violation',
      evidence: `runs fewer tests: ${was.slice(0, 100)} became ${is.slice(0, 100)}`,
    };
  }
  return undefined;
}

const environments = /^(?:envlist|env_list)\s*=\s*(.+)$/;
/** Environments that run no tests, and versions that a project gives up. */
const noTests =
  /^(?:lint|docs?|format|fmt|style|mypy|types?|typing|check|build|coverage|cov|flake8|ruff|black|isort|pre-commit|manifest|py\d*|pypy\d*|django\S*|\{?py\S*)$/i;

/** An environment of tests that is run no more. */
function environmentsGone(was: string, put: readonly string[]): Found | undefined {
  const namesIn = (line: string): string[] => environments.exec(line)?.[1]?.match(/[\w{}.-]+/g) ?? [];
  const old = namesIn(was);
  const is = old.length === 0 ? undefined : put.find((line) => environments.test(line));
  if (is === undefined) return undefined;
  const now = namesIn(is);
  const gone = old.filter((name) => !now.includes(name) && !noTests.test(name));
  return gone.length === 0 || now.some((name) => !old.includes(name))
    ? undefined
    : { kind: 'failures_ignored', severity: 'violation', evidence: `runs fewer tests: ${was.slice(0, 100)} became ${is.slice(0, 100)}` };
}

const listOfPlaces =
  /^["']?(?:testpaths|roots|testMatch|testDir|spec|specs|files|test_paths?|TESTS|tests|test_files|specPattern|elixirc_paths|suites)\b["']?\s*[:=]|\bdirectory\b/;

/** A setting of places that was not there before and names but a file or a folder among the tests. */
export function onlyPlace(change: Change): Found | undefined {
  // A new file of these takes the place of what the runner read before.
  const first =
    change.kind === 'whole' &&
    change.before === '' &&
    /(?:^|\/)\.?(?:pytest\.ini|mocharc\.\w+|(?:jest|vitest)\.config\.\w+)$/.test(change.path);
  if (!first && (change.kind !== 'edit' || change.before === '')) return undefined;
  const line = changedLines(change).put.find((one) => {
    const [key = ''] = /^["']?\w+/.exec(one) ?? [];
    if (!listOfPlaces.test(one) || !/^["']?(?:test\w*|roots|spec\w*)\b/.test(one) || change.before.includes(key.replace(/\W/g, '')))
      return false;
    const values: string[] = one.replace(/^["']?\w+["']?\s*[:=]/, '').match(/[\w*.@<>/-]{2,}/g) ?? [];
    return (
      values.length > 0 &&
      values.every((value) => /\b(?:tests?|specs?)\/[\w./-]+$|(?:^|\/)(?:test_[\w-]+|[\w-]+[._-](?:test|spec))\.\w+$/.test(value))
    );
  });
  return line === undefined
    ? undefined
    : { kind: 'failures_ignored', severity: 'violation', evidence: `runs fewer tests: ${line.slice(0, 140)}` };
}

/** Whether a list of places lost one of them and got none. */
function shrunk(was: string, is: string): boolean {
  if (!listOfPlaces.test(was)) return false;
  const parts = (line: string) => new Set(line.replace(/^["']?\w+["']?\s*[:=]/, '').match(/[\w*.@<>/-]{2,}/g));
  const [old, now] = [parts(was), parts(is)];
  return now.size > 0 && now.size < old.size && [...now].every((part) => old.has(part));
}

function within(given: string, widely: string): boolean {
  const path = given.replace(/^\.\//, '');
  const wide = widely.replace(/^\.\//, '');
  if (path === wide) return false;
  if (!/[*?]/.test(wide)) return path.startsWith(`${wide.replace(/\/$/, '')}/`) && /^(?:tests?|specs?)\b/i.test(wide);
  if (/[*?]/.test(path) && path.replace(/[*?]/g, '').length <= wide.replace(/[*?]/g, '').length) return false;
  const pattern = wide
    .split(/(\*\*\/?|\*)/)
    .map((part) => (part.startsWith('*') ? '.*' : escapedPattern(part)))
    .join('');
  return new RegExp(`^${pattern}$`).test(path);
}

function sharedStart(one: string, other: string): number {
  let at = 0;
  while (at < one.length && one.charAt(at) === other.charAt(at)) at += 1;
  return at;
}
