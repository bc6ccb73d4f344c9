import { closeSync, fdatasync, ftruncateSync, mkdirSync, openSync, readFileSync, readSync, write } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { crc32 } from 'node:zlib';
import { syncFolder } from '../../platform/sync-folder.ts';
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

/** The JSON of a line without its newline; undefined where the line fails its checksum. */
export function jsonOfLine(line: string): string | undefined {
  const json = line.slice(9);
  return line[8] === ' ' && line.slice(0, 8) === crc32(json).toString(16).padStart(8, '0') ? json : undefined;
}

/**
 * Reads a journal's bytes. `intact` is the length in bytes of the part that can be trusted: a last line that
 * is torn or fails its checksum is left out of it. Damage before the last line throws `Problem` journal_damaged.
 */
export function decodeJournal(bytes: Buffer, name: string): { entries: JournalEntry[]; intact: number } {
  const lines = decodeLines(bytes, name);
  return { entries: lines.map(({ entry }) => entry), intact: lines.reduce((sum, { place }) => sum + place.length, 0) };
}

/** Where a line lies in its file, newline included. */
interface Place {
  start: number;
  length: number;
}

function decodeLines(bytes: Buffer, name: string): { entry: JournalEntry; place: Place }[] {
  const lines: { entry: JournalEntry; place: Place }[] = [];
  let start = 0;
  while (start < bytes.length) {
    const newline = bytes.indexOf(0x0a, start);
    const end = newline === -1 ? bytes.length : newline;
    const json = jsonOfLine(bytes.toString('utf8', start, end));
    if (newline === -1 || json === undefined) {
      if (newline !== -1 && newline + 1 < bytes.length) {
        throw new Problem('journal_damaged', `${name}: line ${lines.length + 1} fails its checksum although lines follow it`, {
          hint: 'the disk changed a written line; restore the file from a backup, or delete it to run the rollout from the start',
        });
      }
      break;
    }
    lines.push({ entry: JournalEntry.parse(JSON.parse(json)), place: { start, length: newline + 1 - start } });
    start = newline + 1;
  }
  return lines;
}

/**
 * The append-only record of one rollout and the source of truth for its state. One writer at a time; every
 * append is on disk before it resolves. A rollout started again opens the same file, finds what it already
 * paid for and did, and goes on after it. Exchanges and observations are most of the file and are needed again only
 * after a crash: memory holds only their places.
 */
export class Journal {
  readonly path: string;
  readonly #descriptor: number;
  readonly #exchanges = new Map<number, Place>();
  readonly #observations = new Map<number, Place>();
  readonly #notes: JournalEntryOf<'note'>[] = [];
  #begin: JournalEntryOf<'begin'> | undefined;
  #modelEnded: JournalEntryOf<'model_ended'> | undefined;
  #patch: JournalEntryOf<'patch'> | undefined;
  #trajectory: JournalEntryOf<'trajectory'> | undefined;
  #tail: Promise<void> = Promise.resolve();
  #size = 0;
  #closed = false;

  private constructor(path: string, descriptor: number) {
    this.path = path;
    this.#descriptor = descriptor;
  }

  /** Opens or creates the journal, cutting a torn last line (noted in the journal itself). */
  static async open(path: string): Promise<Journal> {
    mkdirSync(dirname(path), { recursive: true });
    const descriptor = openSync(path, 'a+');
    const bytes = readFileSync(path);
    try {
      const journal = new Journal(path, descriptor);
      for (const { entry, place } of decodeLines(bytes, path)) journal.#remember(entry, place.length);
      const torn = bytes.length - journal.#size;
      if (torn > 0) ftruncateSync(descriptor, journal.#size);
      if (bytes.length === 0) await syncFolder(dirname(path));
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

  get trajectory(): JournalEntryOf<'trajectory'> | undefined {
    return this.#trajectory;
  }

  exchange(number: number): JournalEntryOf<'exchange'> | undefined {
    const entry = this.#read(this.#exchanges.get(number));
    return entry?.type === 'exchange' ? entry : undefined;
  }

  observation(action: number): JournalEntryOf<'observation'> | undefined {
    const entry = this.#read(this.#observations.get(action));
    return entry?.type === 'observation' ? entry : undefined;
  }

  /** How many exchanges and observations are on disk: where a resumed rollout goes on. */
  get progress(): { exchanges: number; observations: number } {
    return { exchanges: this.#exchanges.size, observations: this.#observations.size };
  }

  /** Resolves when the entry is on disk. Appends keep their order. */
  append(entry: JournalEntry): Promise<void> {
    this.#throwIfClosed();
    const line = Buffer.from(encodeEntry(entry));
    this.#tail = this.#tail.then(async () => {
      let written = 0;
      while (written < line.length) {
        const { bytesWritten } = await writeAsync(this.#descriptor, line, written);
        written += bytesWritten;
      }
      await datasync(this.#descriptor);
      this.#remember(entry, line.length);
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

  /** Takes in the entry of the line behind those known, `length` bytes long. */
  #remember(entry: JournalEntry, length: number): void {
    const place = { start: this.#size, length };
    this.#size += length;
    if (entry.type === 'begin') this.#begin ??= entry;
    else if (entry.type === 'exchange') this.#exchanges.set(entry.exchange, place);
    else if (entry.type === 'observation') this.#observations.set(entry.action, place);
    else if (entry.type === 'model_ended') this.#modelEnded ??= entry;
    else if (entry.type === 'patch') this.#patch ??= entry;
    else if (entry.type === 'trajectory') this.#trajectory = entry;
    else this.#notes.push(entry);
  }

  #read(place: Place | undefined): JournalEntry | undefined {
    if (place === undefined) return undefined;
    this.#throwIfClosed();
    const bytes = Buffer.allocUnsafe(place.length);
    for (let read = 0; read < place.length; ) {
      const count = readSync(this.#descriptor, bytes, read, place.length - read, place.start + read);
      if (count === 0) throw new Problem('journal_damaged', `${this.path} became shorter while it was in use`);
      read += count;
    }
    return decodeLines(bytes, this.path)[0]?.entry;
  }

  #throwIfClosed(): void {
    if (this.#closed) throw new Problem('journal_closed', `${this.path} is closed: another attempt owns this rollout`);
  }
}

/** Where a rollout's journal lies below the folder of journals. */
export function journalPath(folder: string, key: RolloutKey): string {
  return join(folder, key.campaign, key.instance_id, `${key.harness}-${key.mode}-${key.sample}.jsonl`);
}
