import { constants, zstdCompressSync } from 'node:zlib';
import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import type { DatasetRow } from '../../schemas/dataset-row.ts';
import { columnNames } from './columns.ts';
import { parquetSchema } from './parquet-columns.ts';
import { inGroups, ROW_GROUP_ROWS } from './row-groups.ts';

/** Bytes of one column chunk's page before compression. */
const PAGE_BYTES = 1024 * 1024;

/**
 * Writes rows as one Parquet file (zstd), holding no more than a row group of them. The same rows give the same bytes.
 */
export async function writeShard(write: (bytes: Uint8Array) => Promise<void>, rows: AsyncIterable<DatasetRow>): Promise<{ rows: number }> {
  const sink = new FlushedWriter(write);
  const parquet = new ParquetWriter({
    writer: sink,
    schema: parquetSchema(),
    codec: 'ZSTD',
    compressors: { ZSTD: zstd },
    createdBy: 'tracemill',
  });
  let count = 0;
  for await (const group of inGroups(rows)) {
    await parquet.write({
      columnData: columnNames.map((name) => ({ name, data: group.map((row) => row[name]) })),
      rowGroupSize: ROW_GROUP_ROWS,
      pageSize: PAGE_BYTES,
    });
    count += group.length;
  }
  await parquet.finish();
  await sink.flush();
  return { rows: count };
}

function zstd(bytes: Uint8Array): Uint8Array {
  return zstdCompressSync(bytes, { params: { [constants.ZSTD_c_compressionLevel]: 3 } });
}

/** Passes on what was written after each row group, so that memory never holds a whole file. */
class FlushedWriter extends ByteWriter {
  readonly #write: (bytes: Uint8Array) => Promise<void>;

  constructor(write: (bytes: Uint8Array) => Promise<void>) {
    super(1024 * 1024);
    this.#write = write;
  }

  async flush(): Promise<void> {
    const bytes = this.getBytes();
    this.index = 0;
    await this.#write(bytes);
  }
}
