import type { LedgerEntry } from '../../schemas/ledger-entry.ts';

/** Folder of a row's shard: `data/<harness>/<teacher>/<dataset>`. */
export function shardFolder(entry: Pick<LedgerEntry, 'key' | 'teacher' | 'hf_dataset_name'>): string {
  return `data/${entry.key.harness}/${teacherSlug(entry.teacher.model)}/${datasetSlug(entry.hf_dataset_name)}`;
}

/** `train-00000-of-00003.parquet` */
export function shardName(number: number, total: number): string {
  return `train-${String(number).padStart(5, '0')}-of-${String(total).padStart(5, '0')}.parquet`;
}

/** `MiniMaxAI/MiniMax-M2.5` → `minimax_m25`: owner and dots left out, as published paths do. */
function teacherSlug(model: string): string {
  return slug((model.split('/').at(-1) ?? model).replaceAll('.', ''), '_');
}

/** `nebius/SWE-rebench-V2` → `swe-rebench-v2` */
function datasetSlug(name: string): string {
  return slug(name.split('/').at(-1) ?? name, '-');
}

function slug(text: string, separator: '_' | '-'): string {
  const parts = text.toLowerCase().match(/[a-z0-9]+/g);
  return parts === null ? 'unnamed' : parts.join(separator);
}
