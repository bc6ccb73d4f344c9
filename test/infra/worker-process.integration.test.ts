import { afterAll, beforeAll, expect, it } from 'vitest';
import { bringUpWorker } from '../../infra/worker-process.ts';
import { forgetBackground, isAlive, startBackground, stopBackground } from '../../platform/background-process.ts';
import { TestHome } from '../e2e/test-home.ts';

let home: TestHome;
beforeAll(() => {
  home = new TestHome('worker-key');
});
afterAll(async () => {
  delete process.env['TRIAL_KEY'];
  await home.remove();
});

/** Stands for a worker: only its process and its environment matter. */
const standIn = () => startBackground({ name: 'worker', command: ['sleep', '120'], env: { OTHER_KEY: 'kept' } });

it('starts a worker again that lacks the key, with its other keys, and leaves one alone that has it', async () => {
  const first = await standIn();
  process.env['TRIAL_KEY'] = 'one';
  const again = await bringUpWorker(16, 'TRIAL_KEY');
  expect(again.how).toBe('again');
  expect(isAlive(first)).toBe(false);
  expect(await bringUpWorker(16, 'TRIAL_KEY')).toMatchObject({ how: 'runs already', worker: { pid: again.worker.pid } });
  // A key that was wrong and is corrected is another.
  process.env['TRIAL_KEY'] = 'two';
  const corrected = await bringUpWorker(16, 'TRIAL_KEY');
  expect(corrected.how).toBe('again');
  delete process.env['TRIAL_KEY'];
  process.env['OTHER_KEY'] = 'kept';
  expect(await bringUpWorker(16, 'OTHER_KEY')).toMatchObject({ how: 'runs already' });
  delete process.env['OTHER_KEY'];
  await stopBackground(corrected.worker);
  forgetBackground('worker');
});
