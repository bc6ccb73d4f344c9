import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const template = '{{ messages }}';
export const templateSha256 = createHash('sha256').update(template).digest('hex');

/** Bytes of a file of weights with these tensors, four bytes each. */
export function safetensors(names: readonly string[]): Buffer {
  const tensors = names.map((name, at) => [name, { dtype: 'F32', shape: [1], data_offsets: [at * 4, at * 4 + 4] }]);
  const header = Buffer.from(JSON.stringify({ __metadata__: { format: 'pt' }, ...Object.fromEntries(tensors) }));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  return Buffer.concat([length, header, Buffer.alloc(names.length * 4)]);
}

/** Writes a small complete model of two shards in the form of Hugging Face. */
export function writeModel(folder: string, chatTemplate = template): void {
  mkdirSync(folder, { recursive: true });
  const shards: Record<string, string[]> = { 'model-00001-of-00002.safetensors': ['a', 'b'], 'model-00002-of-00002.safetensors': ['c'] };
  const weight_map = Object.fromEntries(Object.entries(shards).flatMap(([shard, names]) => names.map((name) => [name, shard])));
  for (const [shard, names] of Object.entries(shards)) writeFileSync(join(folder, shard), safetensors(names));
  writeFileSync(join(folder, 'model.safetensors.index.json'), JSON.stringify({ metadata: {}, weight_map }));
  writeFileSync(join(folder, 'config.json'), JSON.stringify({ model_type: 'qwen3_moe', max_position_embeddings: 4096 }));
  writeFileSync(join(folder, 'tokenizer.json'), '{}');
  writeFileSync(join(folder, 'tokenizer_config.json'), '{}');
  writeFileSync(join(folder, 'chat_template.jinja'), chatTemplate);
}
