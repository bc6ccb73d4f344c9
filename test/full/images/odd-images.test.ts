import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parsePatch, patchPaths } from '../../../activities/patches/patch.ts';
import { imageRemarks } from '../../../activities/sandbox/image-remarks.ts';
import { createSandboxes } from '../../../activities/sandbox/open-sandbox.ts';
import { prepareImage } from '../../../activities/sandbox/prepare-image.ts';
import { runGate } from '../../../activities/verification/gate.ts';
import { verifyPatch } from '../../../activities/verification/verify.ts';
import { Slots } from '../../../platform/slots.ts';
import { SandboxLimits } from '../../../schemas/campaign.ts';
import { calling } from '../../rollout/fake-session.ts';
import { attempt, openhands } from '../../rollout/rollout.ts';
import { engine, makeOddImage, type OddImage } from './make-odd-image.ts';
import { imagesAsTheyRun } from './odd-images.ts';

const timeoutMs = 120_000;
const made = new Set<string>();
const journals = mkdtempSync(join(tmpdir(), 'tracemill-odd-images-'));
let rollouts = 0;
/** As many at a time as the smallest machine has processors. */
const slots = new Slots(2);

/** Preparation, gate, a rollout and its verification, as a campaign does them. */
async function workThrough(odd: OddImage) {
  const name = `tracemill-test/odd:${process.pid}-${randomBytes(4).toString('hex')}`;
  made.add(name);
  const task = await makeOddImage(name, odd);
  const image = await prepareImage({ engine, task, signal: new AbortController().signal });
  made.add(image.image_id);
  const labels = { 'tracemill.test': 'images' };
  const gate = await runGate({ engine, task, image: image.image_id, imageDigest: image.image_id, runs: 1, timeoutMs, labels });
  const fix = `if { ${odd.needs ?? 'true'}; }; then echo fixed >f.txt; echo done; fi; echo note >'a note.txt'; chmod 0 'a note.txt'`;
  const script = [
    calling('execute_bash', { command: fix }),
    calling('str_replace_editor', { command: 'create', path: `${image.workdir}/src/new.c`, file_text: 'int y;\n' }),
    calling('finish', { message: 'done' }),
  ];
  const { trajectory } = await attempt(openhands(), script, {
    key: { campaign: `odd-images-${process.pid}`, instance_id: task.instance_id, harness: 'openhands', mode: 'think', sample: rollouts++ },
    path: join(journals, `${rollouts}.jsonl`),
    task,
    image: { id: image.image_id, workdir: image.workdir, cleaned: true },
    limits: SandboxLimits.parse({ memory_mb: 512 }),
    openSandbox: createSandboxes(engine),
  });
  const modelPatch = trajectory.model_patch;
  const { verdict, log } = await verifyPatch({ engine, task, image: image.image_id, modelPatch, timeoutMs, gate, labels });
  return { image, gate, trajectory, verdict, log, name };
}

afterAll(async () => {
  rmSync(journals, { recursive: true });
  for (const name of made) await engine.removeImage(name, { force: true }).catch(() => undefined);
});

const named = (images: OddImage[]) => images.map((odd) => [odd.what, odd] as const);

describe.concurrent('an image that', () => {
  it.each(named(imagesAsTheyRun.filter(({ refused }) => refused === undefined)))('%s: its fix is judged 1', async (_, odd) => {
    const { image, gate, trajectory, verdict, log } = await slots.run(() => workThrough(odd));
    const said = trajectory.messages.slice(2);
    const files = patchPaths(parsePatch(trajectory.model_patch)).sort();
    // Side by side, so that a failure shows what led to it.
    expect({ passed: gate.passed, files, resolved: verdict.resolved, gate, said, log }).toMatchObject({
      passed: true,
      files: ['a note.txt', 'f.txt', 'src/new.c'],
      resolved: 1,
    });
    expect(imageRemarks(image).map(({ code }) => code)).toEqual(odd.remarks ?? []);
  });

  it.each(named(imagesAsTheyRun.filter(({ refused }) => refused !== undefined)))('%s: it is refused by name', async (_, odd) => {
    const refusal = { code: odd.refused, message: expect.stringContaining('acme__proj-1') };
    await expect(slots.run(() => workThrough(odd))).rejects.toMatchObject(refusal);
  });
});
