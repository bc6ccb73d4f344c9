import { DatasetRow, type RowForm } from '../../../schemas/dataset-row.ts';
import { openSource } from '../../tables/byte-source.ts';
import { ParquetSlices } from '../../tables/parquet-slices.ts';

interface Place {
  /** Index in the shards. */
  shard: number;
  row: number;
}

/** Rows that lie one behind the other are read at once, but not more: the longest are megabytes each. */
const rowsAtOnce = 16;

/** The rows at these places, in their order. Neighbours in a shard are read together, and of a shard no more than the pages that hold them. */
export async function* rowsAt(shards: readonly string[], form: RowForm, places: readonly Place[]): AsyncGenerator<DatasetRow> {
  const open = new Map<number, { slices: ParquetSlices; close: () => Promise<void> }>();
  const ahead = new Map<number, { from: number; rows: DatasetRow[] }>();
  try {
    for (const [index, { shard, row }] of places.entries()) {
      const known = ahead.get(shard);
      const found = known?.rows[row - known.from];
      if (found !== undefined) {
        yield found;
        continue;
      }
      const file = open.get(shard) ?? (await openShard(shards[shard] ?? ''));
      open.set(shard, file);
      const rows = await file.slices.read(row, row + neighbours(places, index));
      const read = rows.map((raw) => rowOf(raw, form));
      ahead.set(shard, { from: row, rows: read });
      const [first] = read;
      if (first === undefined) return;
      yield first;
    }
  } finally {
    for (const { close } of open.values()) await close();
  }
}

async function openShard(path: string): Promise<{ slices: ParquetSlices; close: () => Promise<void> }> {
  const source = await openSource(path);
  return { slices: await ParquetSlices.open(source), close: () => source.close() };
}

/** How many places from this one on follow each other in its shard, others between them not counted. */
function neighbours(places: readonly Place[], index: number): number {
  const start = places[index];
  let count = 1;
  for (const { shard, row } of places.slice(index + 1)) {
    if (count === rowsAtOnce) break;
    if (shard !== start?.shard) continue;
    if (row !== start.row + count) break;
    count += 1;
  }
  return count;
}

/** Fields that are null come as nothing from this reader. */
function rowOf(raw: Record<string, unknown>, form: RowForm): DatasetRow {
  const messages = raw[form];
  const whole = (message: unknown) =>
    typeof message === 'object' && message !== null
      ? {
          reasoning_content: null,
          tool_calls: null,
          ...Object.fromEntries(Object.entries(message).filter(([, value]) => value !== undefined)),
        }
      : message;
  return DatasetRow.parse({ ...raw, trajectory: Array.isArray(messages) ? messages.map(whole) : messages });
}
