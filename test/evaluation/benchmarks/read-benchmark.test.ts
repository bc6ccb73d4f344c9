import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parquetWriteFile } from 'hyparquet-writer';
import { describe, expect, it } from 'vitest';
import { readBenchmark } from '../../../activities/evaluation/benchmarks/read-benchmark.ts';
import { benchmarkNamed } from '../../../activities/evaluation/benchmarks/registry.ts';
import { scratchFolder } from '../../scratch-folder.ts';
import { classicRow, diffOf, version5Row } from './rows.ts';

function file(name: string, rows: readonly unknown[]): string {
  const path = join(scratchFolder('benchmark'), name);
  writeFileSync(path, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  return path;
}

const read = (benchmark: string, path: string, more: Partial<Parameters<typeof readBenchmark>[0]> = {}) =>
  readBenchmark({ benchmark: benchmarkNamed(benchmark), data: [path], ...more });

const proRow = {
  repo: 'owner/web',
  instance_id: 'instance_owner__web-abc-v1',
  base_commit: 'c'.repeat(40),
  patch: diffOf('src/a.ts', 'new'),
  test_patch: diffOf('test/a.test.ts', 'new'),
  problem_statement: '"## Title\\n\\nIt fails."',
  requirements: 'It must not fail.',
  interface: 'function a(): void',
  repo_language: 'TypeScript',
  fail_to_pass: `['test/a.test.ts | works', "it's \\u00e9"]`,
  pass_to_pass: '[]',
  issue_specificity: "['x']",
  issue_categories: "['y']",
  before_repo_set_cmd: 'git checkout x -- test/a.test.ts',
  selected_test_files_to_run: "['test/a.test.ts']",
  dockerhub_tag: 'owner.web-owner__web-abc',
};

describe('readBenchmark', () => {
  it('makes tasks of rows of version 5, with their test commands', async () => {
    const set = await read('verified', file('five.jsonl', [version5Row(2), version5Row(1)]));
    expect(set).toMatchObject({
      form: 'swebench5',
      notes: [expect.stringContaining('2 instances were given; SWE-bench Verified has 500')],
    });
    const [first] = set.instances;
    expect(first).toMatchObject({
      instance_id: 'django__django-1',
      language: 'python',
      no_cross_check: null,
      task: { image_name: 'swebench/some-image:1', workdir: '/testbed', FAIL_TO_PASS: ['test_a (tests.A)'] },
    });
    expect(first?.task.install_config).toEqual({
      log_parser: 'swebench:parse_log_django',
      test_cmd: [
        'source /opt/miniconda3/bin/activate\nconda activate testbed\ncd /testbed\npython -m pip install -e .',
        'set -x\n./tests/runtests.py --verbosity 2 core',
      ],
    });
  });

  it('asks how rows of version 4 are tested, and names their images by the published rule', async () => {
    const asked: string[] = [];
    const path = file('four.jsonl', [classicRow(1), classicRow(2), classicRow(3, { repo: 'Foo/Bar', instance_id: 'Foo__Bar-3' })]);
    const five = version5Row(1);
    const set = await read('verified', path, {
      namespace: 'registry.example/swe',
      commandsOf: async (rows) => {
        asked.push(...rows.map((row) => String(row['instance_id'])));
        const commands = { eval_script: String(five['eval_script']), eval_type: 'pass_and_fail' };
        return new Map<string, string | (typeof commands & { log_parser: string })>([
          ['django__django-1', { ...commands, log_parser: 'parse_log_django' }],
          ['django__django-2', { ...commands, log_parser: 'parse_log_minitest' }],
        ]);
      },
    });
    expect(asked).toEqual(['django__django-1', 'django__django-2', 'Foo__Bar-3']);
    expect(set.form).toBe('swebench4');
    expect(set.instances.map(({ task, no_cross_check }) => [task.image_name, no_cross_check])).toEqual([
      ['registry.example/swe/sweb.eval.x86_64.foo_1776_bar-3:latest', expect.stringContaining('does not say how it is tested')],
      ['registry.example/swe/sweb.eval.x86_64.django_1776_django-1:latest', null],
      ['registry.example/swe/sweb.eval.x86_64.django_1776_django-2:latest', 'no parser here reads the logs of parse_log_minitest'],
    ]);
    expect(set.notes).toHaveLength(3);
  });

  it('tells the languages of SWE-bench Multilingual, of others by the files of the patch', async () => {
    const rows = [
      version5Row(1, { repo: 'jqlang/jq', instance_id: 'jqlang__jq-1' }),
      version5Row(2, { repo: 'rubocop/rubocop', instance_id: 'rubocop__rubocop-2' }),
      version5Row(3, { repo: 'own/thing', instance_id: 'own__thing-3', patch: diffOf('src/lib.rs', 'new') }),
    ];
    const { instances } = await read('multilingual', file('many.jsonl', rows));
    expect(instances.map(({ language }) => language)).toEqual(['c', 'rust', 'ruby']);
  });

  it('reads SWE-bench Pro without evaluating its lists', async () => {
    const { form, instances } = await read('pro', file('pro.jsonl', [proRow]));
    expect(form).toBe('pro');
    expect(instances[0]).toMatchObject({
      language: 'ts',
      task: {
        image_name: 'jefzda/sweap-images:owner.web-owner__web-abc',
        workdir: '/app',
        FAIL_TO_PASS: ['test/a.test.ts | works', "it's é"],
        problem_statement: '## Title\n\nIt fails.\n\nRequirements:\nIt must not fail.\n\nInterfaces:\nfunction a(): void',
      },
    });
    const harmful = { ...proRow, fail_to_pass: "__import__('os').system('id')" };
    await expect(read('pro', file('harmful.jsonl', [harmful]))).rejects.toMatchObject({
      code: 'benchmark_bad_rows',
      message: expect.stringContaining('fail_to_pass: not a list of strings'),
    });
  });

  it('reads the same from Parquet', async () => {
    const rows = [version5Row(1), version5Row(2)];
    const path = join(scratchFolder('benchmark'), 'rows.parquet');
    const columns = Object.keys(rows[0] ?? {}).filter((name) => !['FAIL_TO_PASS', 'PASS_TO_PASS'].includes(name));
    parquetWriteFile({
      filename: path,
      columnData: [
        ...columns.map((name) => ({ name, data: rows.map((row) => String(row[name])), type: 'STRING' as const })),
        ...['FAIL_TO_PASS', 'PASS_TO_PASS'].map((name) => ({ name, data: rows.map((row) => row[name]), type: 'JSON' as const })),
      ],
    });
    const [parquet, jsonl] = [await read('verified', path), await read('verified', file('rows.jsonl', rows))];
    expect(parquet.instances.map(({ task }) => task)).toEqual(jsonl.instances.map(({ task }) => task));
    expect(parquet.set_sha256).toBe(jsonl.set_sha256);
    expect(parquet.data_sha256).not.toBe(jsonl.data_sha256);
  });

  it.each([
    ['an unknown column', 'verified', [classicRow(1, { extra: 1 })], 'line 1 (django__django-1): extra: not a column of this benchmark'],
    ['a missing column', 'verified', [classicRow(1, { base_commit: undefined })], 'base_commit: the column is missing or empty'],
    [
      'a bad value',
      'verified',
      [classicRow(1), classicRow(2, { base_commit: 'abc' })],
      'line 2 (django__django-2): base_commit: a full commit hash',
    ],
    [
      'part of the columns of version 5',
      'verified',
      [version5Row(1, { log_parser: undefined })],
      'log_parser: the column is missing or empty, although',
    ],
    ['an instance that stands twice', 'verified', [classicRow(1), classicRow(1)], 'line 2 (django__django-1): instance_id: it stands at'],
    ['no test that the fix makes pass', 'verified', [classicRow(1, { FAIL_TO_PASS: '[]' })], 'FAIL_TO_PASS: no test'],
    [
      'a repository without language',
      'multilingual',
      [classicRow(1, { patch: diffOf('README', 'x') })],
      'repo: no language is known for django/django',
    ],
    ['a row of another benchmark', 'pro', [classicRow(1)], 'dockerhub_tag: the column is missing'],
    [
      'a parser that is not there',
      'tasks',
      [{ ...version5Row(1), language: 'python', image_name: 'x', install_config: { test_cmd: 'true', log_parser: 'parse_log_x' } }],
      'install_config.log_parser: no log parser is called parse_log_x',
    ],
  ])('refuses %s with file, row and field', async (_what, benchmark, rows, message) => {
    await expect(read(benchmark, file('bad.jsonl', rows))).rejects.toMatchObject({
      code: 'benchmark_bad_rows',
      message: expect.stringContaining(message),
    });
  });

  it('refuses what gives no set', async () => {
    await expect(read('verified', file('mixed.jsonl', [classicRow(1), version5Row(2)]))).rejects.toMatchObject({
      code: 'benchmark_mixed_forms',
    });
    await expect(read('verified', file('empty.jsonl', []))).rejects.toMatchObject({ code: 'benchmark_empty' });
    await expect(read('verified', join(scratchFolder('benchmark'), 'none.jsonl'))).rejects.toMatchObject({ code: 'source_not_found' });
    await expect(read('verified', 'https://example.invalid/x.parquet')).rejects.toMatchObject({ code: 'benchmark_data_missing' });
    expect(() => benchmarkNamed('lite')).toThrow(expect.objectContaining({ code: 'unknown_benchmark' }));
  });
});
