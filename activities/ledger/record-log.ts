import { closeSync, fsyncSync, mkdirSync, openSync, readdirSync, readFileSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { IndexRecord } from '../../schemas/ledger-record.ts';

/** Appends one record durably. The leading newline keeps it apart from a line that a crash tore. */
export function appendRecord(path: string, record: IndexRecord): void {
  mkdirSync(dirname(path), { recursive: true });
  const descriptor = openSync(path, 'a');
  try {
    const line = Buffer.from(`\n${JSON.stringify(record)}\n`);
    let written = 0;
    while (written < line.length) written += writeSync(descriptor, line, written);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Reads all records of a folder's logs, by file name and then in order; `torn` counts lines that were cut short. */
export function readRecords(folder: string): { records: IndexRecord[]; torn: number } {
  const records: IndexRecord[] = [];
  let torn = 0;
  for (const name of logNames(folder)) {
    for (const line of readFileSync(join(folder, name), 'utf8').split('\n')) {
      if (line === '') continue;
      const record = parseLine(line);
      if (record === null) torn += 1;
      else records.push(record);
    }
  }
  return { records, torn };
}

function logNames(folder: string): string[] {
  mkdirSync(folder, { recursive: true });
  return readdirSync(folder)
    .filter((name) => name.endsWith('.jsonl'))
    .sort();
}

function parseLine(line: string): IndexRecord | null {
  try {
    return IndexRecord.parse(JSON.parse(line));
  } catch {
    return null;
  }
}
