import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Trainer } from '../../activities/training/trainer.ts';
import { JobNeeds } from '../../schemas/job.ts';

const Settings = z.strictObject({ steps: z.int().default(20), step_ms: z.number().default(50), dies_at: z.int().nullable().default(null) });
const Line = z.object({ step: z.int(), total: z.int(), loss: z.number() });

/** Runs `small-trainer-program.ts`: a trainer for tests, whose jobs are real processes that learn nothing. */
export const smallTrainer: Trainer = {
  name: 'small',
  version: '1',
  profile: 'openai-object',
  presets: ['open-swe-traces'],
  settings(preset, replaced) {
    if (preset !== 'open-swe-traces') return { issues: [{ path: [], message: `no preset ${preset}` }] };
    const parsed = Settings.safeParse(replaced);
    if (parsed.success) return { settings: parsed.data };
    return { issues: parsed.error.issues.map(({ path, message }) => ({ path, message })) };
  },
  needs: () => JobNeeds.parse({ memory_mb_per_node: 64 }),
  program: async () => process.execPath,
  configure: ({ folder, python, settings, chat_template }) => ({
    files: { 'settings.json': JSON.stringify({ ...settings, template: chat_template }) },
    command: [python, '--disable-warning=ExperimentalWarning', join(import.meta.dirname, 'small-trainer-program.ts'), folder],
    environment: {},
    grace_seconds: 10,
  }),
  readOutput(text) {
    const lines = text.split('\n').flatMap((line) => (line.startsWith('{') ? (Line.safeParse(JSON.parse(line)).data ?? []) : []));
    const last = lines.at(-1);
    return { step: last?.step ?? null, total: last?.total ?? null, losses: lines.map(({ step, loss }) => ({ step, loss })), counted: null };
  },
  failureSigns: [],
  checkpoints: async (folder) =>
    readdirSync(folder)
      .flatMap((name) => {
        const step = /^checkpoint-(\d+)$/.exec(name)?.[1];
        return step === undefined ? [] : [{ step: Number(step), folder: join(folder, name) }];
      })
      .toSorted((a, b) => a.step - b.step),
  finalModel: async (folder) => (existsSync(join(folder, 'final')) ? join(folder, 'final') : null),
};
