import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyPatch } from '../../activities/verification/verify.ts';
import type { Task } from '../../schemas/task.ts';
import { testEngine } from '../engine/engines.ts';
import { labels, makeSampleTask, nodeSample, pythonSample, type SampleTask } from './sample-task.ts';

const engine = testEngine();

async function verify(sample: SampleTask, modelPatch: string, changes: Partial<Parameters<typeof verifyPatch>[0]> = {}) {
  return verifyPatch({ engine, task: sample.task, image: sample.image, modelPatch, timeoutMs: 60_000, labels, ...changes });
}

function withCommands(sample: SampleTask, test_cmd: string[]): Task {
  return { ...sample.task, install_config: { ...sample.task.install_config, test_cmd } };
}

describe('a Python task', () => {
  let sample: SampleTask;
  beforeAll(async () => {
    sample = await makeSampleTask(engine, pythonSample);
  }, 60_000);
  afterAll(() => sample.remove());

  it('is resolved by the gold patch', async () => {
    const { verdict, log } = await verify(sample, sample.task.patch);
    expect(verdict).toMatchObject({ resolved: 1, reason: 'tests', exit_codes: [0, 0], runs: 1, suspicious: false });
    expect(verdict.fail_to_pass).toEqual({ passed: ['tests/test_calc.py::test_add'], failed: [] });
    expect(log).toContain('PASSED tests/test_calc.py::test_add');
  });

  it('is not resolved by an empty patch, without a container', async () => {
    const { verdict } = await verify(sample, ' \n');
    expect(verdict).toMatchObject({ resolved: 0, reason: 'empty_patch', runs: 0 });
    expect(verdict.fail_to_pass.failed).toEqual(['tests/test_calc.py::test_add']);
  });

  it('is not resolved by a wrong fix', async () => {
    const { verdict } = await verify(
      sample,
      await sample.patchOf({ 'calc.py': 'def add(a, b):\n    return 6\n\n\ndef double(a):\n    return a * 2\n' }),
    );
    expect(verdict).toMatchObject({ resolved: 0, reason: 'tests', runs: 1 });
    expect(verdict.pass_to_pass.failed).toEqual([]);
  });

  it('is not resolved by a patch that leaves no test to be read', async () => {
    const { verdict } = await verify(sample, await sample.patchOf({ 'calc.py': 'def add(a, b:\n' }));
    expect(verdict.resolved).toBe(0);
    expect(verdict.fail_to_pass.passed).toEqual([]);
  });

  it('is resolved by a right fix whatever else the patch does to the tests', async () => {
    const patch = await sample.patchOf({
      ...pythonSample.fixed,
      'tests/test_calc.py': null,
      'tests/test_more.py': 'def test_zero():\n    assert False\n',
      'tests/test_own.py': 'def test_own():\n    assert False\n',
    });
    const { verdict } = await verify(sample, patch);
    expect(verdict).toMatchObject({ resolved: 1, facts: { touches_gold_tests: true, deletes_tests: true, adds_new_tests: true } });
    expect(verdict.restored).toEqual(['tests/test_calc.py', 'tests/test_more.py', 'tests/test_own.py']);
  });

  it('takes no test from the patch', async () => {
    const forged = 'def test_double():\n    pass\n\n\ndef test_add():\n    pass\n';
    const { verdict } = await verify(sample, await sample.patchOf({ 'tests/test_calc.py': forged }));
    expect(verdict).toMatchObject({ resolved: 0, facts: { tests_only: true } });
  });

  it('does not let a conftest report tests as passed', async () => {
    const hook = 'import pytest\n\n\n@pytest.hookimpl(tryfirst=True)\ndef pytest_pyfunc_call(pyfuncitem):\n    return True\n';
    for (const path of ['conftest.py', 'tests/conftest.py']) {
      const { verdict } = await verify(sample, await sample.patchOf({ [path]: hook }));
      expect(verdict).toMatchObject({ resolved: 0, restored: [path], facts: { edits_test_infra: true } });
    }
  });

  it('does not let configuration or a shadowing module stand in for the tests', async () => {
    const setup = '[metadata]\nname = calc\n\n[tool:pytest]\naddopts = -p no:cacheprovider -p trick\n';
    const trick = 'def pytest_pyfunc_call(pyfuncitem):\n    return True\n';
    const throughConfiguration = await verify(sample, await sample.patchOf({ 'setup.cfg': setup, 'trick.py': trick }));
    expect(throughConfiguration.verdict).toMatchObject({ resolved: 0, restored: ['setup.cfg'] });
    const fake = "print('PASSED tests/test_calc.py::test_add')\n";
    const throughModule = await verify(sample, await sample.patchOf({ 'pytest.py': fake, 'sitecustomize.py': fake }));
    expect(throughModule.verdict).toMatchObject({ resolved: 0, restored: ['pytest.py', 'sitecustomize.py'] });
  });

  it('counts no test that the patch rewrote while it ran, unless the gold patch does so too', async () => {
    const task = withCommands(sample, ['python3 calc.py', ...pythonSample.test_cmd]);
    const tests = 'def test_double():\\n    pass\\n\\n\\ndef test_add():\\n    pass\\n';
    const rewriting = `def add(a, b):\n    return a - b\n\n\ndef double(a):\n    return a * 2\n\n\nif __name__ == '__main__':\n    open('tests/test_calc.py', 'w').write('${tests}')\n`;
    const patch = await sample.patchOf({ 'calc.py': rewriting });
    const { verdict } = await verify(sample, patch, { task });
    expect(verdict).toMatchObject({ resolved: 0, reason: 'tests_altered', fail_to_pass: { failed: [] } });
    expect(verdict.detail).toContain('tests/test_calc.py');
    const gate = { excluded: [], reinstall: false, gold_signals: [], gold_exit_codes: [], gold_altered: ['tests/test_calc.py'] };
    expect((await verify(sample, patch, { task, gate })).verdict.resolved).toBe(1);
    const without = withCommands(sample, ['rm -rf .git', ...pythonSample.test_cmd]);
    expect((await verify(sample, sample.task.patch, { task: without })).verdict).toMatchObject({ resolved: 0, reason: 'tests_altered' });
  });

  it('keeps what a patch changes in a configuration file beside the test section', async () => {
    const setup = '[metadata]\nname = calculator\n\n[tool:pytest]\naddopts = --collect-only\n';
    const { verdict } = await verify(sample, await sample.patchOf({ ...pythonSample.fixed, 'setup.cfg': setup }), {
      task: withCommands(sample, [...pythonSample.test_cmd, 'cat setup.cfg']),
    });
    expect(verdict.resolved).toBe(1);
  });

  it('counts a patch that does not apply as failed', async () => {
    const { verdict } = await verify(
      sample,
      'diff --git a/calc.py b/calc.py\n--- a/calc.py\n+++ b/calc.py\n@@ -1,2 +1,2 @@\n def no_such(a):\n-    return 7\n+    return 8\n',
    );
    expect(verdict).toMatchObject({ resolved: 0, reason: 'patch_apply_failed' });
  });

  it('takes away what a right fix left where the tests need a folder', async () => {
    const added = (path: string) =>
      `diff --git a/${path} b/${path}\nnew file mode 100644\n--- /dev/null\n+++ b/${path}\n@@ -0,0 +1 @@\n+x\n`;
    const task = { ...sample.task, test_patch: `${sample.task.test_patch}${added('cases/one.json')}` };
    const { verdict } = await verify(sample, `${sample.task.patch}${added('cases')}`, { task });
    expect(verdict).toMatchObject({ resolved: 1, restored: ['cases'] });
  });

  it('leaves the verdict open where the test patch applies to nothing', async () => {
    const test_patch = 'diff --git a/tests/none.py b/tests/none.py\n--- a/tests/none.py\n+++ b/tests/none.py\n@@ -1 +1 @@\n-x\n+y\n';
    const task = { ...sample.task, test_patch };
    expect((await verify(sample, sample.task.patch, { task })).verdict).toMatchObject({ resolved: -1, reason: 'test_patch_failed' });
  });

  it('refuses a patch that writes into the git folder', async () => {
    const { verdict } = await verify(
      sample,
      'diff --git a/.git/hooks/post-checkout b/.git/hooks/post-checkout\nnew file mode 100755\n--- /dev/null\n+++ b/.git/hooks/post-checkout\n@@ -0,0 +1 @@\n+echo\n',
    );
    expect(verdict.reason).toBe('patch_apply_failed');
  });

  it('ends tests that never end, with all that they started, and keeps their log', async () => {
    const hanging = withCommands(sample, ['echo PASSED early', 'setsid sleep 600 & sleep 600', 'echo never']);
    const { verdict, log } = await verify(sample, sample.task.patch, { task: hanging, timeoutMs: 2000 });
    expect(verdict).toMatchObject({ resolved: 0, reason: 'test_timeout', runs: 2, exit_codes: [0] });
    expect(log).toContain('PASSED early');
    expect(log).not.toContain('never');
  });

  it('goes on after a command that reaches its own limit', async () => {
    const task = withCommands(sample, ['sleep 600', ...pythonSample.test_cmd]);
    const { verdict } = await verify(sample, sample.task.patch, { task, commandTimeoutMs: 5000 });
    expect(verdict).toMatchObject({ resolved: 1, exit_codes: [137, 0, 0] });
  });

  it('reads the tests out of a log of a hundred megabytes', async () => {
    const task = withCommands(sample, ['yes | head -c 100000000', ...pythonSample.test_cmd]);
    const { verdict, log } = await verify(sample, sample.task.patch, { task });
    expect(verdict).toMatchObject({ resolved: 1, exit_codes: [0, 0, 0] });
    expect(verdict.detail).toContain('dropped');
    expect(log.length).toBeLessThan(60_000_000);
  }, 30_000);

  it('reads the tests beside binary output and Windows line ends', async () => {
    const task = withCommands(sample, [
      'head -c 200000 /dev/urandom',
      "printf '\\r\\n'",
      ...pythonSample.test_cmd,
      "printf 'PASSED a::b\\rPASSED c::d\\r\\n'",
    ]);
    const { verdict, statuses } = await verify(sample, sample.task.patch, { task });
    expect(verdict.resolved).toBe(1);
    expect([statuses.get('a::b'), statuses.get('c::d')]).toEqual(['PASSED', 'PASSED']);
  });

  it('carries the state of the shell from command to command and runs all of them', async () => {
    const task = withCommands(sample, [
      'cd tests',
      'X=one',
      'false',
      'echo "PASSED $X $(basename "$PWD")"',
      'echo late >&2',
      'echo PASSED last',
    ]);
    const { verdict, log } = await verify(sample, sample.task.patch, { task });
    expect(verdict.exit_codes).toEqual([0, 0, 1, 0, 0, 0]);
    expect(log.endsWith('PASSED one tests\nPASSED last\nlate\n')).toBe(true);
  });

  it('counts a kept test as passed when it passes in one of three runs', async () => {
    const random = [
      `python3 - <<'E'\nimport os\nprint('PASSED tests/test_calc.py::test_add')\nprint('PASSED' if os.urandom(1)[0] < 128 else 'FAILED', 'tests/test_calc.py::test_double')\nprint('FAILED tests/test_more.py::test_zero')\nE`,
    ];
    const { verdict, log } = await verify(sample, sample.task.patch, {
      task: withCommands(sample, random),
      gate: { excluded: ['tests/test_more.py::test_zero'], reinstall: false, gold_signals: [], gold_exit_codes: [], gold_altered: [] },
    });
    expect(verdict.pass_to_pass.passed.length + verdict.pass_to_pass.failed.length).toBe(1);
    expect(verdict.resolved === 1 || verdict.runs === 3).toBe(true);
    expect(log.includes('PASSED tests/test_calc.py::test_double')).toBe(verdict.resolved === 1);
  });

  it('leaves the verdict open when the log cannot be read', async () => {
    const task = { ...sample.task, install_config: { ...sample.task.install_config, log_parser: 'parse_log_of_nobody' } };
    const { verdict } = await verify(sample, sample.task.patch, { task });
    expect(verdict).toMatchObject({ resolved: -1, reason: 'unknown_parser' });
  });

  it('throws instead of judging when the machine fails', async () => {
    await expect(verify(sample, sample.task.patch, { image: 'tracemill-test/nothing:here' })).rejects.toMatchObject({
      code: 'image_missing',
    });
    const elsewhere = { ...sample.task, base_commit: '0'.repeat(40) };
    await expect(verify(sample, sample.task.patch, { task: elsewhere })).rejects.toMatchObject({ code: 'container_failed' });
  });

  it('stops when asked to', async () => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(new Error('enough')), 1500);
    const task = withCommands(sample, ['sleep 600']);
    await expect(verify(sample, sample.task.patch, { task, signal: controller.signal })).rejects.toThrow('enough');
  });
});

describe('a Node task whose test command is a script of package.json', () => {
  let sample: SampleTask;
  beforeAll(async () => {
    sample = await makeSampleTask(engine, nodeSample);
  }, 60_000);
  afterAll(() => sample.remove());

  it('is resolved by the gold patch', async () => {
    const { verdict } = await verify(sample, sample.task.patch);
    expect(verdict).toMatchObject({ resolved: 1, reason: 'tests' });
  });

  it('is not resolved by a script that prints the expected names', async () => {
    const script = JSON.stringify({
      name: 'greet',
      main: 'index.js',
      scripts: { test: "printf 'ok 1 - puts a space\\nok 2 - is longer than the name\\n'" },
    });
    const { verdict } = await verify(sample, await sample.patchOf({ 'package.json': script }));
    expect(verdict).toMatchObject({ resolved: 0, restored: ['package.json'], facts: { edits_test_infra: true } });
  });

  it('keeps the other changes of package.json', async () => {
    const moved = '{\n  "name": "greet",\n  "main": "lib.js",\n  "scripts": {\n    "test": "true"\n  }\n}\n';
    const { verdict } = await verify(
      sample,
      await sample.patchOf({ 'package.json': moved, 'index.js': null, 'lib.js': "exports.greet = (name) => 'hello ' + name;\n" }),
    );
    expect(verdict.resolved).toBe(1);
  });

  it('applies binary files and paths that git quotes', async () => {
    const patch = await sample.patchOf({ ...nodeSample.fixed, 'datei mit ü.bin': '\u0000\u0001\u0002binary' });
    const { verdict } = await verify(sample, patch);
    expect(verdict).toMatchObject({ resolved: 1, facts: { paths: ['datei mit ü.bin', 'index.js'] } });
  });
});

describe('the verifier', () => {
  it('has left no container behind', async () => {
    const own = [`tracemill.test.process=${process.pid}`, 'tracemill.kind=verification'];
    expect(await engine.listContainers(own)).toEqual([]);
  });
});
