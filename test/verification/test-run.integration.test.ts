import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runTests } from '../../activities/verification/test-run.ts';
import { testEngine } from '../engine/engines.ts';
import { labels, makeSampleTask, pythonSample, type SampleTask } from './sample-task.ts';

const engine = testEngine();
let sample: SampleTask;
beforeAll(async () => {
  sample = await makeSampleTask(engine, pythonSample);
}, 60_000);
afterAll(() => sample.remove());

function run(...test_cmd: string[]) {
  const task = { ...sample.task, install_config: { ...sample.task.install_config, test_cmd } };
  const limits = { memory_mb: 200, pids: 100 };
  return runTests({ engine, task, image: sample.image, modelPatch: null, timeoutMs: 60_000, limits, labels });
}

const greedy = "python3 -c 'bytearray(500 * 1024 * 1024)'";

describe('a test run that uses its memory up', () => {
  it('says nothing about the patch', async () => {
    await expect(run('true', greedy)).rejects.toMatchObject({
      code: 'out_of_memory',
      message: expect.stringContaining(sample.task.instance_id),
    });
  });

  it('counts when every command passed all the same', async () => {
    expect(await run(`${greedy} || true`)).toMatchObject({ kind: 'ran', exitCodes: [0] });
  });

  it('is distinguished from one that fails with memory left', async () => {
    expect(await run('true', 'exit 3')).toMatchObject({ kind: 'ran', exitCodes: [0] });
    expect(await run('false', 'true')).toMatchObject({ kind: 'ran', exitCodes: [1, 0] });
  });
});
