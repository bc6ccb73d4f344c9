import { constants, zstdCompressSync } from 'node:zlib';
import type { OffsetIndex, RowGroup } from 'hyparquet';
import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import type { DatasetRow, RowForm } from '../../../schemas/dataset-row.ts';
import { columnName, narrowFields, rowFields } from './columns.ts';
import { parquetSchema } from './parquet-columns.ts';

/** Bytes of a page before compression: about one row's observations, so that one row costs a reader a few pages. */
const pageBytes = 256 * 1024;
/** Bytes of the mark that a Parquet file begins with. */
const markBytes = 4;

/** A row group as it stands in a file, with places counted from its own first byte. It can be passed between threads. */
export interface EncodedGroup {
  bytes: Uint8Array<ArrayBuffer>;
  group: RowGroup;
  /** Where the pages of each column begin, in the order of the group's columns. */
  pages: OffsetIndex[];
}

/** Encodes and packs (zstd) rows as one row group. The same rows give the same bytes. */
export function encodeGroup(rows: readonly DatasetRow[], form: RowForm): EncodedGroup {
  const sink = new ByteWriter(4 * 1024 * 1024);
  const writer = new ParquetWriter({ writer: sink, schema: parquetSchema(form), codec: 'ZSTD', compressors: { ZSTD: zstd } });
  void writer.write({
    columnData: rowFields.map((field) => ({
      name: columnName(field, form),
      data: rows.map((row) => row[field]),
      // Bounds of whole texts help nobody, and cost a comparison of each with each.
      statistics: narrowFields.has(field),
    })),
    rowGroupSize: rows.length,
    pageSize: pageBytes,
  });
  const [group] = writer.row_groups;
  if (group === undefined) throw new Error('a row group needs rows');
  const pages = writer.pendingIndexes.map(({ offsetIndex, chunk }) => offsetIndex ?? singlePage(chunk));
  const encoded = { bytes: sink.getBytes().slice(markBytes), group, pages };
  move(encoded, -markBytes);
  return encoded;
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

/** The library leaves out the index of a column with one page; readers that want an index of any column want one of each. */
function singlePage({ file_offset, meta_data }: RowGroup['columns'][number]): OffsetIndex {
  if (meta_data === undefined) throw new Error('a column without metadata');
  const { data_page_offset, total_compressed_size } = meta_data;
  const compressed_page_size = Number(total_compressed_size - (data_page_offset - file_offset));
  return { page_locations: [{ offset: data_page_offset, compressed_page_size, first_row_index: 0n }] };
}

function zstd(bytes: Uint8Array): Uint8Array {
  return zstdCompressSync(bytes, { params: { [constants.ZSTD_c_compressionLevel]: 3 } });
}
