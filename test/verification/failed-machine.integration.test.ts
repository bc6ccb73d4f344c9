import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyPatch } from '../../activities/verification/verify.ts';
import { testEngine } from '../engine/engines.ts';
import { labels, makeSampleTask, pythonSample, type SampleTask } from './sample-task.ts';

const engine = testEngine();
let sample: SampleTask;
let wrong: string;
beforeAll(async () => {
  sample = await makeSampleTask(engine, pythonSample);
  wrong = await sample.patchOf({ 'calc.py': 'def add(a, b):\n    return 6\n\n\ndef double(a):\n    return a * 2\n' });
}, 60_000);
afterAll(() => sample.remove());

const passes = 'echo PASSED tests/test_calc.py::test_add; echo PASSED tests/test_calc.py::test_double';
const fails = 'echo FAILED tests/test_calc.py::test_add; echo PASSED tests/test_calc.py::test_double';
const right = `python3 -c 'import calc; assert calc.add(1, 2) == 3' 2>/dev/null`;

/** The tests print `before` and fail where the fix is wrong. */
function verify(before: string, changes: Partial<Parameters<typeof verifyPatch>[0]> = {}) {
  return verifyWith(`if ${right}; then ${passes}; else ${before}; ${fails}; fi`, changes);
}

function verifyWith(command: string, changes: Partial<Parameters<typeof verifyPatch>[0]> = {}) {
  const task = { ...sample.task, install_config: { ...sample.task.install_config, test_cmd: [command] } };
  return verifyPatch({ engine, task, image: sample.image, modelPatch: wrong, timeoutMs: 60_000, labels, ...changes });
}

describe('a wrong fix whose log has the words of a failing machine', () => {
  it('is judged: another run and the gold patch show that the machine is well', async () => {
    const words = [
      `echo "Expected: OSError('No space left on device')  Received: None"`,
      'echo Killed',
      'echo "runtime: out of memory: cannot allocate" >&2',
      'echo "fork: retry: Resource temporarily unavailable"',
      'echo "Cannot connect to the Docker daemon"',
    ];
    const { verdict } = await verify(words.join('; '));
    expect(verdict).toMatchObject({ resolved: 0, reason: 'tests', runs: 2, detail: expect.stringContaining('the gold patch passes') });
  });

  it('is judged at once where it asked for a network that no test has', async () => {
    const { verdict } = await verify(
      'python3 -c "import socket; socket.getaddrinfo(\'api.example.invalid\', 80)"; echo getaddrinfo EAI_AGAIN',
    );
    expect(verdict).toMatchObject({ resolved: 0, reason: 'tests', runs: 1 });
  });
});

describe('a machine that failed', () => {
  it('is known by the gold patch, which fails on it as well', async () => {
    await expect(verifyWith(`echo "write: No space left on device"; ${fails}`)).rejects.toMatchObject({ code: 'container_failed' });
  });

  it('is known by what the kernel killed, where every command ended well', async () => {
    const greedy = "python3 -c 'bytearray(500 * 1024 * 1024)'";
    await expect(verify(`${greedy} || :`, { limits: { memory_mb: 200 } })).rejects.toMatchObject({ code: 'out_of_memory' });
  });

  it('is known by a file system without room', async () => {
    const full = 'printf "#!/bin/sh\\necho overlay 900 900 0 100%% /full\\n" >/usr/local/bin/df; chmod +x /usr/local/bin/df';
    await expect(verify(full)).rejects.toMatchObject({
      code: 'container_failed',
      message: expect.stringContaining('no disk space at /full'),
    });
  });

  it('is known by processes that it refused', async () => {
    const many = `python3 -c 'import threading, time
for _ in range(80): threading.Thread(target=time.sleep, args=(2,), daemon=True).start()'`;
    await expect(verify(many, { limits: { pids: 60 } })).rejects.toMatchObject({
      code: 'container_failed',
      message: expect.stringContaining('no process left'),
    });
  });
});
