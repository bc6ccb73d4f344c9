import { describe, expect, it } from 'vitest';
import { prepareImage } from '../../activities/sandbox/prepare-image.ts';
import { runGate } from '../../activities/verification/gate.ts';
import { verifyPatch } from '../../activities/verification/verify.ts';
import { engine, noSignal } from '../sandbox/containers.ts';
import { oddImage } from '../sandbox/odd-image.ts';
import { oddRepositories } from '../sandbox/odd-repositories.ts';
import { solve } from '../sandbox/odd-solution.ts';

const { made, taskOf } = oddImage(`tracemill-test/odd-full:${process.pid}`, oddRepositories);

describe('an odd repository in an image', () => {
  it.each(oddRepositories.filter(({ refused }) => refused === undefined))(
    'is prepared, passes the gate, and a fix is judged 1: $name',
    async ({ name, copies = [] }) => {
      const task = taskOf(name);
      const { prepared, patch, seen } = await solve(task);
      made.push(prepared.tag);
      expect(prepared.removed_copies).toEqual(copies);
      expect(seen).toEqual({ status: '', secrets: '', files: ['f.txt', 'ädded.txt'], fixed: true });
      const shared = { engine, task, image: prepared.image_id, timeoutMs: 60_000 };
      expect(await runGate({ ...shared, runs: 1 })).toMatchObject({ passed: true });
      const { verdict } = await verifyPatch({ ...shared, modelPatch: patch });
      expect(verdict).toMatchObject({ resolved: 1, reason: 'tests' });
    },
  );

  it.each(oddRepositories.filter(({ refused }) => refused !== undefined))('is refused by name: $name', async ({ name, refused }) => {
    await expect(prepareImage({ engine, task: taskOf(name), signal: noSignal })).rejects.toMatchObject({ code: refused });
  });
});
