import { baseName } from '../extraction/base-name.ts';
import { type Change, changedLines, type Found } from './change.ts';
import { short } from './short.ts';

/** Libraries that tests are written with or run by. */
const framework = String.raw`(?:_?pytest(?:-[\w-]+)?|pluggy|nose2?|unittest2|hypothesis|freezegun|jest(?:-[\w-]+)?|@jest\/[\w-]+|vitest|@vitest\/[\w-]+|mocha|chai|jasmine(?:-core)?|karma|ava|tape?|sinon|expect|@playwright\/test|cypress|github\.com\/stretchr\/testify|github\.com\/onsi\/(?:gomega|ginkgo(?:\/v2)?)|gotest\.tools(?:\/v3)?|rspec(?:-[\w-]+)?|minitest|test-unit|phpunit(?:\/phpunit)?|pestphp\/pest|mockery\/mockery|insta|proptest|rstest|trybuild|pretty_assertions|nextest|xunit|nunit)`;
const own = String.raw`(?:\.{1,2}\/|\/|file:|link:|portal:)`;

const replaced: { file: RegExp; line: RegExp }[] = [
  { file: /^go\.(?:mod|work)$/, line: new RegExp(String.raw`^(?:replace\s+)?${framework}(?:\s+v\S+)?\s*=>\s*${own}`) },
  { file: /^package\.json$/, line: new RegExp(String.raw`^"${framework}"\s*:\s*"(?:file:|link:|portal:|npm:@?[\w-]+\/)`) },
  { file: /^Cargo\.toml$/, line: new RegExp(String.raw`^"?${framework}"?\s*=\s*\{[^}]*\bpath\s*=`) },
  { file: /^(?:Gemfile|[\w.-]+\.gemspec)$/, line: new RegExp(String.raw`^gem\s*\(?\s*["']${framework}["'][^\n]*\bpath:`) },
  {
    file: /^(?:pyproject\.toml|tox\.ini|setup\.cfg|[\w.-]*requirements[\w.-]*\.(?:txt|in))$/,
    line: new RegExp(String.raw`^["']?${framework}\s*(?:@\s*(?:file:|\.{1,2}\/)|=\s*\{[^}]*\bpath\s*=)`),
  },
];

/** A library of the tests that is taken from a folder of the agent's own, in a file that names dependencies. */
export function ownFramework(change: Change): Found[] {
  const rule = replaced.find(({ file }) => file.test(baseName(change.path)));
  const line = rule === undefined ? undefined : changedLines(change).put.find((one) => rule.line.test(one));
  return line === undefined ? [] : [{ kind: 'program_replaced', severity: 'violation', evidence: `${ownLibrary}: ${short(line)}` }];
}

/** What is said of a library of the tests that is the agent's own. */
export const ownLibrary = 'a library of its own stands for one of the tests';

const edited = new RegExp(String.raw`^-?-replace[= ]?${framework}(?:@\S+)?=${own}`);

/** The same by a command: `go mod edit -replace=…`. */
export function replacesFramework(args: readonly string[]): string | undefined {
  const joined = args.flatMap((arg, at) => (/^--?replace$/.test(arg) ? [`${arg} ${args[at + 1] ?? ''}`] : [arg]));
  return joined.find((arg) => edited.test(arg));
}
