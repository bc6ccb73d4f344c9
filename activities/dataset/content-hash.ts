import { createHash, hash } from 'node:crypto';
import { DatasetRow } from '../../schemas/dataset-row.ts';

/** Hashes rows one after another; equal rows in equal order give an equal hash, in any file format. */
export class ContentHash {
  readonly #digest = createHash('sha256');

  add(row: DatasetRow): void {
    this.addLine(contentLine(DatasetRow.parse(row)));
  }

  /** A line that {@link contentLine} made. */
  addLine(line: string): void {
    this.#digest.update(line);
  }

  hex(): string {
    return this.#digest.digest('hex');
  }
}

/** What the hash takes of one row, whose fields come in the order of their schema: its id and the sha256 of its JSON. */
export function contentLine(row: DatasetRow): string {
  return `${row.trajectory_id} ${hash('sha256', JSON.stringify(row))}\n`;
}
