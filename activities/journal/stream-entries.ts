import { createReadStream } from 'node:fs';
import { JournalEntry, type JournalEntryOf } from '../../schemas/journal-entry.ts';
import { jsonOfLine } from './journal.ts';

/**
 * The entries of one type in a journal, read as a stream, so that its size does not matter; lines of other types, by far the
 * most bytes, are not parsed. A line that is being written, or that fails its checksum, is left out: the process that opens the
 * journal reports it. Throws errors of the file system.
 */
export async function* streamEntries<Type extends JournalEntry['type']>(path: string, type: Type): AsyncGenerator<JournalEntryOf<Type>> {
  const mark = `"type":"${type}"`;
  for await (const line of linesOf(path)) {
    if (!line.includes(mark)) continue;
    const json = jsonOfLine(line.toString('utf8'));
    if (json === undefined) continue;
    const entry = JournalEntry.parse(JSON.parse(json));
    if (isOfType(entry, type)) yield entry;
  }
}

function isOfType<Type extends JournalEntry['type']>(entry: JournalEntry, type: Type): entry is JournalEntryOf<Type> {
  return entry.type === type;
}

/** Whole lines, without their newlines. */
async function* linesOf(path: string): AsyncGenerator<Buffer> {
  let parts: Buffer[] = [];
  const chunks: AsyncIterable<Buffer> = createReadStream(path);
  for await (const chunk of chunks) {
    let start = 0;
    for (let newline = chunk.indexOf(0x0a); newline !== -1; newline = chunk.indexOf(0x0a, start)) {
      yield Buffer.concat([...parts, chunk.subarray(start, newline)]);
      parts = [];
      start = newline + 1;
    }
    if (start < chunk.length) parts.push(chunk.subarray(start));
  }
}
