import { createHash } from 'node:crypto';
import { Problem } from '../../../schemas/problem.ts';
import type { DatasetRow } from '../../../schemas/dataset-row.ts';
import { rowFields } from '../shards/columns.ts';

/** What is held of a row to compare it: a hash a column, in their order, so that memory is a few hundred bytes a row. */
export interface RowPrint {
  instance_id: string;
  columns: string;
}

const hashLength = 16;

/** Prints of rows by id. Throws `Problem` release_damaged where two rows have one id. */
export async function rowPrints(
  rows: AsyncIterable<DatasetRow>,
  name: string,
  onRow: () => void,
  signal?: AbortSignal,
): Promise<Map<string, RowPrint>> {
  const prints = new Map<string, RowPrint>();
  for await (const row of rows) {
    signal?.throwIfAborted();
    if (prints.has(row.trajectory_id)) {
      throw new Problem('release_damaged', `${name} has two rows with the id ${row.trajectory_id}`, {
        hint: 'build the release again',
      });
    }
    const columns = rowFields.map((column) => print(JSON.stringify(row[column]))).join('');
    prints.set(row.trajectory_id, { instance_id: row.instance_id, columns });
    onRow();
  }
  return prints;
}

/** Names of the columns in which two rows differ. */
export function differingColumns(a: RowPrint, b: RowPrint): string[] {
  return rowFields.filter((_, index) => hashAt(a, index) !== hashAt(b, index));
}

/** What a row holds apart from its id. */
export function contentOf(print: RowPrint): string {
  return rowFields.map((name, index) => (name === 'trajectory_id' ? '' : hashAt(print, index))).join('');
}

function hashAt({ columns }: RowPrint, index: number): string {
  return columns.slice(index * hashLength, (index + 1) * hashLength);
}

function print(text: string): string {
  return createHash('sha256').update(text).digest('base64').slice(0, hashLength);
}
