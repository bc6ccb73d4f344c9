import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gateProblem, gateRemarks } from '../../activities/verification/gate-findings.ts';
import { runGate } from '../../activities/verification/gate.ts';
import { verifyPatch } from '../../activities/verification/verify.ts';
import { testEngine } from '../engine/engines.ts';
import { labels, makeSampleTask, type SampleRepository, type SampleTask } from './sample-task.ts';

const engine = testEngine();

async function verdictOn(sample: SampleTask, files: Record<string, string>) {
  const { task, image } = sample;
  return (await verifyPatch({ engine, task, image, modelPatch: await sample.patchOf(files), timeoutMs: 60_000, labels })).verdict;
}

const testOf = (name: string, check: string) =>
  `const test = require('node:test');\nconst assert = require('node:assert');\nconst parts = require('..');\ntest('${name}', () => ${check});\n`;

/** Two files hold a test of one name; their runner names no file. */
const equalNames: SampleRepository = {
  name: 'parts',
  language: 'js',
  base: {
    'index.js': 'exports.first = (list) => list[1];\nexports.count = (list) => list.length;\n',
    'test/a.test.js': testOf('is empty', 'assert.equal(parts.count([]), 0)'),
    'test/c.test.js': testOf('is empty', "assert.equal('', '')"),
  },
  fixed: { 'index.js': 'exports.first = (list) => list[0];\nexports.count = (list) => list.length;\n' },
  tests: { 'test/b.test.js': testOf('finds the first', 'assert.equal(parts.first([7, 8]), 7)') },
  test_cmd: ['node --test --test-reporter=tap'],
  log_parser: 'parse_log_tap',
  FAIL_TO_PASS: ['- finds the first'],
  PASS_TO_PASS: ['- is empty'],
};

const suite = (...tests: string[]) => `import unittest\nfrom calc import add\n\n\nclass Calc(unittest.TestCase):\n${tests.join('\n')}\n`;

/** What the code prints stands on the lines of unittest. */
const printing: SampleRepository = {
  name: 'calc-printing',
  language: 'python',
  base: {
    'calc.py': 'def add(a, b):\n    return a - b\n',
    'tests/__init__.py': '',
    'tests/test_calc.py': suite('    def test_zero(self):\n        self.assertEqual(0, 0)'),
  },
  fixed: { 'calc.py': 'def add(a, b):\n    print(end="adding")\n    return a + b\n' },
  tests: {
    'tests/test_calc.py': suite(
      '    def test_zero(self):\n        self.assertEqual(0, 0)\n',
      '    def test_add(self):\n        self.assertEqual(add(2, 3), 5)',
    ),
  },
  test_cmd: ['export PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1', 'python3 -m unittest -v 2>&1'],
  log_parser: 'parse_log_django',
  FAIL_TO_PASS: ['test_add (tests.test_calc.Calc.test_add)'],
  PASS_TO_PASS: ['test_zero (tests.test_calc.Calc.test_zero)'],
};

describe('a task whose tests have equal names', () => {
  let sample: SampleTask;
  beforeAll(async () => {
    sample = await makeSampleTask(engine, equalNames);
  }, 60_000);
  afterAll(() => sample.remove());

  it('has a resolved verdict in doubt where one of them fails, and in none where all pass', async () => {
    const right = await verdictOn(sample, equalNames.fixed);
    expect(right).toMatchObject({ resolved: 1, ambiguous: [] });
    const wrong = await verdictOn(sample, { 'index.js': 'exports.first = (list) => list[0];\nexports.count = () => 1;\n' });
    expect(wrong).toMatchObject({
      resolved: 1,
      ambiguous: [
        { cause: 'equal_names', hides: 'failed', tests: ['- is empty'], line: 'not ok 1 - is empty' },
        { cause: 'exit_code', hides: 'failed', tests: [] },
      ],
    });
  });
});

describe('a task whose code prints without a line end', () => {
  let sample: SampleTask;
  beforeAll(async () => {
    sample = await makeSampleTask(engine, printing);
  }, 60_000);
  afterAll(() => sample.remove());

  it('has the verdict on a right fix that prints in doubt, and not the one on a wrong fix that prints', async () => {
    const right = await verdictOn(sample, printing.fixed);
    expect(right).toMatchObject({
      resolved: 0,
      ambiguous: [{ cause: 'output_before_result', hides: 'passed', tests: printing.FAIL_TO_PASS }],
    });
    expect(right.ambiguous?.[0]?.line).toMatch(/addingok$/);
    const wrong = await verdictOn(sample, { 'calc.py': 'def add(a, b):\n    print(end="adding")\n    return a * b\n' });
    expect(wrong).toMatchObject({ resolved: 0, ambiguous: [] });
  });

  it('is told so where the gate refuses it', async () => {
    const record = await runGate({ engine, task: sample.task, image: sample.image, runs: 1, timeoutMs: 60_000, labels });
    expect(gateProblem(record)).toMatchObject({ code: 'gold_failed' });
    expect(gateRemarks(record)).toEqual([
      {
        code: 'test_log_ambiguous',
        message: expect.stringMatching(
          /does not count as passed, may have passed: output .* \(test_add .*\); the log says: test_add .*addingok/,
        ),
        hint: expect.stringContaining('print whole lines'),
      },
    ]);
  });
});
