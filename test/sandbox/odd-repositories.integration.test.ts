import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { prepareImage } from '../../activities/sandbox/prepare-image.ts';
import type { Task } from '../../schemas/task.ts';
import { engine, noSignal } from './containers.ts';
import { makeOddImage, oddRepositories } from './odd-repositories.ts';
import { solve } from './odd-solution.ts';

/** All of them go through preparation, gate, rollout and verification in the full suite. */
const chosen = oddRepositories.filter(({ name }) => ['names', 'lfs-configured', 'partial-tree-0', 'lost'].includes(name));
const tag = `tracemill-test/odd:${process.pid}`;
const made: string[] = [tag];
let tasks: Map<string, Task>;

beforeAll(async () => {
  tasks = await makeOddImage(tag, chosen);
});
afterAll(async () => {
  for (const name of made) await engine.removeImage(name, { force: true }).catch(() => undefined);
});

const taskOf = (name: string): Task => {
  const task = tasks.get(name);
  if (task === undefined) throw new Error(`no repository ${name}`);
  return task;
};

describe('an odd repository in an image', () => {
  it.each(chosen.filter(({ refused }) => refused === undefined))(
    'is cleaned, and its patch has what the agent changed alone: $name',
    async ({ name }) => {
      const { prepared, seen } = await solve(taskOf(name));
      made.push(prepared.tag);
      expect(seen).toEqual({ status: '', secrets: '', files: ['f.txt', 'ädded.txt'], fixed: true });
    },
  );

  it.each(chosen.filter(({ refused }) => refused !== undefined))('is refused by name: $name', async ({ name, refused }) => {
    await expect(prepareImage({ engine, task: taskOf(name), signal: noSignal })).rejects.toMatchObject({ code: refused });
  });
});
