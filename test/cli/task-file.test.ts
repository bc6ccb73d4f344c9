import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { parse } from 'yaml';
import { requireWritable, writeTaskFile } from '../../cli/task-file.ts';
import { Task } from '../../schemas/task.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tracemill-task-file-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const task = (statement: string) =>
  Task.parse({
    instance_id: 'a__b-1',
    repo: 'a/b',
    language: 'go',
    base_commit: '0'.repeat(40),
    patch: 'p',
    test_patch: 't',
    problem_statement: statement,
    FAIL_TO_PASS: ['x'],
    PASS_TO_PASS: [],
    image_name: 'i',
    install_config: { test_cmd: ['true'], log_parser: 'parse_log_gotest' },
  });

it('keeps what a file of this name said before, and writes the same once', () => {
  const file = join(folder, 'new', 'task.yaml');
  expect(writeTaskFile(file, task('first'))).toBeUndefined();
  expect(writeTaskFile(file, task('first'))).toBeUndefined();
  expect(existsSync(`${file}.before`)).toBe(false);
  expect(writeTaskFile(file, task('second'))).toBe(`${file}.before`);
  expect(parse(readFileSync(file, 'utf8'))).toMatchObject({ problem_statement: 'second' });
  expect(parse(readFileSync(`${file}.before`, 'utf8'))).toMatchObject({ problem_statement: 'first' });
});

it('refuses a place that takes no file before anything is done', () => {
  writeFileSync(join(folder, 'file'), '');
  mkdirSync(join(folder, 'sub'));
  expect(() => requireWritable(join(folder, 'sub'))).toThrow(/is a folder/);
  expect(() => requireWritable(join(folder, 'file', 'task.yaml'))).toThrow(/is no folder/);
  expect(() => requireWritable(join(folder, 'a', 'b', 'task.yaml'))).not.toThrow();
  expect(existsSync(join(folder, 'a'))).toBe(false);
});
