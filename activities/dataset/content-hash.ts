import { createHash } from 'node:crypto';
import { DatasetRow } from '../../schemas/dataset-row.ts';

/** Hashes rows one after another; equal rows in equal order give an equal hash, in any file format. */
export class ContentHash {
  readonly #digest = createHash('sha256');

  add(row: DatasetRow): void {
    const json = JSON.stringify(DatasetRow.parse(row));
    this.#digest.update(`${row.trajectory_id} ${createHash('sha256').update(json).digest('hex')}\n`);
  }

  hex(): string {
    return this.#digest.digest('hex');
  }
}
