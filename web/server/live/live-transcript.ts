import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createReadStream, existsSync } from 'node:fs';
import { join } from 'node:path';
import type { TranscriptHead, TurnChunk, TurnIndex, TurnView } from '../../../schemas/transcript.ts';
import { type AboutTranscript, type PlacedTurn, TranscriptBuilder } from '../../model/transcript/builder.ts';
import { JournalTurns } from '../../model/transcript/journal-turns.ts';
import type { RawTurn } from '../../model/transcript/raw-turn.ts';
import { JournalTail, lastBeginning } from './journal-tail.ts';

/**
 * The transcript of a rollout that goes on: read on from its journal when somebody looks. In memory are the index and the
 * newest chunk; chunks before it, which never change again, and long texts lie in a folder.
 */
export class LiveTranscript {
  readonly #folder: string;
  readonly #first: RawTurn;
  readonly #tail: JournalTail;
  #turns = new JournalTurns();
  #builder = new TranscriptBuilder();
  #chunk: { chunk: number; turns: TurnView[] } = { chunk: 0, turns: [] };
  #again = 0;
  #reading: Promise<void> = Promise.resolve();

  /** `first` stands before the turns of the journal: what the rollout was asked. */
  constructor(folder: string, journal: string, first: RawTurn) {
    this.#folder = folder;
    this.#first = first;
    this.#tail = new JournalTail(journal);
  }

  /** Takes in what was added. One look at a time. */
  async refresh(): Promise<void> {
    this.#reading = this.#reading.catch(() => undefined).then(async () => await this.#read());
    await this.#reading;
  }

  get version(): string {
    return `${this.#again}.${this.#tail.offset}`;
  }

  head(about: AboutTranscript): TranscriptHead {
    return this.#builder.head({ ...about, again: this.#again });
  }

  index(page: number): TurnIndex | undefined {
    return this.#builder.index(page);
  }

  async chunk(chunk: number): Promise<TurnChunk | undefined> {
    if (chunk === this.#chunk.chunk) return this.#chunk;
    if (!Number.isInteger(chunk) || chunk < 0 || chunk > this.#chunk.chunk) return undefined;
    const read: TurnChunk = JSON.parse(await readFile(join(this.#folder, `chunk-${chunk}.json`), 'utf8'));
    return read;
  }

  /** Ids are those that were given: a number of a turn and one of a part. */
  blob(id: string): AsyncIterable<Uint8Array> | undefined {
    const path = join(this.#folder, `${id}.txt`);
    return /^\d{1,9}-\d{1,9}$/.test(id) && existsSync(path) ? createReadStream(path) : undefined;
  }

  async close(): Promise<void> {
    await this.#reading.catch(() => undefined);
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #read(): Promise<void> {
    await mkdir(this.#folder, { recursive: true });
    if (this.#builder.turns === 0) await this.#place(this.#builder.add(this.#first));
    for (const { anew, entries } of this.#tail.added()) {
      if (anew) {
        this.#turns = new JournalTurns();
        await this.#startAgain();
      }
      for (const entry of entries) {
        for (const step of this.#turns.take(entry)) {
          if (step.kind === 'restart') await this.#startAgain();
          else if (step.kind === 'add') await this.#place(this.#builder.add(step.turn));
          else await this.#replace(this.#builder.replace(step.turn, step.back));
        }
      }
    }
  }

  async #startAgain(): Promise<void> {
    this.#builder = new TranscriptBuilder();
    this.#chunk = { chunk: 0, turns: [] };
    this.#again += 1;
    await this.#place(this.#builder.add(this.#first));
  }

  async #place({ view, chunk, blobs }: PlacedTurn): Promise<void> {
    await this.#keep(blobs);
    if (chunk !== this.#chunk.chunk) {
      await writeFile(join(this.#folder, `chunk-${this.#chunk.chunk}.json`), JSON.stringify(this.#chunk));
      this.#chunk = { chunk, turns: [] };
    }
    this.#chunk.turns.push(view);
  }

  async #replace({ view, blobs }: PlacedTurn): Promise<void> {
    await this.#keep(blobs);
    this.#chunk.turns[this.#chunk.turns.findIndex(({ seq }) => seq === view.seq)] = view;
  }

  async #keep(blobs: ReadonlyMap<string, string>): Promise<void> {
    for (const [id, text] of blobs) await writeFile(join(this.#folder, `${id}.txt`), text);
  }
}

/** The turns of a whole journal, one at a time, under the numbers that a live transcript gave them: from its last beginning on. */
export function* turnsOfJournal(path: string): Generator<RawTurn> {
  const turns = new JournalTurns();
  /** The last turn that commands fill, and the notes behind it. */
  let open: RawTurn[] = [];
  for (const { entries } of new JournalTail(path, lastBeginning(path)).added()) {
    for (const entry of entries) {
      for (const step of turns.take(entry)) {
        if (step.kind === 'restart') continue;
        if (step.kind === 'replace') open[open.length - 1 - step.back] = step.turn;
        else if (step.turn.kind === 'turn') {
          yield* open;
          open = [step.turn];
        } else open.push(step.turn);
      }
    }
  }
  yield* open;
}
