import type { DatasetRow, RowForm } from '../../../schemas/dataset-row.ts';
import { type EncodedGroup, RowGroupEncoder } from '../../tables/writing/row-group.ts';
import { columnsOf, narrowFields, rowFields, wideLeaves } from './columns.ts';

/** Encodes rows of a release as row groups. */
export class ReleaseEncoder {
  readonly #encoder: RowGroupEncoder;

  constructor(form: RowForm) {
    // Bounds of whole texts help nobody.
    this.#encoder = new RowGroupEncoder(columnsOf(form), { plain: wideLeaves, bounded: narrowFields });
  }

  /** Returns the digest of the row that {@link digestSql} makes of what DuckDB reads. */
  add(row: DatasetRow): string {
    return this.#encoder.add(rowFields.map((field) => row[field]));
  }

  finish(): EncodedGroup {
    return this.#encoder.finish();
  }
}

/** Encodes and packs (zstd) rows as one row group. The same rows give the same bytes. */
export function encodeGroup(rows: readonly DatasetRow[], form: RowForm): EncodedGroup {
  const encoder = new ReleaseEncoder(form);
  for (const row of rows) encoder.add(row);
  return encoder.finish();
}

/** Moves all places of a group by this many bytes. */
export function move({ group, pages }: Pick<EncodedGroup, 'group' | 'pages'>, by: number): void {
  const distance = BigInt(by);
  for (const chunk of group.columns) {
    chunk.file_offset += distance;
    const { meta_data } = chunk;
    if (meta_data === undefined) continue;
    meta_data.data_page_offset += distance;
    if (meta_data.dictionary_page_offset !== undefined) meta_data.dictionary_page_offset += distance;
  }
  for (const { page_locations } of pages) for (const location of page_locations) location.offset += distance;
}
