import { describe, expect, it } from 'vitest';
import { licenceOf } from '../../../activities/source/own-task/licence-of.ts';
import { packageFacts } from '../../../activities/source/own-task/package-facts.ts';
import { findTooling } from '../../../activities/source/own-task/toolings/find-tooling.ts';
import type { Tree } from '../../../activities/source/own-task/tree.ts';
import { parserNames } from '../../../activities/verification/index.ts';
import { datasetLanguages, type Language } from '../../../schemas/names.ts';

const tree = (files: Record<string, string>): Tree => ({ paths: new Set(Object.keys(files)), read: async (path) => files[path] });
const script = (test: string, more: object = {}) => tree({ 'package.json': JSON.stringify({ scripts: { test }, ...more }) });
const devDependencies = (...names: string[]) => ({ devDependencies: Object.fromEntries(names.map((name) => [name, '*'])) });

describe('findTooling', () => {
  it.each<[string, Tree, string | undefined, string | undefined]>([
    ['vitest', script('vitest'), 'vitest run --reporter=verbose', 'parse_log_vitest'],
    [
      'vitest run in a chain',
      script('tsc -b && vitest run --dir test'),
      'tsc -b && vitest run --reporter=verbose --dir test',
      'parse_log_vitest',
    ],
    ['jest behind variables', script('NODE_ENV=test jest --ci'), 'NODE_ENV=test jest --verbose --no-color --ci', 'parse_log_jest'],
    [
      'mocha under coverage',
      script('nyc mocha -r ts-node/register "test/**/*.ts"'),
      'nyc mocha --reporter tap -r ts-node/register "test/**/*.ts"',
      'parse_log_tap',
    ],
    [
      'node’s own',
      script('node --enable-source-maps --test test/'),
      'node --enable-source-maps --test --test-reporter=tap test/',
      'parse_log_tap',
    ],
    [
      'a script of scripts',
      script('npm run lint && npm run -s unit', { scripts: { test: 'npm run unit', unit: 'mocha' } }),
      'mocha --reporter tap',
      'parse_log_tap',
    ],
    [
      'tape hidden by coverage',
      script('covert test', { scripts: { test: 'covert test', 'tests-only': "tape 'test/**/*.js'" } }),
      "tape 'test/**/*.js'",
      'parse_log_tap',
    ],
    ['tape started by node', script('node test', devDependencies('tape')), 'node test', 'parse_log_tap'],
    [
      'a runner that no script names',
      tree({ 'package.json': JSON.stringify(devDependencies('jest')) }),
      'jest --verbose --no-color',
      'parse_log_jest',
    ],
    ['what it does not know', script('node check.js'), 'node check.js', undefined],
    ['a script that calls itself', script('npm test'), 'npm test', undefined],
  ])('reads a test script: %s', async (_what, files, test, parser) => {
    const tooling = await findTooling(files, 'js');
    expect(tooling?.test.at(-1)).toBe(test);
    expect(tooling?.parser).toBe(parser);
  });

  it('takes the lock file’s package manager, and none where nothing is to be installed', async () => {
    const packages = { 'package.json': JSON.stringify({ scripts: { test: 'jest' }, ...devDependencies('jest') }) };
    const install = async (more: Record<string, string>) => (await findTooling(tree({ ...packages, ...more }), 'ts'))?.install.at(-1);
    expect(await install({})).toMatch(/^npm install .*--no-package-lock/);
    expect(await install({ 'package-lock.json': '{}' })).toMatch(/^npm ci/);
    expect(await install({ 'yarn.lock': '' })).toMatch(/^yarn install/);
    expect(await install({ 'pnpm-lock.yaml': '' })).toMatch(/^pnpm install/);
    expect((await findTooling(script('node --test'), 'js'))?.install.join()).not.toContain('npm');
  });

  it.each<[string, Record<string, string>, string]>([
    [
      'an extra of pyproject.toml',
      { 'pyproject.toml': '[build-system]\n[project.optional-dependencies]\ndocs = ["x"]\ntest = ["pytest"]\n' },
      `-e '.[test]'`,
    ],
    ['an extra of setup.cfg', { 'setup.py': '', 'setup.cfg': '[options.extras_require]\ndev =\n    pytest\n' }, `-e '.[dev]'`],
    ['an extra of setup.py', { 'setup.py': "setup(extras_require={'docs': [], 'testing': ['x']})" }, `-e '.[testing]'`],
    [
      'requirements for tests',
      { 'setup.py': '', 'requirements/test.txt': 'x', 'requirements-docs.txt': 'y' },
      '-e . -r requirements/test.txt',
    ],
    [
      'a dependency group',
      {
        'pyproject.toml':
          '[project]\nname="x"\n[dependency-groups]\ntest = [\n  "a[b]>=1",\n  {include-group = "c"},\n  \'d\',\n]\n[tool.x]\n',
      },
      `-e . 'a[b]>=1' 'd'`,
    ],
    ['requirements alone', { 'requirements.txt': 'x' }, '-r requirements.txt'],
  ])('installs Python’s %s', async (_what, files, wanted) => {
    expect((await findTooling(tree(files), 'python'))?.install).toContain(`python3 -m pip install -q ${wanted}`);
  });

  it('finds the tools of each language, with a parser that there is', async () => {
    const files: Record<Language, Record<string, string>> = {
      python: { 'setup.py': '' },
      go: { 'go.mod': 'module x' },
      js: { 'package.json': '{"scripts":{"test":"mocha"}}' },
      ts: { 'package.json': '{"scripts":{"test":"ava"}}' },
      rust: { 'Cargo.toml': '' },
      java: { 'build.gradle.kts': '', gradlew: '' },
      php: { 'composer.json': '{}' },
      c: { 'CMakeLists.txt': '' },
      cpp: { 'CMakeLists.txt': '' },
      ruby: {},
    };
    for (const language of datasetLanguages) {
      const tooling = await findTooling(tree(files[language]), language);
      expect(tooling?.test.length).toBeGreaterThan(0);
      expect(parserNames()).toContain(tooling?.parser);
    }
    // Of another language of the same repository.
    expect(await findTooling(tree(files.go), 'rust')).toBeUndefined();
  });
});

describe('packageFacts', () => {
  it.each<[string, Record<string, string>, string | undefined]>([
    ['npm’s short form', { 'package.json': '{"repository":"acme/parser"}' }, 'https://host.invalid/acme/parser'],
    [
      'npm’s object',
      { 'package.json': '{"repository":{"type":"git","url":"git+ssh://git@github.com/acme/parser.git"}}' },
      'git+ssh://git@github.com/acme/parser.git',
    ],
    ['Cargo', { 'Cargo.toml': '[package]\nname = "p"\nrepository = "https://github.com/acme/parser"\n' }, 'https://github.com/acme/parser'],
    ['Go', { 'go.mod': 'module github.com/acme/parser/v3\n' }, 'https://github.com/acme/parser'],
    [
      'Python’s metadata',
      { 'PKG-INFO': 'Name: p\nProject-URL: Source, https://github.com/acme/parser\n' },
      'https://github.com/acme/parser',
    ],
    ['Python’s setup.cfg', { 'setup.cfg': '[metadata]\nurl = https://github.com/acme/parser/\n' }, 'https://github.com/acme/parser/'],
    [
      'Maven, not the parent’s',
      { 'pom.xml': '<parent><scm><url>https://github.com/x/y</url></scm></parent><scm><url>https://github.com/acme/parser</url></scm>' },
      'https://github.com/acme/parser',
    ],
    ['no JSON', { 'package.json': '{' }, undefined],
  ])('reads the address of %s', async (_what, files, address) => {
    expect((await packageFacts(tree(files))).addresses[0]).toBe(address);
  });
});

describe('licenceOf', () => {
  const mit = 'Permission is hereby granted, free of\ncharge, to any person obtaining a copy';
  const apache = 'Apache License\n  Version 2.0, January 2004';
  it.each<[string, string | undefined, Record<string, string>, string | undefined]>([
    ['a stated name in other words', 'Apache License 2.0', {}, 'Apache-2.0'],
    ['a stated choice', 'MIT/Apache-2.0', { 'LICENSE-MIT': mit }, 'MIT OR Apache-2.0'],
    [
      'the text where the name says nothing',
      'BSD License',
      { 'LICENSE.txt': 'Redistributions of source code must retain the notice. Neither the name of' },
      'BSD-3-Clause',
    ],
    ['the text where nothing is stated', undefined, { COPYING: mit }, 'MIT'],
    ['“see the file”', 'SEE LICENSE IN LICENSE', { LICENSE: apache }, 'Apache-2.0'],
    ['two texts: not for a program to choose', undefined, { 'LICENSE-MIT': mit, 'LICENSE-APACHE': apache }, undefined],
    ['a text that is not known', undefined, { LICENSE: 'All rights reserved.' }, undefined],
    ['a text below the top', undefined, { 'vendor/LICENSE': mit }, undefined],
  ])('takes %s', async (_what, stated, files, licence) => {
    expect(await licenceOf(tree(files), stated)).toBe(licence);
  });
});
