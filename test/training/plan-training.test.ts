import { createHash } from 'node:crypto';
import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildRelease } from '../../activities/dataset/build-release.ts';
import { localReleaseFolder } from '../../activities/dataset/local-release-folder.ts';
import type { JobBackend } from '../../activities/jobs/job-backend.ts';
import { planTraining } from '../../activities/training/plan-training.ts';
import type { JobSpec } from '../../schemas/job.ts';
import type { ReleaseManifest } from '../../schemas/release.ts';
import { TrainingFile } from '../../schemas/training.ts';
import { fillCampaign, type Workplace, workplace } from '../dataset/campaign.ts';
import { scratchFolder } from '../scratch-folder.ts';
import { writeModel } from './model-folder.ts';
import { smallTrainer } from './small-trainer.ts';

let place: Workplace;
let release: string;
let manifest: ReleaseManifest;
let checked: JobSpec[] = [];

beforeAll(async () => {
  place = workplace();
  release = join(place.folder, 'release');
  await fillCampaign(place, 3);
  manifest = await buildRelease({
    campaign: 'demo',
    version: 'v1',
    out: localReleaseFolder(release),
    ledger: place.ledger,
    store: place.store,
  });
});
afterAll(() => place.close());

/** Takes every job. */
const backend: JobBackend = {
  name: 'made up',
  async check(spec) {
    checked.push(spec);
  },
  find: async () => null,
  submit: async () => Promise.reject(new Error('planning submits nothing')),
  status: async () => Promise.reject(new Error('there is no job')),
  signal: async () => undefined,
  cancel: async () => undefined,
  logs: async () => ({ text: '', next: 0 }),
};

/** The plan of a file that differs from the usual one; of its variant too. */
function plan(change: Record<string, unknown> = {}, variant: Record<string, unknown> = {}) {
  checked = [];
  const file = TrainingFile.parse({
    name: 'study',
    release,
    variants: { full: { base: 'coder', ...variant } },
    trainer: { name: 'small' },
    ...change,
  });
  const { ledger, store } = place;
  return planTraining(
    { file, variant: 'full' },
    { ledger, store, jobs: join(place.folder, 'jobs'), backend: () => backend, trainers: [smallTrainer] },
  );
}

describe('a plan of a training', () => {
  it('names job and folder by a hash of what is learned, and asks the backend before anything is written', async () => {
    const first = await plan();
    expect(first).toMatchObject({
      training: 'study',
      variant: 'full',
      finished: null,
      release: { rows: manifest.rows, content_sha256: manifest.content_sha256 },
    });
    expect(checked).toMatchObject([
      { name: `study-full-${first.inputs_sha256.slice(0, 10)}`, folder: first.folder, spec_sha256: first.inputs_sha256 },
    ]);
    expect(await plan()).toEqual(first);
  });

  it('is another one when something else is learned, and the same when only machines differ', async () => {
    const { inputs_sha256 } = await plan();
    const others = [
      await plan({ max_tokens: 4096 }),
      await plan({ trainer: { name: 'small', settings: { steps: 3 } } }),
      await plan({}, { base: 'thinking' }),
      await plan({}, { rows: { outcomes: ['resolved'] } }),
      await plan({}, { model: 'acme/another' }),
    ];
    expect(new Set([inputs_sha256, ...others.map((other) => other.inputs_sha256)]).size).toBe(others.length + 1);
    const [one, two] = [
      await plan({}, { rows: { modes: ['think', 'no_think'] } }),
      await plan({}, { rows: { modes: ['no_think', 'think'] } }),
    ];
    expect(one.inputs_sha256).toBe(two.inputs_sha256);
    const elsewhere = await plan({ needs: { memory_mb_per_node: 128 }, resubmissions: 1, backend: { type: 'slurm' } });
    expect(elsewhere).toMatchObject({ inputs_sha256, needs: { memory_mb_per_node: 128 } });
  });

  it('has a job name that every backend takes, however long or odd the names are', async () => {
    const name = `1${'n'.repeat(39)}`;
    const file = TrainingFile.parse({ name, release, variants: { ['v'.repeat(40)]: { base: 'coder' } }, trainer: { name: 'small' } });
    const { ledger, store } = place;
    checked = [];
    await planTraining(
      { file, variant: 'v'.repeat(40) },
      { ledger, store, jobs: '/jobs', backend: () => backend, trainers: [smallTrainer] },
    );
    expect(checked[0]?.name).toMatch(/^t-1n+-v+-[0-9a-f]{10}$/);
    expect(checked[0]?.name.length).toBeLessThanOrEqual(63);
  });

  it('takes a model folder only with the tokenizer that it is said to have', async () => {
    const folder = join(scratchFolder('plan'), 'model');
    writeModel(folder);
    await expect(plan({}, { model: folder })).rejects.toMatchObject({
      code: 'tokenizer_differs',
      message: expect.stringContaining('variants.full.model'),
    });
    const tokenizer_sha256 = createHash('sha256')
      .update(readFileSync(join(folder, 'tokenizer.json')))
      .digest('hex');
    const { inputs_sha256 } = await plan({}, { model: folder, tokenizer_sha256 });
    const first = (await plan({}, { model: folder, tokenizer_sha256 })).inputs_sha256;
    expect(first).toBe(inputs_sha256);
    const weights = join(folder, 'model-00002-of-00002.safetensors');
    const bytes = readFileSync(weights);
    writeFileSync(weights, bytes.fill(1, bytes.length - 4));
    const retrained = (await plan({}, { model: folder, tokenizer_sha256 })).inputs_sha256;
    writeFileSync(join(folder, 'config.json'), '{}');
    const reconfigured = (await plan({}, { model: folder, tokenizer_sha256 })).inputs_sha256;
    expect(new Set([first, retrained, reconfigured]).size).toBe(3);
  });

  it('names a shard of the release that is not whole', async () => {
    const shard = join(release, manifest.shards[0]?.path ?? '');
    const bytes = readFileSync(shard);
    truncateSync(shard, bytes.length - 1);
    await expect(plan()).rejects.toMatchObject({ code: 'release_unreadable', message: expect.stringContaining(shard) });
    writeFileSync(shard, bytes);
    await expect(plan()).resolves.toMatchObject({ training: 'study' });
  });
});
