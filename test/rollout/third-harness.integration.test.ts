import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { Task } from '../../schemas/task.ts';
import { Rig } from '../model/rig.ts';
import { engine } from '../sandbox/containers.ts';
import { makeTaskImage } from '../sandbox/task-image.ts';
import { scratchFolder } from '../scratch-folder.ts';
import { tinyHarness, tinyTurns, Workplace } from './tiny-harness.ts';

const tag = `tracemill-test/third-harness:${process.pid}`;
let rig: Rig;
let task: Task;

beforeAll(async () => {
  [rig, task] = await Promise.all([Rig.start(tinyTurns), makeTaskImage(tag)]);
});
afterAll(async () => {
  await rig.end();
  await engine.removeImage(tag, { force: true });
});

describe('a harness that only a catalogue names', () => {
  it('is planned by its schema and texts, and runs to a trajectory and its patch', async () => {
    const folder = scratchFolder('third-harness');
    const work = new Workplace(folder, rig, task);
    onTestFinished(() => work.close());
    const tiny = tinyHarness(folder);
    const plan = await work.plan(tiny);
    expect(plan.campaign.harnesses).toEqual({ 'tiny-1': { max_turns: 9, greeting: 'Good day.' } });
    const result = await work.attempt(plan, tiny);
    expect(result).toMatchObject({ ending: 'finished', turns: 3, empty_patch: false });
    const trajectory = await work.trajectory(result);
    expect(trajectory.key).toEqual(work.key());
    expect(trajectory.tools.map(({ function: { name, description } }) => [name, description])).toEqual([['sh', 'Runs a line.']]);
    expect(trajectory.messages.map(({ role, content }) => [role, content])).toEqual([
      ['user', 'Good day. It fails.'],
      ['assistant', 'I look.'],
      ['tool', 'one\ntwo\n'],
      ['assistant', 'I write.'],
      ['tool', ''],
      ['assistant', 'All done.'],
    ]);
    expect(trajectory.model_patch).toContain('+three\n');
  });
});
