import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { z } from 'zod';
import type { EvaluationFile } from '../../schemas/evaluation.ts';
import type { EvaluationPlan } from '../../schemas/evaluation-run.ts';
import { messageOf, Problem } from '../../schemas/problem.ts';
import { CheckpointRecord } from '../../schemas/training.ts';
import { getJson } from '../artifacts/store.ts';
import type { EvaluationNeeds, Work } from './evaluation-needs.ts';

type Checkpoint = NonNullable<EvaluationPlan['checkpoint']>;

/**
 * The model that an evaluation serves: a folder, or what a training made last. Throws `Problem` bad_evaluation when it is
 * not there, is no model, was made from another base, or cannot take as many tokens as the evaluation asks for.
 */
export async function findCheckpoint(
  file: EvaluationFile,
  needs: Pick<EvaluationNeeds, 'ledger' | 'store'>,
  work: Work,
): Promise<Checkpoint | null> {
  const { serve, base } = file.model;
  if (serve === undefined) return null;
  if (serve.training !== undefined) {
    const run = await needs.ledger.run('training', serve.training);
    if (run === null) {
      throw bad(file, `no training ${serve.training} has finished`, 'see: tracemill training list');
    }
    const record = await getJson(needs.store, run.record, CheckpointRecord);
    if (base !== undefined && base !== record.base) {
      throw bad(file, `training ${serve.training} is of base ${record.base}, not ${base}`, 'leave model.base out');
    }
    await checkConfig(file, record.folder);
    const { folder, sha256, release, max_tokens } = record;
    return {
      folder,
      sha256,
      base: record.base,
      training: serve.training,
      release_sha256: release.content_sha256,
      trained_tokens: max_tokens,
    };
  }
  const { checkpoint: folder } = serve;
  if (folder === undefined || base === undefined) throw bad(file, 'model.serve names no model', 'give checkpoint and base, or training');
  await checkConfig(file, folder);
  return { folder, sha256: await hashOfFolder(folder, work), base, training: null, release_sha256: null, trained_tokens: null };
}

const Config = z.looseObject({ max_position_embeddings: z.int().optional() });

async function checkConfig(file: EvaluationFile, folder: string): Promise<void> {
  const path = join(folder, 'config.json');
  let config: z.infer<typeof Config>;
  try {
    config = Config.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (error) {
    throw bad(
      file,
      `${folder} is no model: ${path}: ${messageOf(error)}`,
      'give the folder in the form of Hugging Face: config.json, tokenizer.json, safetensors',
    );
  }
  const most = config.max_position_embeddings;
  if (most !== undefined && most < file.context_tokens) {
    throw bad(
      file,
      `the model in ${folder} takes ${most} tokens (max_position_embeddings), context_tokens is ${file.context_tokens}`,
      `set context_tokens to ${most} or less, which changes what is measured`,
    );
  }
}

function bad({ name }: EvaluationFile, what: string, hint: string): Problem {
  return new Problem('bad_evaluation', `evaluation ${name}: ${what}`, { hint });
}

/** Over one line a file, `<path> <sha256>`, sorted. */
async function hashOfFolder(folder: string, { signal, tell }: Work): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => relative(folder, join(entry.parentPath, entry.name)));
  const lines: string[] = [];
  for (const path of paths.toSorted()) {
    tell(`reading ${path}`);
    const hash = createHash('sha256');
    for await (const part of createReadStream(join(folder, path), { highWaterMark: 1024 * 1024, signal })) hash.update(part);
    lines.push(`${path} ${hash.digest('hex')}\n`);
  }
  return createHash('sha256').update(lines.join('')).digest('hex');
}
