import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openJobContainer } from '../../activities/sandbox/job-container.ts';
import { prepareImage } from '../../activities/sandbox/prepare-image.ts';
import type { PreparedImage } from '../../schemas/prepared-image.ts';
import type { Task } from '../../schemas/task.ts';
import { engine, noSignal, withSandbox } from './containers.ts';
import { makeTaskImage } from './task-image.ts';

const tag = `tracemill-test/other-user:${process.pid}`;
const withUser = `${tag}-named`;

describe('a rollout in an image with a user of its own', () => {
  let task: Task;
  let image: PreparedImage;

  beforeAll(async () => {
    task = await makeTaskImage(tag, 'useradd -m app; chmod 444 a.txt');
    const container = await engine.createContainer({
      image: tag,
      command: ['true'],
      network: 'none',
      labels: { 'tracemill.test': 'sandbox' },
    });
    await container.commit({ name: withUser, changes: ['USER app'] });
    await container.remove();
    task = { ...task, image_name: withUser };
    image = await prepareImage({ engine, task, signal: noSignal });
  });
  afterAll(async () => {
    for (const name of [image?.image_id, withUser, tag]) if (name !== undefined) await engine.removeImage(name, { force: true });
  });

  it('is that user’s, who may change the work tree and use git', async () => {
    expect(image.user).toMatchObject({ name: 'app', uid: 1000, gid: 1000 });
    await withSandbox(
      async (hands) => {
        expect(await hands.output('id -un; echo $HOME; git status --short')).toBe('app\n/home/app\n');
        await hands.run('echo three >>a.txt; echo x >closed; chmod 000 closed; git -c user.name=a -c user.email=a@b commit -qam mine');
        const patch = await hands.sandbox.patch(task.base_commit, noSignal);
        expect([...patch.matchAll(/^diff --git a\/(\S+)/gm)].map(([, path]) => path)).toEqual(['a.txt', 'closed']);
      },
      { image: image.image_id, workdir: '/widget' },
    );
  });

  it('survives what the user does to it', async () => {
    await withSandbox(
      async (hands) => {
        await hands.run('kill -9 -1; true');
        expect(await hands.output('echo alive')).toMatch(/alive\n$/);
        await hands.run('rm -rf /run/tracemill/*');
        await hands.run('true');
        expect(await hands.output('id -un')).toBe('app\n');
        const stuck = await hands.run("trap '' INT TERM; sleep 600", { noChangeMs: null, timeMs: 1000 });
        expect(stuck).toMatchObject({ limit: 'time' });
        expect(await hands.output('echo on')).toBe('on\n');
      },
      { image: image.image_id, workdir: '/widget' },
    );
  });

  it('leaves a job in the same image to root unless it is that user’s', async () => {
    const options = { image: image.image_id, network: 'none' as const, labels: { 'tracemill.test': 'sandbox' }, signal: undefined };
    for (const [user, expected] of [
      [undefined, '0\n'],
      [image.user, '1000\n'],
    ] as const) {
      const job = await openJobContainer(engine, { ...options, user });
      try {
        await job.makeFolder('/own');
        expect((await job.exec('id -u && touch /own/x', { timeoutMs: 30_000 })).stdout).toBe(expected);
      } finally {
        await job.remove();
      }
    }
  });
});
