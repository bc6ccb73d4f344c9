import { RecordBatchStreamWriter } from 'apache-arrow';
import type { DatasetRow } from '../../schemas/dataset-row.ts';
import { arrowSchema, toRecordBatch } from './arrow-columns.ts';
import { inGroups } from './row-groups.ts';

/**
 * Writes rows as one Arrow IPC stream, which is what `Dataset.from_file` of Hugging Face's datasets reads: uncompressed,
 * since this library compresses in a way that no other one reads. Holds no more than a group of rows. Returns their number.
 */
export async function writeArrowStream(write: (bytes: Uint8Array) => Promise<void>, rows: AsyncIterable<DatasetRow>): Promise<number> {
  const writer = new ChunkWriter();
  writer.reset(undefined, arrowSchema);
  let count = 0;
  for await (const group of inGroups(rows)) {
    writer.write(toRecordBatch(group));
    count += group.length;
    for (const chunk of writer.take()) await write(chunk);
  }
  writer.finish();
  for (const chunk of writer.take()) await write(chunk);
  return count;
}

/** Keeps its bytes until `take`: the queue of the base class grows without bound where the reader is slower. */
class ChunkWriter extends RecordBatchStreamWriter {
  #chunks: Uint8Array[] = [];

  take(): Uint8Array[] {
    const taken = this.#chunks;
    this.#chunks = [];
    return taken;
  }

  protected override _write(chunk: ArrayBufferView): this {
    if (this._started && chunk.byteLength > 0) this.#chunks.push(new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength));
    return this;
  }
}
