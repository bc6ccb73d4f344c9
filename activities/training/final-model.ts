import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, readdir, readFile, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { z } from 'zod';
import { messageOf, Problem } from '../../schemas/problem.ts';

export interface FinalModel {
  /** Over one line a file, `<path> <sha256>`, sorted. */
  sha256: string;
  files: number;
  /** Of its configuration. */
  max_position_embeddings: number | null;
}

/** A header that claims more than this is damage, not a header. */
const longestHeader = 256 * 1024 * 1024;

/**
 * Looks a finished model through, as Hugging Face lays it out: configuration, tokenizer, chat template, and every shard that
 * its index names, each with all bytes that its header announces. `onFile` is told of each file before it is read whole.
 * Throws `Problem` model_incomplete, which names everything that is wrong, or model_template_differs.
 */
export async function checkFinalModel(
  folder: string,
  {
    chatTemplateSha256,
    signal,
    onFile = () => undefined,
  }: { chatTemplateSha256: string; signal?: AbortSignal; onFile?: (path: string) => void },
): Promise<FinalModel> {
  const wrong: string[] = [];
  const config = await readJson(folder, 'config.json', Config, wrong);
  await readJson(folder, 'tokenizer.json', z.looseObject({}), wrong);
  const tokenizer = await readJson(folder, 'tokenizer_config.json', TokenizerConfig, wrong);
  await checkWeights(folder, wrong);
  const template = (await readFile(join(folder, 'chat_template.jinja'), 'utf8').catch(() => undefined)) ?? tokenizer?.chat_template;
  if (template === undefined) wrong.push('chat_template.jinja is missing');
  if (wrong.length > 0) {
    throw new Problem('model_incomplete', `the model in ${folder} is not complete: ${wrong.join('; ')}`, {
      hint: 'see the output of the job; delete the last checkpoint and start the training again to have it written once more',
    });
  }
  const found = createHash('sha256')
    .update(template ?? '')
    .digest('hex');
  if (found !== chatTemplateSha256) {
    throw new Problem(
      'model_template_differs',
      `the model in ${folder} has another chat template (sha256 ${found}) than it was trained with (${chatTemplateSha256})`,
      {
        hint: 'a student must be served with the template that it learned; see what the trainer wrote into its tokenizer',
      },
    );
  }
  return { ...(await hashed(folder, onFile, signal)), max_position_embeddings: config?.max_position_embeddings ?? null };
}

const Config = z.looseObject({ max_position_embeddings: z.int().optional() });
const TokenizerConfig = z.looseObject({ chat_template: z.string().optional() });
const Index = z.looseObject({ weight_map: z.record(z.string(), z.string()) });
const Header = z.record(
  z.string(),
  z.union([z.looseObject({ data_offsets: z.tuple([z.int(), z.int()]) }), z.record(z.string(), z.string())]),
);

async function readJson<T extends z.ZodType>(folder: string, name: string, shape: T, wrong: string[]): Promise<z.infer<T> | undefined> {
  const content = await readFile(join(folder, name), 'utf8').catch(() => undefined);
  if (content === undefined) {
    wrong.push(`${name} is missing`);
    return undefined;
  }
  try {
    return shape.parse(JSON.parse(content));
  } catch (error) {
    wrong.push(`${name} cannot be read: ${messageOf(error)}`);
    return undefined;
  }
}

async function checkWeights(folder: string, wrong: string[]): Promise<void> {
  const indexed = await stat(join(folder, 'model.safetensors.index.json')).catch(() => undefined);
  if (indexed === undefined) {
    await tensorsOf(folder, 'model.safetensors', wrong);
    return;
  }
  const index = await readJson(folder, 'model.safetensors.index.json', Index, wrong);
  const wanted = Map.groupBy(Object.entries(index?.weight_map ?? {}), ([, shard]) => shard);
  if (index !== undefined && wanted.size === 0) wrong.push('model.safetensors.index.json names no shard');
  for (const [shard, tensors] of wanted) {
    const held = await tensorsOf(folder, shard, wrong);
    const lacking = held === undefined ? [] : tensors.filter(([name]) => !held.has(name));
    if (lacking.length > 0) wrong.push(`${shard} lacks ${lacking.length} tensors of the index, the first is ${lacking[0]?.[0]}`);
  }
}

/** The tensors of one file of weights, which begins with the length of a JSON header that says where each of them lies. */
async function tensorsOf(folder: string, name: string, wrong: string[]): Promise<Set<string> | undefined> {
  try {
    const file = await open(join(folder, name));
    try {
      const { size } = await file.stat();
      const start = Buffer.alloc(8);
      await file.read(start, 0, 8, 0);
      const length = Number(start.readBigUInt64LE());
      if (size < 8 || length > Math.min(size - 8, longestHeader)) throw new Error('it is cut off in its header');
      const header = Buffer.alloc(length);
      await file.read(header, 0, length, 8);
      const { __metadata__: _, ...entries } = Header.parse(JSON.parse(header.toString('utf8')));
      const ends = Object.values(entries).map(({ data_offsets: offsets }) => (Array.isArray(offsets) ? Number(offsets[1]) : 0));
      const expected = 8 + length + ends.reduce((most, end) => Math.max(most, end), 0);
      if (size !== expected) throw new Error(`it has ${size} bytes, and its header announces ${expected}`);
      return new Set(Object.keys(entries));
    } finally {
      await file.close();
    }
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    wrong.push(missing ? `${name} is missing` : `${name}: ${messageOf(error)}`);
    return undefined;
  }
}

async function hashed(folder: string, onFile: (path: string) => void, signal?: AbortSignal): Promise<{ sha256: string; files: number }> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => relative(folder, join(entry.parentPath, entry.name)));
  const lines: string[] = [];
  for (const path of paths.toSorted()) {
    onFile(path);
    const hash = createHash('sha256');
    for await (const part of createReadStream(join(folder, path), { highWaterMark: 1024 * 1024, ...(signal !== undefined && { signal }) }))
      hash.update(part);
    lines.push(`${path} ${hash.digest('hex')}\n`);
  }
  return { sha256: createHash('sha256').update(lines.join('')).digest('hex'), files: lines.length };
}
