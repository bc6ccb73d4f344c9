import { closeSync, fdatasync, fsyncSync, ftruncateSync, mkdirSync, openSync, readFileSync, write } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { crc32 } from 'node:zlib';
import { JournalEntry, type JournalEntryOf } from '../../schemas/journal-entry.ts';
import type { RolloutKey } from '../../schemas/names.ts';
import { Problem } from '../../schemas/problem.ts';

const writeAsync = promisify(write);
const datasync = promisify(fdatasync);

/** Journal line: crc32 of the JSON as eight hexadecimal digits, a space, the JSON, a newline. */
export function encodeEntry(entry: JournalEntry): string {
  const json = JSON.stringify(entry);
  return `${crc32(json).toString(16).padStart(8, '0')} ${json}\n`;
}

/**
 * Reads a journal's bytes. `intact` is the length in bytes of the part that can be trusted: a last line that
 * is torn or fails its checksum is left out of it. Damage before the last line throws `Problem` journal_damaged.
 */
export function decodeJournal(bytes: Buffer, name: string): { entries: JournalEntry[]; intact: number } {
  const entries: JournalEntry[] = [];
  let start = 0;
  while (start < bytes.length) {
    const newline = bytes.indexOf(0x0a, start);
    const end = newline === -1 ? bytes.length : newline;
    const line = bytes.toString('utf8', start, end);
    const json = line.slice(9);
    const whole = newline !== -1 && line[8] === ' ' && line.slice(0, 8) === crc32(json).toString(16).padStart(8, '0');
    if (!whole) {
      if (newline !== -1 && newline + 1 < bytes.length) {
        throw new Problem('journal_damaged', `${name}: line ${entries.length + 1} fails its checksum although lines follow it`, {
          hint: 'the disk changed a written line; restore the file from a backup, or delete it to run the rollout from the start',
        });
      }
      break;
    }
    entries.push(JournalEntry.parse(JSON.parse(json)));
    start = newline + 1;
  }
  return { entries, intact: start };
}

/**
 * The append-only record of one rollout and the source of truth for its state. One writer at a time; every
 * append is on disk before it resolves. A rollout started again opens the same file, finds what it already
 * paid for and did, and goes on behind it.
 */
export class Journal {
  readonly path: string;
  readonly #descriptor: number;
  readonly #exchanges = new Map<number, JournalEntryOf<'exchange'>>();
  readonly #observations = new Map<number, JournalEntryOf<'observation'>>();
  readonly #notes: JournalEntryOf<'note'>[] = [];
  #begin: JournalEntryOf<'begin'> | undefined;
  #modelEnded: JournalEntryOf<'model_ended'> | undefined;
  #patch: JournalEntryOf<'patch'> | undefined;
  #tail: Promise<void> = Promise.resolve();
  #closed = false;

  private constructor(path: string, descriptor: number, entries: JournalEntry[]) {
    this.path = path;
    this.#descriptor = descriptor;
    for (const entry of entries) this.#remember(entry);
  }

  /** Opens or creates the journal, cutting a torn last line (noted in the journal itself). */
  static async open(path: string): Promise<Journal> {
    mkdirSync(dirname(path), { recursive: true });
    const descriptor = openSync(path, 'a+');
    const bytes = readFileSync(path);
    try {
      const { entries, intact } = decodeJournal(bytes, path);
      const torn = bytes.length - intact;
      if (torn > 0) ftruncateSync(descriptor, intact);
      if (bytes.length === 0) syncDirectory(dirname(path));
      const journal = new Journal(path, descriptor, entries);
      if (torn > 0) await journal.note('journal_cut', `${torn} bytes of an unfinished line`);
      return journal;
    } catch (error) {
      closeSync(descriptor);
      throw error;
    }
  }

  get begin(): JournalEntryOf<'begin'> | undefined {
    return this.#begin;
  }

  get notes(): readonly JournalEntryOf<'note'>[] {
    return this.#notes;
  }

  get modelEnded(): JournalEntryOf<'model_ended'> | undefined {
    return this.#modelEnded;
  }

  get patch(): JournalEntryOf<'patch'> | undefined {
    return this.#patch;
  }

  exchange(number: number): JournalEntryOf<'exchange'> | undefined {
    return this.#exchanges.get(number);
  }

  observation(action: number): JournalEntryOf<'observation'> | undefined {
    return this.#observations.get(action);
  }

  /** How many exchanges and observations are on disk: where a resumed rollout goes on. */
  get progress(): { exchanges: number; observations: number } {
    return { exchanges: this.#exchanges.size, observations: this.#observations.size };
  }

  /** Resolves when the entry is on disk. Appends keep their order. */
  append(entry: JournalEntry): Promise<void> {
    if (this.#closed) throw new Problem('journal_closed', `${this.path} is closed: another attempt owns this rollout`);
    const line = Buffer.from(encodeEntry(entry));
    this.#tail = this.#tail.then(async () => {
      let written = 0;
      while (written < line.length) {
        const { bytesWritten } = await writeAsync(this.#descriptor, line, written);
        written += bytesWritten;
      }
      await datasync(this.#descriptor);
      this.#remember(entry);
    });
    return this.#tail;
  }

  note(event: JournalEntryOf<'note'>['event'], detail: string): Promise<void> {
    return this.append({ type: 'note', at: Date.now(), event, detail });
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#tail.catch(() => undefined);
    closeSync(this.#descriptor);
  }

  #remember(entry: JournalEntry): void {
    if (entry.type === 'begin') this.#begin ??= entry;
    else if (entry.type === 'exchange') this.#exchanges.set(entry.exchange, entry);
    else if (entry.type === 'observation') this.#observations.set(entry.action, entry);
    else if (entry.type === 'model_ended') this.#modelEnded ??= entry;
    else if (entry.type === 'patch') this.#patch ??= entry;
    else this.#notes.push(entry);
  }
}

function syncDirectory(path: string): void {
  const descriptor = openSync(path, 'r');
  fsyncSync(descriptor);
  closeSync(descriptor);
}

/** Where a rollout's journal lies below the folder of journals. */
export function journalPath(folder: string, key: RolloutKey): string {
  return join(folder, key.campaign, key.instance_id, `${key.harness}-${key.mode}-${key.sample}.jsonl`);
}
