import { z } from 'zod';
import type { Tree } from '../tree.ts';
import { needs, type Tooling } from './tooling.ts';

const PackageJson = z.looseObject({
  scripts: z.record(z.string(), z.string()).catch({}).default({}),
  dependencies: z.record(z.string(), z.unknown()).catch({}).default({}),
  devDependencies: z.record(z.string(), z.unknown()).catch({}).default({}),
});

interface Runner {
  /** The word that starts it in a script; the flags go behind it. */
  word: RegExp;
  flags: string;
  parser: string;
  /** The package that brings it, and how it is started where no script does. */
  package: string | undefined;
  alone: string | undefined;
}

/** In the order in which they are looked at; the ones behind the first run the tests alone. */
const testScripts = ['test', 'tests-only', 'unit', 'test:unit', 'test:node'];

/** Each told to print a line for each test that a parser reads. */
const runners: Runner[] = [
  {
    word: /\bvitest(?:\s+(?:run|--run))?\b/,
    flags: 'run --reporter=verbose',
    parser: 'parse_log_vitest',
    package: 'vitest',
    alone: 'vitest',
  },
  { word: /\bjest\b/, flags: '--verbose --no-color', parser: 'parse_log_jest', package: 'jest', alone: 'jest' },
  { word: /\b_?mocha\b/, flags: '--reporter tap', parser: 'parse_log_tap', package: 'mocha', alone: 'mocha' },
  { word: /\bava\b/, flags: '--tap', parser: 'parse_log_tap', package: 'ava', alone: 'ava' },
  { word: /\btap\b/, flags: '--reporter=tap --no-coverage-report', parser: 'parse_log_tap', package: 'tap', alone: 'tap' },
  {
    word: /\bnode\s+(?:--?[\w=./-]+\s+)*--test\b/,
    flags: '--test-reporter=tap',
    parser: 'parse_log_tap',
    package: undefined,
    alone: undefined,
  },
  { word: /\btape\b/, flags: '', parser: 'parse_log_tap', package: 'tape', alone: undefined },
];

/** JavaScript and TypeScript: the package's own test script, with a reporter whose output is read. */
export async function scriptTooling(tree: Tree): Promise<Tooling | undefined> {
  const text = await tree.read('package.json');
  const read = text === undefined ? undefined : PackageJson.safeParse(parsed(text));
  if (read?.success !== true) return undefined;
  const { scripts, dependencies, devDependencies } = read.data;
  const { test, parser } = testOf(scripts, { ...dependencies, ...devDependencies });
  const anything = Object.keys({ ...dependencies, ...devDependencies }).length > 0;
  return {
    languages: ['js', 'ts'],
    from: scripts['test'] === undefined ? 'package.json' : `package.json (test: ${scripts['test']})`,
    install: [needs('node', 'nodejs'), ...(anything ? installOf(tree) : [])],
    test: test === undefined ? [] : ['export PATH="$PWD/node_modules/.bin:$PATH"', test],
    parser,
    publicImage: 'node:22',
  };
}

function testOf(
  scripts: Record<string, string>,
  packages: Record<string, unknown>,
): { test: string | undefined; parser: string | undefined } {
  // A test script may call others of the package: they hold the runner then. Where it measures coverage with a tool that hides
  // the runner, another script often runs the tests alone.
  const candidates = testScripts.flatMap((name) => (scripts[name] === undefined ? [] : [inlined(scripts[name], scripts)]));
  const script = candidates.find((text) => runners.some(({ word }) => word.test(text))) ?? candidates[1] ?? candidates[0] ?? '';
  const started = runners.find(({ word }) => word.test(script));
  if (started !== undefined) {
    const { word, flags, parser } = started;
    const test = script.replace(word, (found) =>
      [flags.startsWith('run ') ? found.split(/\s/)[0] : found, flags].filter((part) => part !== '').join(' '),
    );
    return { test, parser };
  }
  const brought = runners.find((runner) => runner.package !== undefined && Object.hasOwn(packages, runner.package));
  if (brought === undefined) return { test: script === '' ? undefined : script, parser: undefined };
  // Files of tape print TAP, however they are started.
  if (brought.alone === undefined) return { test: script === '' ? undefined : script, parser: brought.parser };
  return { test: `${brought.alone} ${brought.flags}`, parser: brought.parser };
}

/** `npm run name` and `npm test` within a script, each in the place of what they call, three levels deep. */
function inlined(script: string, scripts: Record<string, string>, depth = 3): string {
  if (depth === 0) return script;
  return script.replaceAll(/\b(?:npm|yarn|pnpm)(?: run)?(?: -s| --silent)? ([\w:.-]+)(?: --)?/g, (whole, name: string) => {
    const called = scripts[name];
    return called === undefined || name === 'test' ? whole : inlined(called, scripts, depth - 1);
  });
}

function installOf({ paths }: Tree): string[] {
  const npm = needs('npm', 'npm');
  if (paths.has('pnpm-lock.yaml')) return [npm, 'npm install -g pnpm', 'pnpm install --frozen-lockfile'];
  if (paths.has('yarn.lock')) return [npm, 'npm install -g yarn', 'yarn install --frozen-lockfile'];
  if (paths.has('package-lock.json') || paths.has('npm-shrinkwrap.json')) return [npm, 'npm ci --no-audit --no-fund'];
  return [npm, 'npm install --no-audit --no-fund --no-package-lock'];
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
