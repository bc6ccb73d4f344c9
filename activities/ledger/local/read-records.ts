import { closeSync, existsSync, openSync, readdirSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { LedgerRecord } from '../../../schemas/ledger-record.ts';
import { messageOf, Problem } from '../../../schemas/problem.ts';
import { type Row, rowOf } from './row.ts';

/**
 * All records of a folder's logs as rows, by file name and then in order. Lines that a crash tore are left out. Throws `Problem`
 * record_unreadable for a whole line that holds something else.
 */
export function* readRecords(folder: string): Generator<Row> {
  if (!existsSync(folder)) return;
  const names = readdirSync(folder).filter((name) => name.endsWith('.jsonl'));
  for (const name of names.sort()) {
    let number = 0;
    for (const line of linesOf(join(folder, name))) {
      number += 1;
      const value = line === '' ? undefined : parsed(line);
      if (value === undefined) continue;
      const record = LedgerRecord.safeParse(value);
      if (!record.success) {
        throw new Problem('record_unreadable', `${join(folder, name)}:${number} is no record of the ledger: ${messageOf(record.error)}`, {
          hint: 'another version of Tracemill wrote it; move the file away to go on without that campaign',
        });
      }
      yield rowOf(record.data);
    }
  }
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** A log may be longer than the longest string. */
function* linesOf(path: string): Generator<string> {
  const descriptor = openSync(path, 'r');
  try {
    const block = Buffer.alloc(1024 * 1024);
    let parts: Buffer[] = [];
    for (let size = readSync(descriptor, block); size > 0; size = readSync(descriptor, block)) {
      let from = 0;
      for (let end = block.indexOf(10); end !== -1 && end < size; end = block.indexOf(10, from)) {
        yield Buffer.concat([...parts, block.subarray(from, end)]).toString('utf8');
        parts = [];
        from = end + 1;
      }
      parts.push(Buffer.from(block.subarray(from, size)));
    }
    yield Buffer.concat(parts).toString('utf8');
  } finally {
    closeSync(descriptor);
  }
}
