import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { decodeJournal } from '../../../activities/journal/journal.ts';
import { isMissingFile } from '../../../platform/missing-file.ts';
import type { JournalEntry } from '../../../schemas/journal-entry.ts';

/** Most that is read of a journal at a time: 100 MB of journal are read in steps, not at once. */
const stepBytes = 2 * 1024 * 1024;

/** Bytes of the checksum that a first line begins with; it is of a time and a rollout, and no two journals have the same. */
const nameBytes = 8;

/** Reads a journal on from where it was read last. A line that is being written is left for the next time. */
export class JournalTail {
  readonly #path: string;
  #offset: number;
  #name = '';

  /** `start` is where a line begins. */
  constructor(path: string, start = 0) {
    this.#path = path;
    this.#offset = start;
  }

  /** Bytes read so far. */
  get offset(): number {
    return this.#offset;
  }

  /**
   * Entries that were added, in steps; `anew`: another journal lies there, as of a rollout that was
   * begun again, and all of it comes. Throws `Problem` journal_damaged.
   */
  *added(): Generator<{ anew: boolean; entries: JournalEntry[] }> {
    for (let wanted = stepBytes; ; ) {
      const read = this.#step(wanted);
      if (read === undefined) return;
      const { anew, bytes, rest } = read;
      if (anew) this.#offset = 0;
      const { entries, intact } = decodeJournal(wholeLines(bytes), this.#path);
      this.#offset += intact;
      if (anew || entries.length > 0) yield { anew, entries };
      if (bytes.length >= rest) return;
      // One line longer than a step.
      if (intact === 0) wanted *= 4;
    }
  }

  /** Whether another journal lies at the path than the one that was read. */
  #isAnother(file: number): boolean {
    const head = Buffer.alloc(nameBytes);
    const name = head.toString('latin1', 0, readSync(file, head, 0, nameBytes, 0));
    if (name.length < nameBytes) return false;
    const another = this.#name !== '' && this.#name !== name;
    this.#name = name;
    return another;
  }

  #step(wanted: number): { anew: boolean; bytes: Buffer; rest: number } | undefined {
    let file: number;
    try {
      file = openSync(this.#path, 'r');
    } catch (error) {
      if (isMissingFile(error)) return undefined;
      throw error;
    }
    try {
      const { size } = fstatSync(file);
      const anew = this.#isAnother(file) || size < this.#offset;
      const start = anew ? 0 : this.#offset;
      if (size === start && !anew) return undefined;
      const bytes = Buffer.alloc(Math.min(wanted, size - start));
      return { anew, bytes: bytes.subarray(0, readSync(file, bytes, 0, bytes.length, start)), rest: size - start };
    } finally {
      closeSync(file);
    }
  }
}

/**
 * Where the last beginning of a journal stands, in bytes; 0 where it began once. Looks at the bytes alone: a beginning is
 * found in a tenth of the time that reading all entries takes.
 */
export function lastBeginning(path: string): number {
  const start = Buffer.from(' {"type":"begin"');
  let found = 0;
  let before = Buffer.alloc(0);
  let at = 0;
  const file = openSync(path, 'r');
  try {
    for (;;) {
      const bytes = Buffer.alloc(stepBytes);
      const read = readSync(file, bytes, 0, stepBytes, at);
      if (read === 0) return found;
      const seen = Buffer.concat([before, bytes.subarray(0, read)]);
      const first = at - before.length;
      for (let place = seen.indexOf(start); place !== -1; place = seen.indexOf(start, place + 1)) {
        const line = place - nameBytes;
        // Only the head of a line is one: not what a command printed.
        if (first + line === 0 || (line > 0 && seen[line - 1] === 0x0a)) found = first + line;
      }
      at += read;
      before = Buffer.from(seen.subarray(-start.length - nameBytes));
    }
  } finally {
    closeSync(file);
  }
}

/** What stands before the last newline: a line cut by the step is no damage. */
function wholeLines(bytes: Buffer): Buffer {
  return bytes.subarray(0, bytes.lastIndexOf(0x0a) + 1);
}
