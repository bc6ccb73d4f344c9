import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeStudent } from '../../demo/student/make-student.ts';
import { ensureEnvironment } from '../../activities/python/ensure-environment.ts';
import { chatTemplate } from '../../activities/rendering/chat-template.ts';
import { countTokens } from '../../activities/rendering/count-tokens.ts';
import { openStudentTokenizer } from '../../activities/rendering/student-tokenizer.ts';
import { checkFinalModel } from '../../activities/training/final-model.ts';
import type { Trainer, TrainerPlan } from '../../activities/training/trainer.ts';
import { automodel } from '../../activities/training/trainers/automodel/automodel.ts';
import { axolotl } from '../../activities/training/trainers/axolotl/axolotl.ts';
import { trl } from '../../activities/training/trainers/trl/trl.ts';
import { asLines, someConversations } from '../training/trainers/conversations.ts';
import { planOf } from '../training/trainers/plans.ts';
import { endOf, runTrainer } from '../training/trainers/run-trainer.ts';

const execute = promisify(execFile);
const conversations = someConversations(24);
const base = 'coder';
let work: string;
/** By tokenizer: a folder in the form of Hugging Face. */
const model = { small: '', real: '' };
const rows = { automodel: '', 'openai-object': '' };
let template: string;

beforeAll(async () => {
  work = mkdtempSync(join(tmpdir(), 'tracemill-trainers-'));
  template = join(work, 'template.jinja');
  writeFileSync(template, chatTemplate(base).text);
  for (const tokenizer of ['small', 'real'] as const) {
    model[tokenizer] = join(work, `base-${tokenizer}`);
    await makeStudent(model[tokenizer], { base, tokenizer, seed: 7 });
  }
  for (const shape of ['automodel', 'openai-object'] as const) {
    rows[shape] = join(work, `${shape}.jsonl`);
    writeFileSync(rows[shape], asLines(conversations, shape));
  }
});

afterAll(() => rmSync(work, { recursive: true, force: true }));

/** A run in a folder of its own on a processor. */
async function plan(
  trainer: Trainer,
  name: string,
  { replaced = {}, ...changed }: Parameters<typeof planOf>[2] = {},
): Promise<TrainerPlan> {
  const settings = planOf(trainer, 'cpu-proof', { replaced }).settings;
  const python = await trainer.program({ settings, backend: 'local', onProgress: () => undefined, signal: new AbortController().signal });
  const folder = join(work, name);
  mkdirSync(folder);
  const file = rows[trainer.profile === 'automodel' ? 'automodel' : 'openai-object'];
  return planOf(trainer, 'cpu-proof', {
    folder,
    python,
    model: model.small,
    files: [file],
    rows: conversations.length,
    max_tokens: 8192,
    chat_template: template,
    ...changed,
    replaced,
  });
}

/** What Tracemill's own renderer and tokenizer count in each row. */
async function ours() {
  const tokenizer = await openStudentTokenizer();
  return conversations.map((conversation, row) => ({ row, ...countTokens(tokenizer, base, conversation) }));
}

describe('rows with the real tokenizer', () => {
  it('have the same tokens and trained tokens in TRL as by our count, and are learned from', async () => {
    const short = await plan(trl, 'trl-real', { model: model.real, replaced: { max_steps: 2 } });
    const run = await runTrainer(trl, short.folder, trl.configure(short));
    expect(endOf(run)).toBe('exit 0');
    const lines = readFileSync(join(short.folder, 'trainer', 'row-tokens.jsonl'), 'utf8')
      .trim()
      .split('\n');
    const counts = await ours();
    expect(lines.map((line) => JSON.parse(line))).toEqual(counts);
    expect(run.counted).toEqual({
      rows: counts.length,
      tokens: counts.reduce((sum, { tokens }) => sum + tokens, 0),
      trained_tokens: counts.reduce((sum, { trained_tokens }) => sum + trained_tokens, 0),
    });
  });

  it('have the same tokens and trained tokens in NeMo AutoModel as by our count', async () => {
    const { python } = await ensureEnvironment('automodel');
    const script = join(import.meta.dirname, 'automodel_counts.py');
    const { stdout } = await execute(python, [script, model.real, rows.automodel, template], {
      env: { ...process.env, HF_HUB_OFFLINE: '1' },
    });
    const told = stdout.split('\n').filter((line) => line.startsWith('counted '));
    expect(told.map((line) => JSON.parse(line.slice('counted '.length)))).toEqual(await ours());
  });
});

describe.each([
  { trainer: trl, name: 'TRL' },
  { trainer: automodel, name: 'NeMo AutoModel' },
])('$name on a processor', ({ trainer }) => {
  it('goes on after a kill and after USR1, learns, and leaves a whole model', async () => {
    const run = await plan(trainer, `${trainer.name}-run`, { replaced: { epochs: 3, checkpoint_every_steps: 4 } });
    const command = trainer.configure(run);

    const killed = await runTrainer(trainer, run.folder, command, ({ step }, send) => {
      if ((step ?? 0) >= 10) send('SIGKILL');
    });
    expect(endOf(killed)).toBe('killed');
    expect(killed.total).toBe(36);
    const saved = await trainer.checkpoints(run.folder);
    expect(saved.at(-1)?.step).toBe(8);
    expect(await trainer.finalModel(run.folder)).toBeNull();

    let asked = false;
    const stopped = await runTrainer(trainer, run.folder, command, ({ step }, send) => {
      if (!asked && (step ?? 0) >= 14) {
        asked = true;
        send('SIGUSR1');
      }
    });
    expect(endOf(stopped)).toBe('exit 0');
    expect(stopped.losses[0]?.step).toBe(9);
    const last = stopped.losses.at(-1)?.step ?? 0;
    expect(last).toBeLessThan(20);
    expect((await trainer.checkpoints(run.folder)).at(-1)?.step).toBe(last);
    expect(await trainer.finalModel(run.folder)).toBeNull();

    const finished = await runTrainer(trainer, run.folder, command);
    expect(endOf(finished)).toBe('exit 0');
    expect(finished.losses[0]?.step).toBe(last + 1);
    expect(finished.step).toBe(36);

    const byStep = new Map([...killed.losses, ...stopped.losses, ...finished.losses].map(({ step, loss }) => [step, loss]));
    expect([...byStep.keys()].toSorted((a, b) => a - b)).toEqual(Array.from({ length: 36 }, (_, index) => index + 1));
    const mean = (from: number, to: number) => {
      const losses = [...byStep].filter(([step]) => step > from && step <= to).map(([, loss]) => loss);
      return losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
    };
    expect(mean(31, 36)).toBeLessThan(mean(0, 5) * 0.7);

    const student = await trainer.finalModel(run.folder);
    await checkFinalModel(student ?? '', { chatTemplateSha256: chatTemplate(base).sha256 });
    expect(readFileSync(join(student ?? '', 'tokenizer.json'))).toEqual(readFileSync(join(model.small, 'tokenizer.json')));
    expect(readFileSync(join(student ?? '', 'tokenizer_config.json'), 'utf8')).not.toContain('"chat_template"');

    const again = await runTrainer(trainer, run.folder, command);
    expect(endOf(again)).toBe('exit 0');
    expect(again.losses).toEqual([]);
    expect(await trainer.finalModel(run.folder)).toBe(student);
  });
});

describe('TRL', () => {
  it('ends before the first step, and for good, when a row is longer than it may be', async () => {
    const run = await plan(trl, 'trl-long', { max_tokens: 300 });
    const ended = await runTrainer(trl, run.folder, trl.configure(run));
    expect(ended).toMatchObject({ code: 3, step: null });
    expect(ended.output).toMatch(/tracemill-error: .*openai-object\.jsonl:\d+: the row has \d+ tokens, and max_tokens is 300/);
    expect(await trl.checkpoints(run.folder)).toEqual([]);
  });

  it('ends at once when it is asked to before its first step, and starts whole the next time', async () => {
    const run = await plan(trl, 'trl-early', { replaced: { max_steps: 2 } });
    const command = trl.configure(run);
    let asked = false;
    const early = await runTrainer(trl, run.folder, command, ({ counted }, send) => {
      if (counted !== null && !asked) {
        asked = true;
        send('SIGUSR1');
      }
    });
    expect(endOf(early)).toBe('exit 0');
    expect(early.losses).toEqual([]);
    expect(await runTrainer(trl, run.folder, command)).toMatchObject({ code: 0, step: 2 });
  });
});

describe('Axolotl', () => {
  it('accepts its configuration, and makes rows of every line', async () => {
    const run = await plan(axolotl, 'axolotl-dry-run');
    const { command, ...rest } = axolotl.configure(run);
    // Its dry run: everything that happens before the model is loaded.
    const dry = await runTrainer(axolotl, run.folder, {
      ...rest,
      command: command.map((part) => part.replace('cli.train', 'cli.preprocess')),
    });
    expect(endOf(dry)).toBe('exit 0');
    expect(dry.output).toMatch(/Count of labels: [1-9]\d*/);
  });
});
