import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TakenPatch } from '../../../activities/sandbox/contract.ts';
import { createSandboxes } from '../../../activities/sandbox/open-sandbox.ts';
import { prepareImage } from '../../../activities/sandbox/prepare-image.ts';
import { verifyPatch } from '../../../activities/verification/verify.ts';
import { projectRoot } from '../../../platform/home.ts';
import type { PreparedImage } from '../../../schemas/prepared-image.ts';
import type { Task } from '../../../schemas/task.ts';
import { testEngine } from '../../engine/engines.ts';
import type { PatchCase } from './case.ts';
import { patchCases } from './cases.ts';
import { labels, makePatchTask, taskWith } from './repository.ts';

const engine = testEngine();
const signal = new AbortController().signal;
const image = `tracemill-test/patches:${process.pid}`;
let task: Task;
let prepared: PreparedImage;

beforeAll(async () => {
  task = await makePatchTask(engine, image);
  prepared = await prepareImage({ engine, task, signal });
});
afterAll(async () => {
  for (const name of [prepared?.tag, image]) if (name !== undefined) await engine.removeImage(name, { force: true });
});

/** What the agent hands in after the fix and what the case says. */
async function handIn({ agent }: Pick<PatchCase, 'agent'>): Promise<TakenPatch> {
  const { sandbox } = await createSandboxes(engine)({
    rolloutId: `patches/acme__proj-1/openhands/think/${randomBytes(4).toString('hex')}`,
    campaign: 'patches',
    image: prepared.image_id,
    workdir: prepared.workdir,
    limits: { memory_mb: 1024, cpus: 2, pids: 300, output_bytes: 100_000 },
    signal,
  });
  try {
    const command = `echo fixed >f.txt\n${agent}`;
    const waiting = { noChangeMs: null, timeMs: 300_000 };
    await sandbox.perform(0, { kind: 'command', command, waiting, atTimeLimit: 'interrupt' }, signal);
    return await sandbox.change(task.base_commit, signal);
  } finally {
    await sandbox.remove();
  }
}

describe.each(Object.entries(patchCases))('a right fix is judged 1, whatever it is mixed with: %s', (_section, cases) => {
  it.each(cases)('$name', async ({ agent, holds = 'true', leftOut = [] }) => {
    const { patch, left_out } = await handIn({ agent });
    expect(left_out?.files.map(({ path, reason }) => [path, reason]) ?? []).toEqual(leftOut);
    const { verdict, log } = await verifyPatch({
      engine,
      task: taskWith(task, holds),
      image: prepared.image_id,
      modelPatch: patch,
      timeoutMs: 120_000,
      labels,
    });
    expect(verdict, `${patch.slice(0, 3000)}\n${log}`).toMatchObject({ resolved: 1 });
  });
});

it('a wrong fix is judged 0 beside the same', async () => {
  const { patch } = await handIn({ agent: 'echo other >f.txt; echo file >data; rm -rf tests' });
  const { verdict } = await verifyPatch({
    engine,
    task: taskWith(task, 'true'),
    image: prepared.image_id,
    modelPatch: patch,
    timeoutMs: 120_000,
    labels,
  });
  expect(verdict).toMatchObject({ resolved: 0, reason: 'tests' });
});

it('the documentation names every case', () => {
  const page = readFileSync(join(projectRoot, 'docs', 'verification.md'), 'utf8');
  const rows = Object.entries(patchCases).map(([section, cases]) => `| ${section} | ${cases.map(({ name }) => name).join('; ')} |`);
  expect(rows.filter((row) => !page.includes(row))).toEqual([]);
});
