import { createHash } from 'node:crypto';
import { open, readdir, readFile, stat } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { getJson } from '../artifacts/store.ts';
import { chatTemplate } from '../rendering/chat-template.ts';
import { tokenizerSha256 } from '../rendering/student-tokenizer.ts';
import { JobNeeds, type JobSpec } from '../../schemas/job.ts';
import { messageOf, Problem } from '../../schemas/problem.ts';
import { ReleaseManifest } from '../../schemas/release.ts';
import { CheckpointRecord, type TrainingFile, type TrainingVariant } from '../../schemas/training.ts';
import type { TrainingPlan, TrainingStart } from '../../schemas/training-run.ts';
import { trainerIssues } from './training-file.ts';
import { canonicalSelection } from './files/manifest.ts';
import { matchingRows } from './files/matching-rows.ts';
import type { Trainer, TrainerCommand, TrainerSettings } from './trainer.ts';
import { publicModels, type TrainingNeeds } from './training-needs.ts';

/** A variant with all that its files, its job and its record are made from. */
export interface ResolvedTraining {
  file: TrainingFile;
  variant: TrainingVariant;
  name: string;
  trainer: Trainer;
  /** Of the trainer, completed. */
  settings: TrainerSettings;
  /** Name on a hub, or folder. */
  model: string;
  needs: JobNeeds;
}

/** Names within a run folder. */
export const filesFolder = 'files';
export const templateFile = 'chat_template.jinja';

/**
 * Reads everything that a variant names and asks the backend whether it has what the job needs. Nothing is written.
 * Throws `Problem` bad_training, release_unreadable, no_matching_rows, model_missing, tokenizer_differs or job_unmet_need.
 */
export async function planTraining(start: TrainingStart, needs: TrainingNeeds): Promise<TrainingPlan> {
  const resolved = resolveTraining(start, needs.trainers);
  const { file, variant, name, trainer } = resolved;
  const manifest = await readManifest(file.release);
  const rows = matchingRows(manifest, variant.rows);
  const inputs_sha256 = await inputsOf(resolved, manifest.content_sha256);
  const plan: TrainingPlan = {
    training: file.name,
    variant: name,
    base: variant.base,
    folder: join(needs.jobs, jobName(file.name, name, inputs_sha256)),
    inputs_sha256,
    release: { folder: file.release, content_sha256: manifest.content_sha256, rows },
    profile: trainer.profile,
    needs: resolved.needs,
    finished: null,
  };
  // For what settings and needs together are refused for; its interpreter and files are not there yet.
  const command = commandOf(resolved, plan, { python: 'python', files: [], rows });
  await needs.backend(file.backend).check(specOf(resolved, plan, command));
  return { ...plan, finished: await finishedBefore(plan, needs) };
}

/** Looks up trainer, base and settings. Throws `Problem` bad_training with the field. */
export function resolveTraining({ file, variant: name }: TrainingStart, trainers: readonly Trainer[]): ResolvedTraining {
  const variant = file.variants[name];
  const trainer = trainers.find((known) => known.name === file.trainer.name);
  const issues = variant === undefined ? [{ path: ['variants'], message: `there is no variant ${name}` }] : trainerIssues(file, trainers);
  const read = trainer?.settings(file.trainer.preset, { ...file.trainer.settings, ...variant?.settings });
  if (variant === undefined || trainer === undefined || read === undefined || 'issues' in read || issues.length > 0) {
    const wrong = issues.map(({ path, message }) => `${path.map(String).join('.')}: ${message}`);
    throw new Problem('bad_training', `training ${file.name}: ${wrong.join('; ')}`, { hint: 'docs/training.md describes every field' });
  }
  const { settings } = read;
  const asked = trainer.needs({ base: variant.base, settings, max_tokens: file.max_tokens });
  const given = Object.fromEntries(Object.entries(file.needs ?? {}).filter(([, value]) => value !== undefined));
  const needs = JobNeeds.parse({ ...asked, ...given });
  return { file, variant, name, trainer, settings, model: variant.model ?? publicModels[variant.base], needs };
}

/** Jobs of the same inputs have the same name, which is also that of the run folder. */
function jobName(training: string, variant: string, inputs: string): string {
  const named = /^[a-z]/.test(training) ? training : `t-${training}`;
  return `${`${named}-${variant}`.slice(0, 52).replace(/-+$/, '')}-${inputs.slice(0, 10)}`;
}

/** Configuration and command of a training's job; `files` are paths of training files, in their order. */
export function commandOf(
  { trainer, settings, variant, model, needs, file }: ResolvedTraining,
  { folder }: Pick<TrainingPlan, 'folder'>,
  { python, files, rows }: { python: string; files: readonly string[]; rows: number },
): TrainerCommand {
  return trainer.configure({
    base: variant.base,
    max_tokens: file.max_tokens,
    settings,
    folder,
    model,
    files,
    rows,
    chat_template: join(folder, templateFile),
    needs,
    python,
  });
}

/** The job of a training. What it needs of machines may change from one start to the next; what it does may not. */
export function specOf(
  { needs, file }: ResolvedTraining,
  plan: TrainingPlan,
  { command, environment, grace_seconds }: TrainerCommand,
): JobSpec {
  return {
    name: jobName(plan.training, plan.variant, plan.inputs_sha256),
    kind: 'training',
    folder: plan.folder,
    command,
    environment: { ...environment },
    needs,
    grace_seconds,
    image: file.backend.type === 'kubernetes' ? file.backend.image : null,
    spec_sha256: plan.inputs_sha256,
  };
}

async function readManifest(folder: string): Promise<ReleaseManifest> {
  const manifest = await readFile(join(folder, 'manifest.json'), 'utf8').then(
    (text) => ReleaseManifest.parse(JSON.parse(text)),
    (error: unknown) => {
      throw new Problem('release_unreadable', `release: ${folder} holds no release: ${messageOf(error)}`, {
        hint: 'give the folder that tracemill release build printed',
      });
    },
  );
  for (const { path, size_bytes } of manifest.shards) {
    const found = await stat(join(folder, path)).catch(() => undefined);
    if (found?.size === size_bytes) continue;
    const what = found === undefined ? 'is missing' : `has ${found.size} bytes instead of ${size_bytes}`;
    throw new Problem('release_unreadable', `release: ${join(folder, path)} ${what}`, {
      hint: 'build the release again: tracemill release build',
    });
  }
  return manifest;
}

/** Of everything that decides what is learned. */
async function inputsOf(resolved: ResolvedTraining, content: string): Promise<string> {
  const { file, variant, trainer, settings } = resolved;
  const learned = [
    content,
    canonicalSelection(variant.rows),
    file.max_tokens,
    variant.base,
    chatTemplate(variant.base).sha256,
    tokenizerSha256,
  ];
  return sha256(JSON.stringify([1, learned, await modelOf(resolved), trainer.name, trainer.version, settings]));
}

/** What identifies a base model: a name says it; of a folder its configuration, tokenizer and weights. */
async function modelOf({ name, variant, model }: ResolvedTraining): Promise<string[]> {
  if (!isAbsolute(model)) return [model];
  const read = (file: string) =>
    readFile(join(model, file)).catch((error: unknown) => {
      throw new Problem('model_missing', `variants.${name}.model: ${model} is no model: ${messageOf(error)}`, {
        hint: 'give a folder in the form of Hugging Face (config.json, tokenizer.json, safetensors), or a name on the hub',
      });
    });
  const config = sha256(await read('config.json'));
  const tokenizer = sha256(await read('tokenizer.json'));
  const expected = variant.tokenizer_sha256 ?? tokenizerSha256;
  if (tokenizer !== expected) {
    throw new Problem('tokenizer_differs', `variants.${name}.model: the tokenizer in ${model} has sha256 ${tokenizer}, not ${expected}`, {
      hint: `where that is meant, say so: variants.${name}.tokenizer_sha256`,
    });
  }
  return [model, config, tokenizer, ...(await weightsOf(model))];
}

/** Of each file of weights name, size and first megabyte: weights that were made anew are others, and nobody waits for all of them. */
async function weightsOf(folder: string): Promise<string[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.safetensors')).toSorted();
  return await Promise.all(
    names.map(async (name) => {
      const file = await open(join(folder, name));
      try {
        const { size } = await file.stat();
        const { buffer, bytesRead } = await file.read(Buffer.alloc(Math.min(size, 1024 * 1024)), 0, null, 0);
        return `${name} ${size} ${sha256(buffer.subarray(0, bytesRead))}`;
      } finally {
        await file.close();
      }
    }),
  );
}

/** The record of an earlier training of the same inputs whose model is still where it says. */
async function finishedBefore(plan: TrainingPlan, { ledger, store }: TrainingNeeds): Promise<TrainingPlan['finished']> {
  const run = await ledger.run('training', `${plan.training}/${plan.variant}`);
  if (run === null) return null;
  const record = await getJson(store, run.record, CheckpointRecord);
  if (record.job.name !== jobName(plan.training, plan.variant, plan.inputs_sha256)) return null;
  const there = await stat(join(record.folder, 'config.json')).catch(() => undefined);
  return there === undefined ? null : run.record;
}

function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}
