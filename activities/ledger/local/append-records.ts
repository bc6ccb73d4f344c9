import { closeSync, existsSync, fstatSync, fsyncSync, ftruncateSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { syncFolderNow } from '../../../platform/sync-folder.ts';
import type { Row } from './row.ts';

/** A row's line in the log: the record from which the row can be made again. */
export function logLine({ json, reason }: Pick<Row, 'json' | 'reason'>): string {
  return reason === undefined ? json : `{"type":"entry","reason":${JSON.stringify(reason)},"entry":${json}}`;
}

/**
 * Appends records durably, all at once. The leading newline keeps them apart from a line that a crash tore. Returns what
 * takes them out again; to be called before anybody else may append.
 */
export function appendRecords(path: string, lines: readonly string[]): () => void {
  const isNew = !existsSync(path);
  if (isNew) mkdirSync(dirname(path), { recursive: true });
  const descriptor = openSync(path, 'a');
  try {
    const before = fstatSync(descriptor).size;
    try {
      const bytes = Buffer.from(`\n${lines.join('\n')}\n`);
      for (let written = 0; written < bytes.length; ) written += writeSync(descriptor, bytes, written);
      fsyncSync(descriptor);
      if (isNew) syncFolderNow(dirname(path));
    } catch (error) {
      ftruncateSync(descriptor, before);
      throw error;
    }
    return () => truncate(path, before);
  } finally {
    closeSync(descriptor);
  }
}

function truncate(path: string, size: number): void {
  const descriptor = openSync(path, 'r+');
  try {
    ftruncateSync(descriptor, size);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
