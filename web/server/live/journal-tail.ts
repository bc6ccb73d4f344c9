import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { decodeJournal } from '../../../activities/journal/journal.ts';
import { isMissingFile } from '../../../platform/missing-file.ts';
import type { JournalEntry } from '../../../schemas/journal-entry.ts';

/** Most that is read of a journal at a time: 100 MB of journal are read in steps, not at once. */
const stepBytes = 2 * 1024 * 1024;

/** Reads a journal on from where it was read last. A line that is being written is left for the next time. */
export class JournalTail {
  readonly #path: string;
  #offset = 0;

  constructor(path: string) {
    this.#path = path;
  }

  /** Bytes read so far. */
  get offset(): number {
    return this.#offset;
  }

  /** Entries that were added, in steps; `anew`: the file became shorter, and all of it comes again. Throws `Problem` journal_damaged. */
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
      const anew = size < this.#offset;
      const start = anew ? 0 : this.#offset;
      if (size === start && !anew) return undefined;
      const bytes = Buffer.alloc(Math.min(wanted, size - start));
      return { anew, bytes: bytes.subarray(0, readSync(file, bytes, 0, bytes.length, start)), rest: size - start };
    } finally {
      closeSync(file);
    }
  }
}

/** What stands before the last newline: a line cut by the step is no damage. */
function wholeLines(bytes: Buffer): Buffer {
  return bytes.subarray(0, bytes.lastIndexOf(0x0a) + 1);
}
