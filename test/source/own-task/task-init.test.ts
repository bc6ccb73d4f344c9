import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { readCandidates } from '../../../activities/source/read-tasks.ts';
import { taskInit } from '../../../activities/source/own-task/task-init.ts';
import { all } from '../corpus.ts';

let folder: string;
const git = (...args: string[]) =>
  execFileSync('git', ['-C', folder, '-c', 'user.name=t', '-c', 'user.email=t@example.invalid', ...args], { encoding: 'utf8' });

function commit(message: string, files: Record<string, string | Buffer>): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  git('add', '-A');
  git('commit', '--quiet', '-m', message);
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tracemill-init-'));
  git('init', '--quiet');
  git('remote', 'add', 'origin', 'git@example.invalid:Owner/parser.git');
  commit('first', { 'lib.go': 'package lib\n' });
  commit('Fix the parser\n\nIt dropped\ttabs.', {
    'lib.go': 'package lib\n\nvar X = 1\n',
    'lib_test.go': 'package lib\r\n',
    'tests/[a] b.bin': Buffer.from([0, 1, 2]),
  });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const how = { image: 'parser:base', testCommands: ['go test -v ./...'], logParser: 'parse_log_gotest' };

describe('taskInit', () => {
  it('splits the change between two commits into source and tests', async () => {
    const { task } = await taskInit({ repository: folder, base: 'HEAD~1', head: 'HEAD', ...how });
    expect(task).toMatchObject({ repo: 'Owner/parser', language: 'go', problem_statement: 'Fix the parser\n\nIt dropped\ttabs.' });
    expect(task.instance_id).toBe(`owner__parser-${git('rev-parse', 'HEAD').slice(0, 10)}`);
    expect(task.base_commit).toBe(git('rev-parse', 'HEAD~1').trim());
    expect(task.patch).toContain('+var X = 1');
    expect(task.patch).not.toContain('lib_test.go');
    expect(task.test_patch).toContain('+package lib\r\n');
    expect(task.test_patch).toContain('GIT binary patch');
  });

  it('gives a task that survives a plain task file byte for byte', async () => {
    const { task } = await taskInit({ repository: folder, base: 'HEAD~1', head: 'HEAD', ...how });
    const path = join(folder, 'task.yaml');
    writeFileSync(path, stringify(task, { lineWidth: 0 }));
    expect(await all(readCandidates(path))).toMatchObject([{ ok: true, candidate: { patch: task.patch, test_patch: task.test_patch } }]);
  });

  it('says why two commits make no task', async () => {
    await expect(taskInit({ repository: folder, base: 'HEAD', head: 'HEAD', ...how })).rejects.toMatchObject({ code: 'bad_commits' });
    await expect(taskInit({ repository: folder, base: 'no-such', head: 'HEAD', ...how })).rejects.toMatchObject({ code: 'bad_commits' });
    await expect(taskInit({ repository: folder, base: '--help', head: 'HEAD', ...how })).rejects.toMatchObject({ code: 'bad_commits' });
  });
});
