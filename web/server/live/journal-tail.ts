import { open, stat } from 'node:fs/promises';
import { decodeJournal } from '../../../activities/journal/journal.ts';
import { isMissingFile } from '../../../platform/missing-file.ts';
import type { JournalEntry } from '../../../schemas/journal-entry.ts';

/** Most that is read of a journal at a time: 100 MB of journal are read in steps, not at once. */
const stepBytes = 8 * 1024 * 1024;

/** Reads a journal on from where it was read last. A line that is being written is left for the next time. */
export class JournalTail {
  readonly #path: string;
  #offset = 0;

  constructor(path: string) {
    this.#path = path;
  }

  /** Entries that were added, in steps; `anew`: the file became shorter, and all of it comes again. Throws `Problem` journal_damaged. */
  async *added(): AsyncGenerator<{ anew: boolean; entries: JournalEntry[] }> {
    for (let wanted = stepBytes; ; ) {
      const read = await this.#step(wanted);
      if (read === undefined) return;
      const { anew, bytes, size } = read;
      if (anew) this.#offset = 0;
      const { entries, intact } = decodeJournal(wholeLines(bytes), this.#path);
      this.#offset += intact;
      if (anew || entries.length > 0) yield { anew, entries };
      const rest = size - this.#offset;
      if (rest === 0 || bytes.length >= rest + intact) return;
      // One line longer than a step.
      if (intact === 0) wanted *= 4;
    }
  }

  async #step(wanted: number): Promise<{ anew: boolean; bytes: Buffer; size: number } | undefined> {
    try {
      const { size } = await stat(this.#path);
      const anew = size < this.#offset;
      const start = anew ? 0 : this.#offset;
      if (size === start) return anew ? { anew, bytes: Buffer.alloc(0), size } : undefined;
      const file = await open(this.#path);
      try {
        const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(Math.min(wanted, size - start)), position: start });
        return { anew, bytes: buffer.subarray(0, bytesRead), size };
      } finally {
        await file.close();
      }
    } catch (error) {
      if (isMissingFile(error)) return undefined;
      throw error;
    }
  }
}

/** What stands before the last newline: a line cut by the step is no damage. */
function wholeLines(bytes: Buffer): Buffer {
  return bytes.subarray(0, bytes.lastIndexOf(0x0a) + 1);
}
