import { createHash } from 'node:crypto';
import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { constants, zstdCompressSync } from 'node:zlib';
import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import type { DatasetRow } from '../../schemas/dataset-row.ts';
import { columnNames, parquetSchema } from './parquet-columns.ts';

/** Rows held in memory at once and compressed together: about 15 MB of text. */
const ROW_GROUP_ROWS = 100;

/** Bytes of one column chunk's page before compression. */
const PAGE_BYTES = 1024 * 1024;

/**
 * Writes rows to one Parquet file (zstd), holding no more than a row group of them. The same rows give the same
 * bytes. Durable when it resolves.
 */
export async function writeShard(
  path: string,
  rows: AsyncIterable<DatasetRow>,
): Promise<{ sha256: string; size_bytes: number; rows: number }> {
  await mkdir(dirname(path), { recursive: true });
  const file = await open(path, 'w');
  try {
    const digest = createHash('sha256');
    const sink = new FlushedWriter(async (bytes) => {
      digest.update(bytes);
      await file.writeFile(bytes);
    });
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
    await file.sync();
    return { sha256: digest.digest('hex'), size_bytes: sink.offset, rows: count };
  } finally {
    await file.close();
  }
}

function zstd(bytes: Uint8Array): Uint8Array {
  return zstdCompressSync(bytes, { params: { [constants.ZSTD_c_compressionLevel]: 3 } });
}

/** Hands on what was written after each row group, so that no file is ever whole in memory. */
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

async function* inGroups(rows: AsyncIterable<DatasetRow>): AsyncGenerator<DatasetRow[]> {
  let group: DatasetRow[] = [];
  for await (const row of rows) {
    group.push(row);
    if (group.length < ROW_GROUP_ROWS) continue;
    yield group;
    group = [];
  }
  if (group.length > 0) yield group;
}
