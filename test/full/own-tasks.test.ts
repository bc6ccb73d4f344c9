import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { Task } from '../../schemas/task.ts';
import { TestHome } from '../e2e/test-home.ts';

const run = promisify(execFile);

/** Releases of public packages, as their registries have them; each command is the one that a user would write. */
interface Package {
  language: string;
  /** Brings both archives into a folder by the registry's own client; gives them, the earlier release first. */
  fetch: (folder: string) => Promise<[string[], string[]]>;
  options: string[];
  repo: string;
  license: string;
  parser: string;
}

const unicodeStatement = `Emoji that ask for their coloured form have the wrong width

A heart with a variation selector that asks for the emoji form counts as one column; terminals show it two columns wide.
`;

const csvStatement = `CSV: several faults of formats, headers and printing since 1.9.0

Formats, the modes of duplicate headers and the printer do not do what their documentation says.
`;

const packages: Record<string, Package> = {
  'cachetools 5.2.1 → 5.3.0': {
    language: 'python',
    fetch: (folder) => pipSdists(folder, 'cachetools', ['5.2.1', '5.3.0']),
    options: [],
    repo: 'tkem/cachetools',
    license: 'MIT',
    parser: 'parse_log_pytest',
  },
  'minimist 1.2.7 → 1.2.8': {
    language: 'js',
    fetch: (folder) => npmPacks(folder, 'minimist', ['1.2.7', '1.2.8']),
    options: [],
    repo: 'minimistjs/minimist',
    license: 'MIT',
    parser: 'parse_log_tap',
  },
  'google/uuid 1.3.1 → 1.4.0': {
    language: 'go',
    fetch: (folder) => goModules(folder, 'github.com/google/uuid', ['v1.3.1', 'v1.4.0']),
    options: [],
    repo: 'google/uuid',
    license: 'BSD-3-Clause',
    parser: 'parse_log_gotest',
  },
  'unicode-width 0.1.12 → 0.1.13': {
    language: 'rust',
    fetch: (folder) => crates(folder, 'unicode-width', ['0.1.12', '0.1.13']),
    options: ['--statement', 'unicode.md'],
    repo: 'unicode-rs/unicode-width',
    license: 'MIT OR Apache-2.0',
    parser: 'parse_log_cargo',
  },
  // The later release has another parent, and so other plugins and test libraries; its tests do not compile on the earlier one.
  'commons-csv 1.9.0 → 1.10.0': {
    language: 'java',
    fetch: (folder) => mavenParts(folder, 'org.apache.commons', 'commons-csv', ['1.9.0', '1.10.0']),
    options: ['--statement', 'csv.md', '--repo', 'apache/commons-csv', '--license', 'Apache-2.0'],
    repo: 'apache/commons-csv',
    license: 'Apache-2.0',
    parser: 'parse_java_mvn',
  },
};

let home: TestHome;

beforeAll(() => {
  home = new TestHome('own-tasks');
  writeFileSync(join(home.folder, 'unicode.md'), unicodeStatement);
  writeFileSync(join(home.folder, 'csv.md'), csvStatement);
});
afterAll(async () => home.remove());

describe('two releases of a public package', () => {
  it.each(Object.entries(packages))('%s become a task that passes the gate', async (name, wish) => {
    const folder = join(home.folder, name.replaceAll(/[^a-z0-9]+/gi, '-'));
    mkdirSync(folder);
    const [before, after] = await wish.fetch(folder);
    const file = join(folder, 'task.yaml');
    const options = wish.options.map((word) => (word.endsWith('.md') ? join(home.folder, word) : word));
    const made = await home.runWithin(
      // Maven runs all tests six times, and a machine that is busy takes minutes for each.
      1_500_000,
      'task',
      'init',
      '--before',
      ...before,
      '--after',
      ...after,
      ...options,
      '--output',
      file,
    );
    expect(made).toMatchObject({ exitCode: 0 });
    const task = Task.parse(parse(readFileSync(file, 'utf8')));
    expect(task).toMatchObject({
      language: wish.language,
      repo: wish.repo,
      license: wish.license,
      install_config: { log_parser: wish.parser },
    });
    expect(task.FAIL_TO_PASS).not.toEqual([]);
    expect(task.PASS_TO_PASS).not.toEqual([]);
    // The image is there for the next campaign.
    expect(await home.engine.findImage(task.image_name)).toBeDefined();
  });
});

async function pipSdists(folder: string, name: string, versions: [string, string]): Promise<[string[], string[]]> {
  for (const version of versions)
    await run('pip', ['download', '-q', '--no-deps', '--no-binary', ':all:', '-d', folder, `${name}==${version}`]);
  return pair(versions.map((version) => join(folder, `${name}-${version}.tar.gz`)));
}

async function npmPacks(folder: string, name: string, versions: [string, string]): Promise<[string[], string[]]> {
  await run('npm', [
    'pack',
    '--silent',
    '--ignore-scripts',
    '--pack-destination',
    folder,
    ...versions.map((version) => `${name}@${version}`),
  ]);
  return pair(versions.map((version) => join(folder, `${name}-${version}.tgz`)));
}

async function goModules(folder: string, name: string, versions: [string, string]): Promise<[string[], string[]]> {
  const cache = join(folder, 'modules');
  const env = { ...process.env, GOMODCACHE: cache, GOFLAGS: '-mod=mod -modcacherw' };
  await run('go', ['mod', 'download', ...versions.map((version) => `${name}@${version}`)], { cwd: folder, env });
  return pair(versions.map((version) => join(cache, 'cache/download', name, '@v', `${version}.zip`)));
}

/** Cargo fetches what a package depends on. */
async function crates(folder: string, name: string, versions: [string, string]): Promise<[string[], string[]]> {
  const env = { ...process.env, CARGO_HOME: join(folder, 'cargo') };
  for (const version of versions) {
    const user = join(folder, `user-${version}`);
    mkdirSync(join(user, 'src'), { recursive: true });
    writeFileSync(join(user, 'src/lib.rs'), '');
    writeFileSync(join(user, 'Cargo.toml'), `[package]\nname = "user"\nversion = "0.0.0"\n[dependencies]\n${name} = "=${version}"\n`);
    await run('cargo', ['fetch', '-q'], { cwd: user, env });
  }
  const cache = join(folder, 'cargo/registry/cache');
  const [registry = ''] = readdirSync(cache);
  return pair(versions.map((version) => join(cache, registry, `${name}-${version}.crate`)));
}

async function mavenParts(folder: string, group: string, name: string, versions: [string, string]): Promise<[string[], string[]]> {
  const local = join(folder, 'maven');
  const parts = ['pom', 'jar:sources', 'jar:test-sources'];
  for (const version of versions)
    for (const part of parts)
      await run('mvn', [
        '-B',
        '-q',
        `-Dmaven.repo.local=${local}`,
        'dependency:get',
        '-Dtransitive=false',
        `-Dartifact=${group}:${name}:${version}:${part}`,
      ]);
  const [before = [], after = []] = versions.map((version) =>
    ['.pom', '-sources.jar', '-test-sources.jar'].map((ending) =>
      join(local, ...group.split('.'), name, version, `${name}-${version}${ending}`),
    ),
  );
  return [before, after];
}

function pair(paths: string[]): [string[], string[]] {
  const [before, after] = paths;
  if (before === undefined || after === undefined) throw new Error('two archives are needed');
  return [[before], [after]];
}
