import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { laterBuildFiles } from '../../../activities/source/own-task/build-files.ts';

let folder: string;
const git = (...args: string[]) =>
  execFileSync('git', ['-C', folder, '-c', 'user.name=t', '-c', 'user.email=t@example.invalid', ...args], { encoding: 'utf8' });

function commit(files: Record<string, string | Buffer>): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  git('add', '-A');
  git('commit', '--quiet', '-m', 'one');
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tracemill-build-files-'));
  git('init', '--quiet');
  commit({ 'go.mod': 'module a\n', 'requirements-old.txt': 'x\n', 'a.go': 'package a\n', 'pom.xml': '<project/>' });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('laterBuildFiles', () => {
  it('gives the build files that a change adds, changes and removes, and no source', async () => {
    const jar = Buffer.from([0, 255, 10]);
    rmSync(join(folder, 'requirements-old.txt'));
    const changed = {
      'go.mod': 'module a\nrequire b v1.0.0\n',
      'a.go': 'package a // fixed\n',
      'part/ä/Cargo.toml': '[package]\n',
      'gradle/wrapper/gradle-wrapper.jar': jar,
      'packages/one/package.json': '{}',
      'requirements/test.txt': 'pytest\n',
      'src/requirements.py': 'X = 1\n',
      'setup.py.md': '',
    };
    commit(changed);
    const later = await laterBuildFiles(folder, 'HEAD~1', 'HEAD');
    expect(later?.written.map(([path]) => path).sort()).toEqual([
      'go.mod',
      'gradle/wrapper/gradle-wrapper.jar',
      'packages/one/package.json',
      'part/ä/Cargo.toml',
      'requirements/test.txt',
    ]);
    expect(Object.fromEntries(later?.written ?? [])['gradle/wrapper/gradle-wrapper.jar']).toEqual(jar);
    expect(later?.removed).toEqual(['requirements-old.txt']);
  });

  it('gives nothing where a change leaves them alone', async () => {
    commit({ 'a.go': 'package a // again\n' });
    expect(await laterBuildFiles(folder, 'HEAD~1', 'HEAD')).toBeUndefined();
  });
});
