import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findExpectedTests } from '../../activities/verification/find-expected-tests.ts';
import { gateCacheIn } from '../../activities/verification/gate-cache.ts';
import { gateProblem, gateRemarks } from '../../activities/verification/gate-findings.ts';
import { type GateOptions, runGate } from '../../activities/verification/gate.ts';
import type { Task } from '../../schemas/task.ts';
import { testEngine } from '../engine/engines.ts';
import { labels, makeSampleTask, pythonSample, type SampleTask } from './sample-task.ts';

const engine = testEngine();
let sample: SampleTask;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tracemill-gate-'));
  sample = await makeSampleTask(engine, pythonSample);
}, 60_000);
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await sample.remove();
});

function gate(task: Task, changes: Partial<GateOptions> = {}) {
  return runGate({ engine, task, image: sample.image, runs: 2, timeoutMs: 60_000, labels, ...changes });
}

let asItIs: ReturnType<typeof gate> | undefined;

/** The record of the task as it is, made once: three containers. */
async function passed() {
  asItIs ??= gate(sample.task, { cache: gateCacheIn(folder) });
  return await asItIs;
}

function withCommands(...test_cmd: string[]): Task {
  return { ...sample.task, install_config: { ...sample.task.install_config, test_cmd } };
}

describe('the gate', () => {
  it('passes a task whose gold patch passes every time and whose tests fail without it', async () => {
    const record = await passed();
    expect(record).toMatchObject({ passed: true, reason: 'passed', excluded: [], reinstall: false, gold_exit_codes: [0, 0] });
    expect(record.runs.map(({ kind, fail_to_pass_failed }) => [kind, fail_to_pass_failed.length])).toEqual([
      ['gold', 0],
      ['gold', 0],
      ['noop', 1],
    ]);
  });

  it('takes the result from the cache without any container, for another campaign too', async () => {
    const first = await passed();
    const started: string[] = [];
    const watched = new Proxy(engine, {
      get(target, name) {
        if (name === 'createContainer') started.push(name);
        const value: unknown = Reflect.get(target, name);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
    expect(await gate(sample.task, { engine: watched, cache: gateCacheIn(folder) })).toEqual(first);
    expect(started).toEqual([]);
    const other = await gate({ ...sample.task, PASS_TO_PASS: [] }, { engine: watched, cache: gateCacheIn(folder), runs: 1 });
    expect(other.passed).toBe(true);
    expect(started).toHaveLength(2);
  });

  it('sets aside kept tests that do not pass every time', async () => {
    const record = await gate({ ...sample.task, PASS_TO_PASS: [...sample.task.PASS_TO_PASS, 'tests/test_more.py::test_gone'] });
    expect(record).toMatchObject({ passed: true, excluded: ['tests/test_more.py::test_gone'] });
  });

  it('refuses a task whose gold patch fails', async () => {
    const record = await gate({ ...sample.task, FAIL_TO_PASS: ['tests/test_calc.py::test_none'] });
    expect(record).toMatchObject({ passed: false, reason: 'gold_failed' });
    expect(record.detail).toContain('test_none');
  });

  it('refuses a task that passes when nothing is done', async () => {
    const record = await gate({ ...sample.task, FAIL_TO_PASS: ['tests/test_calc.py::test_double'] });
    expect(record).toMatchObject({ passed: false, reason: 'noop_passed' });
  });

  it('names what else keeps a task from being judged', async () => {
    expect(await gate({ ...sample.task, patch: sample.task.test_patch.replaceAll('def test_double', 'def no_such') })).toMatchObject({
      reason: 'gold_patch_failed',
    });
    expect(await gate(withCommands('sleep 60'), { timeoutMs: 500 })).toMatchObject({ reason: 'test_timeout' });
    expect(await gate(withCommands('echo nothing'))).toMatchObject({ reason: 'no_tests_parsed' });
    expect(await gate({ ...sample.task, install_config: { ...sample.task.install_config, log_parser: 'nobody' } })).toMatchObject({
      reason: 'unknown_parser',
    });
  });

  it('passes a task whose log is not text, and remarks it', async () => {
    const noise = String.raw`printf '\000\377\033[31m\n'`;
    const record = await gate(withCommands(noise, ...sample.task.install_config.test_cmd), { runs: 1 });
    expect(record).toMatchObject({ passed: true, runs: [{ log_oddities: ['binary'] }, {}] });
    expect(gateRemarks(record)).toMatchObject([{ code: 'test_log_binary' }]);
    expect(gateProblem(record)).toBeUndefined();
    expect(gateRemarks(await passed())).toEqual([]);
  });

  it('runs the install lines again where only that makes the gold patch pass', async () => {
    const { task: base } = sample;
    const test_cmd = ['grep -q "a + b" calc.py && test -f /installed && echo PASSED tests/test_calc.py::test_add'];
    const task = {
      ...base,
      PASS_TO_PASS: [],
      install_config: { ...base.install_config, test_cmd, install: ['false', 'touch /installed'] },
    };
    expect(await gate(task)).toMatchObject({ passed: true, reinstall: true });
  });

  it('throws where the machine fails, and keeps nothing of it', async () => {
    await expect(gate(sample.task, { image: 'tracemill-test/nothing:here', cache: gateCacheIn(folder) })).rejects.toMatchObject({
      code: 'image_missing',
    });
  });
});

describe('findExpectedTests', () => {
  it('finds by running what the gold patch fixes and what it keeps', async () => {
    const task = { ...sample.task, FAIL_TO_PASS: [], PASS_TO_PASS: [] };
    const { FAIL_TO_PASS, PASS_TO_PASS } = sample.task;
    expect(await findExpectedTests({ engine, task, image: sample.image, timeoutMs: 60_000, labels })).toEqual({
      FAIL_TO_PASS,
      PASS_TO_PASS,
    });
  });

  it('compares names without their durations, as gate and verification do', async () => {
    const { install_config, ...timed } = withCommands(
      'fixed() { grep -q "a + b" calc.py; }',
      'fixed && echo "ok 1 - adds (3ms)"',
      'fixed && echo "ok 2 - doubles (9ms)" || echo "ok 2 - doubles (12ms)"',
    );
    const task = { ...timed, install_config: { ...install_config, log_parser: 'parse_log_tap' } };
    expect(await findExpectedTests({ engine, task, image: sample.image, timeoutMs: 60_000, labels })).toEqual({
      FAIL_TO_PASS: ['- adds'],
      PASS_TO_PASS: ['- doubles'],
    });
  });

  it('keeps what the base’s own tests show, where the change’s tests cannot run without it', async () => {
    const all = 'for name in add double zero; do echo "PASSED tests/t.py::$name"; done';
    const own = 'for name in double zero; do echo "PASSED tests/t.py::$name"; done';
    // As a compiler: without the fix, the new tests are not built, and none runs.
    const task = withCommands(`if grep -q "a + b" calc.py; then ${all}; elif ! grep -q add tests/test_calc.py; then ${own}; fi`);
    expect(await findExpectedTests({ engine, task, image: sample.image, timeoutMs: 60_000, labels })).toEqual({
      FAIL_TO_PASS: ['tests/t.py::add'],
      PASS_TO_PASS: ['tests/t.py::double', 'tests/t.py::zero'],
    });
  });

  it('says so when the gold patch fixes nothing', async () => {
    const nothing = withCommands('echo PASSED a');
    await expect(findExpectedTests({ engine, task: nothing, image: sample.image, timeoutMs: 60_000, labels })).rejects.toMatchObject({
      code: 'no_failing_test',
    });
  });
});
