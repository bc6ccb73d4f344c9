import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { automodel } from '../../../activities/training/trainers/automodel/automodel.ts';
import { axolotl } from '../../../activities/training/trainers/axolotl/axolotl.ts';
import { trainers } from '../../../activities/training/trainers/registry.ts';
import type { TrainerPlan } from '../../../activities/training/trainer.ts';
import { planOf } from './plans.ts';

const cases = trainers.flatMap((trainer) => trainer.presets.map((preset) => ({ trainer, name: trainer.name, preset })));

describe('every trainer', () => {
  it.each(trainers.map((trainer) => ({ trainer, name: trainer.name })))('$name has the recipe of the paper as a preset', ({ trainer }) => {
    const read = trainer.settings('open-swe-traces', {});
    expect(read).toMatchObject({
      settings: {
        learning_rate: 1e-5,
        lr_schedule: 'cosine',
        warmup_ratio: 0.1,
        weight_decay: 0.01,
        batch_size: 32,
        epochs: 3,
      },
    });
  });

  it.each(cases)('$name: settings of $preset read twice stay what they are', ({ trainer, preset }) => {
    const read = trainer.settings(preset, {});
    expect('settings' in read && trainer.settings(preset, read.settings)).toEqual(read);
  });

  it.each(cases)('$name: $preset gives the same complete command for the same plan', ({ trainer, preset }) => {
    const plan = planOf(trainer, preset);
    const first = trainer.configure(plan);
    expect(trainer.configure(structuredClone(plan))).toEqual(first);
    expect(first.command[0]).toBe('/env/bin/python');
    expect(first.grace_seconds).toBeGreaterThan(0);
    const configuration = Object.values(first.files).join('\n');
    for (const path of [plan.chat_template, plan.model, ...plan.files]) expect(configuration).toContain(path);
    expect(configuration).not.toMatch(/undefined|NaN|\[object/);
  });

  it.each(cases)('$name: $preset writes below the run folder, and runs what it wrote', ({ trainer, preset }) => {
    const { files, command } = trainer.configure(planOf(trainer, preset));
    for (const path of Object.keys(files)) expect(path).toMatch(/^trainer\/[\w.-]+$/);
    const own = command.filter((part) => part.startsWith('/runs/student/'));
    expect(own.length).toBeGreaterThan(0);
    for (const path of own) expect(Object.keys(files)).toContain(path.slice('/runs/student/'.length));
  });

  it.each(cases)('$name: the job of $preset reaches no hub when its model is a folder', ({ trainer, preset }) => {
    const environment = (change: Partial<TrainerPlan>) => trainer.configure(planOf(trainer, preset, change)).environment;
    expect(environment({ model: '/models/base' })).toMatchObject({ HF_HUB_OFFLINE: '1' });
    expect(environment({})).not.toHaveProperty('HF_HUB_OFFLINE');
  });

  it.each(trainers.map((trainer) => ({ trainer, name: trainer.name })))(
    '$name says what GPUs it needs by the length of rows',
    ({ trainer }) => {
      const read = trainer.settings('open-swe-traces', {});
      if ('issues' in read) throw new Error('no such preset');
      const needs = (max_tokens: number, settings = read.settings) => trainer.needs({ base: 'coder', max_tokens, settings });
      expect(needs(32_768)).toMatchObject({ nodes: 2, gpus_per_node: 8, gpu_memory_gb: 80 });
      expect(needs(131_072)).toMatchObject({ nodes: 4, gpus_per_node: 8, gpu_memory_gb: 80 });
    },
  );

  it.each(trainers.map((trainer) => ({ trainer, name: trainer.name })))('$name names a wrong setting by its path', ({ trainer }) => {
    expect(trainer.settings('open-swe-trace', {})).toEqual({ issues: [{ path: [], message: expect.stringContaining('open-swe-traces') }] });
    expect(trainer.settings('open-swe-traces', { learning_rate: -1 })).toMatchObject({ issues: [{ path: ['learning_rate'] }] });
    expect(trainer.settings('open-swe-traces', { learning_rat: 1 })).toMatchObject({
      issues: [{ path: [], message: expect.stringContaining('learning_rat') }],
    });
  });

  it.each(trainers.map((trainer) => ({ trainer, name: trainer.name })))(
    '$name refuses a batch that its GPUs cannot share, before a job is submitted',
    ({ trainer }) => {
      const plan = planOf(trainer, 'open-swe-traces', { replaced: { batch_size: 33 } });
      expect(() => trainer.configure(plan)).toThrow(
        expect.objectContaining({ code: 'bad_training', message: expect.stringContaining('trainer.settings.batch_size') }),
      );
    },
  );
});

describe('the interpreter of a trainer', () => {
  const options = { onProgress: () => undefined, signal: new AbortController().signal };

  it.each(trainers.map((trainer) => ({ trainer, name: trainer.name })))(
    'of $name is missed by name when its module is not there',
    async ({ trainer }) => {
      const read = trainer.settings('open-swe-traces', { python: '/usr/bin/env' });
      if ('issues' in read) throw new Error('no such preset');
      await expect(trainer.program({ ...options, settings: read.settings, backend: 'local' })).rejects.toMatchObject({
        code: 'trainer_missing',
        message: expect.stringContaining('/usr/bin/env'),
        hint: expect.stringContaining('trainer.settings.python'),
      });
    },
  );

  it.each([
    { trainer: automodel, has: 'nemo_automodel', lacks: 'transformer_engine, deep_ep' },
    { trainer: axolotl, has: 'axolotl', lacks: 'flash_attn, ring_flash_attn' },
  ])('of $trainer.name is told what it lacks for GPUs', async ({ trainer, has, lacks }) => {
    const folder = mkdtempSync(join(tmpdir(), 'tracemill-interpreter-'));
    try {
      mkdirSync(join(folder, has));
      writeFileSync(join(folder, has, '__init__.py'), '');
      const python = join(folder, 'python');
      writeFileSync(python, `#!/bin/sh\nPYTHONPATH='${folder}' exec python3 "$@"\n`, { mode: 0o755 });
      const program = (preset: string) => {
        const read = trainer.settings(preset, { python });
        if ('issues' in read) throw new Error('no such preset');
        return trainer.program({ ...options, settings: read.settings, backend: 'local' });
      };
      expect(await program('cpu-proof')).toBe(python);
      await expect(program('open-swe-traces')).rejects.toMatchObject({
        code: 'trainer_missing',
        message: expect.stringContaining(`no module ${lacks}`),
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it.each(trainers.map((trainer) => ({ trainer, name: trainer.name })))(
    'of $name is taken as it is where it cannot be seen',
    async ({ trainer }) => {
      const read = trainer.settings('open-swe-traces', { python: '/opt/venv/bin/python' });
      if ('issues' in read) throw new Error('no such preset');
      expect(await trainer.program({ ...options, settings: read.settings, backend: 'slurm' })).toBe('/opt/venv/bin/python');
      const image = trainer.settings('open-swe-traces', {});
      if ('issues' in image) throw new Error('no such preset');
      expect(await trainer.program({ ...options, settings: image.settings, backend: 'kubernetes' })).toBe('python3');
    },
  );
});
