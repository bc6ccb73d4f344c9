import { createHash, hash } from 'node:crypto';
import { DatasetRow } from '../../../schemas/dataset-row.ts';

/** Hashes rows one after another; equal rows in equal order give an equal hash, in any file format. */
export class ContentHash {
  readonly #digest = createHash('sha256');

  add(row: DatasetRow): void {
    this.addHash(row.trajectory_id, rowHash(DatasetRow.parse(row)));
  }

  /** The same, of a row whose hash is known. */
  addHash(id: string, sha256: string): void {
    this.#digest.update(`${id} ${sha256}\n`);
  }

  hex(): string {
    return this.#digest.digest('hex');
  }
}

/** sha256 of a row's JSON; its fields come in the order of their schema. */
export function rowHash(row: DatasetRow): string {
  return hash('sha256', JSON.stringify(row));
}
