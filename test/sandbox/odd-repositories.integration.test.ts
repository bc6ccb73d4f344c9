import { describe, expect, it } from 'vitest';
import { prepareImage } from '../../activities/sandbox/prepare-image.ts';
import { engine, noSignal } from './containers.ts';
import { oddImage } from './odd-image.ts';
import { oddRepositories } from './odd-repositories.ts';
import { solve } from './odd-solution.ts';

/** All of them go through preparation, gate, rollout and verification in the full suite. */
const chosen = oddRepositories.filter(({ name }) => ['names', 'lfs-configured', 'partial-tree-0', 'lost'].includes(name));
const { made, taskOf } = oddImage(`tracemill-test/odd:${process.pid}`, chosen);

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
