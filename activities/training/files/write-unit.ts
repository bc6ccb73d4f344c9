import { createHash } from 'node:crypto';
import { type FileHandle, open, rm } from 'node:fs/promises';
import type { RowSelection } from '../../../schemas/training.ts';
import { type LearnableRow, readRowGroups } from '../../tables/learnable-rows.ts';
import { learnRow, type LearnOptions } from './learn-row.ts';
import type { FileEncoder, Profile } from './profile.ts';
import { Tally } from './tally.ts';
import type { FileUnit, UnitReport } from './unit.ts';

export interface UnitOptions extends LearnOptions {
  /** Null to count alone. */
  profile: Profile | null;
  rows: RowSelection;
}

/** Rows between two reports: a second or two of work. */
const rowsAReport = 25;

/** Reads the rows of a unit, counts them and writes its file, which is on disk when this resolves. Holds a few rows at a time. */
export async function writeUnit(unit: FileUnit, options: UnitOptions, report: (report: UnitReport) => void): Promise<void> {
  const { number, harness } = unit;
  const tally = new Tally();
  const file = options.profile === null ? null : await HashedFile.create(unit.out, await options.profile.open());
  let not_selected = 0;
  let read = 0;
  try {
    for await (const row of readRowGroups(unit.shard, unit.groups)) {
      read += 1;
      const mode = row.metadata.teacher_model.enable_thinking ? ('think' as const) : ('no_think' as const);
      if (!isSelected(row, harness, mode, options.rows)) {
        not_selected += 1;
      } else {
        const cell = { harness, mode, language: row.language };
        const learned = learnRow(row, harness, options);
        if (learned.ok) {
          tally.kept(cell, learned.row.counts, learned.escaped);
          await file?.add(learned.row);
        } else if (learned.code === 'over_long') tally.overLong(cell, learned.counts);
        else tally.dropped(cell, learned.code);
      }
      if (read < rowsAReport) continue;
      report({ number, done: false, read, outcome: null, problem: null });
      read = 0;
    }
  } catch (error) {
    await file?.discard();
    throw error;
  }
  const written = (await file?.finish()) ?? null;
  report({ number, done: true, read, outcome: { not_selected, cells: tally.cells(), file: written }, problem: null });
}

const outcomes = { [1]: 'resolved', [0]: 'unresolved', [-1]: 'unknown' } as const;

function isSelected(
  { resolved, language }: LearnableRow,
  harness: string,
  mode: 'think' | 'no_think',
  { modes, outcomes: wanted, languages, harnesses }: RowSelection,
): boolean {
  return (
    (modes?.includes(mode) ?? true) &&
    (wanted?.includes(outcomes[resolved]) ?? true) &&
    (languages?.includes(language) ?? true) &&
    (harnesses?.includes(harness) ?? true)
  );
}

/** A file of rows that knows its hash. */
class HashedFile {
  readonly #path: string;
  readonly #file: FileHandle;
  readonly #encoder: FileEncoder;
  readonly #digest = createHash('sha256');
  #rows = 0;
  #size = 0;

  constructor(path: string, file: FileHandle, encoder: FileEncoder) {
    this.#path = path;
    this.#file = file;
    this.#encoder = encoder;
  }

  static async create(path: string, encoder: FileEncoder): Promise<HashedFile> {
    return new HashedFile(path, await open(path, 'wx'), encoder);
  }

  async add(row: Parameters<FileEncoder['add']>[0]): Promise<void> {
    this.#rows += 1;
    await this.#write(this.#encoder.add(row));
  }

  /** Null, and no file, where there was no row. */
  async finish(): Promise<{ rows: number; size_bytes: number; sha256: string } | null> {
    if (this.#rows === 0) {
      await this.discard();
      return null;
    }
    await this.#write(this.#encoder.end());
    await this.#file.sync();
    await this.#file.close();
    return { rows: this.#rows, size_bytes: this.#size, sha256: this.#digest.digest('hex') };
  }

  async discard(): Promise<void> {
    await this.#file.close();
    await rm(this.#path, { force: true });
  }

  async #write(chunks: readonly Uint8Array[]): Promise<void> {
    for (const bytes of chunks) {
      this.#digest.update(bytes);
      this.#size += bytes.length;
      await this.#file.writeFile(bytes);
    }
  }
}
