import { type FileMetaData, parquetMetadataAsync, parquetReadObjects } from 'hyparquet';
import { messageOf, Problem } from '../../schemas/problem.ts';
import type { ByteSource } from './byte-source.ts';
import { compressors } from './parquet-rows.ts';

/** Rows of a Parquet file by their numbers. Its page index is used: of long columns, only the pages that hold the rows are read. */
export class ParquetSlices {
  readonly #source: ByteSource;
  readonly #metadata: FileMetaData;

  private constructor(source: ByteSource, metadata: FileMetaData) {
    this.#source = source;
    this.#metadata = metadata;
  }

  /** Throws `Problem` source_unreadable. */
  static async open(source: ByteSource): Promise<ParquetSlices> {
    return new ParquetSlices(source, await unlessDamaged(source, () => parquetMetadataAsync(bytesOf(source))));
  }

  /** Rows from one number up to, not including, another; fewer where the file ends. Throws `Problem` source_unreadable. */
  async read(rowStart: number, rowEnd: number): Promise<Record<string, unknown>[]> {
    const rows = Number(this.#metadata.num_rows);
    if (rowStart >= rows) return [];
    return await unlessDamaged(this.#source, () =>
      parquetReadObjects({
        file: bytesOf(this.#source),
        metadata: this.#metadata,
        compressors,
        rowStart,
        rowEnd: Math.min(rowEnd, rows),
        useOffsetIndex: true,
      }),
    );
  }
}

function bytesOf(source: ByteSource) {
  const slice = async (start: number, end = source.size) => (await source.read(start, end)).buffer;
  return { byteLength: source.size, slice };
}

async function unlessDamaged<T>({ name }: ByteSource, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw new Problem('source_unreadable', `${name} cannot be read: ${messageOf(error)}`, {
      hint: 'the file may be cut short: compare its size with the original',
      cause: error,
    });
  }
}
