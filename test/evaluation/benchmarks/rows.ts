import { benchmarkNamed } from '../../../activities/evaluation/benchmarks/registry.ts';
import type { BenchmarkInstance } from '../../../activities/evaluation/benchmarks/benchmark.ts';

export const diffOf = (path: string, line: string) =>
  `diff --git a/${path} b/${path}\n--- a/${path}\n+++ b/${path}\n@@ -1 +1 @@\n-old\n+${line}\n`;

/** A row of SWE-bench in the form of version 4. */
export function classicRow(number: number, more: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    repo: 'django/django',
    instance_id: `django__django-${number}`,
    base_commit: 'a'.repeat(40),
    patch: diffOf('django/core.py', 'new'),
    test_patch: diffOf('tests/test_core.py', 'new'),
    problem_statement: 'It fails.',
    hints_text: '',
    created_at: '2020-01-01T00:00:00Z',
    version: '3.0',
    FAIL_TO_PASS: '["test_a (tests.A)"]',
    PASS_TO_PASS: '[]',
    environment_setup_commit: 'b'.repeat(40),
    difficulty: '<15 min fix',
    ...more,
  };
}

const evalScript = `#!/bin/bash
set -uxo pipefail
source /opt/miniconda3/bin/activate
conda activate testbed
cd /testbed
git status
git show
git -c core.fileMode=false diff ${'a'.repeat(40)}
python -m pip install -e .
git checkout ${'a'.repeat(40)} tests/test_core.py
rm -f tests/test_core.py
git apply -v - <<'EOF_114329324912'
${diffOf('tests/test_core.py', 'new')}
EOF_114329324912
: '>>>>> Start Test Output'
./tests/runtests.py --verbosity 2 core
: '>>>>> End Test Output'
git checkout ${'a'.repeat(40)} tests/test_core.py
`;

/** The same in the form of version 5. */
export function version5Row(number: number, more: Record<string, unknown> = {}): Record<string, unknown> {
  const version5 = {
    image: `swebench/some-image:${number}`,
    eval_script: evalScript,
    log_parser: 'parse_log_django',
    eval_type: 'pass_and_fail',
  };
  return classicRow(number, { FAIL_TO_PASS: ['test_a (tests.A)'], PASS_TO_PASS: [], ...version5, ...more });
}

/** An instance from a row, as reading a file gives it. */
export function instanceFrom(benchmark: string, row: Record<string, unknown>): BenchmarkInstance {
  const reading = benchmarkNamed(benchmark).read(row, { namespace: undefined, commands: new Map() });
  if (!reading.ok) throw new Error(reading.problems.join('\n'));
  return reading.instance;
}
