import type { RowGroup, SchemaElement } from 'hyparquet';
import { ByteWriter } from 'hyparquet-writer';
import { writeMetadata } from 'hyparquet-writer/src/metadata.js';
import { serializeTCompactProtocol } from 'hyparquet-writer/src/thrift.js';
import { unconvertMinMax } from 'hyparquet-writer/src/unconvert.js';
import type { RowForm } from '../../../schemas/dataset-row.ts';
import type { EncodedGroup } from '../../tables/writing/row-group.ts';
import { move } from './encoded-group.ts';
import { parquetSchema } from './parquet-columns.ts';

const mark = Buffer.from('PAR1');
/** Bytes of a bound of a page. */
const boundBytes = 64;
/** Bounds of one page count as ascending. */
const ascending = 1;

/** One Parquet file, put together from row groups that were encoded elsewhere; memory holds no more than their footer. */
export class ParquetFile {
  readonly #write: (bytes: Uint8Array) => Promise<void>;
  readonly #schema: SchemaElement[];
  readonly #groups: Pick<EncodedGroup, 'group' | 'pages'>[] = [];
  #offset = 0;

  constructor(write: (bytes: Uint8Array) => Promise<void>, form: RowForm) {
    this.#write = write;
    this.#schema = parquetSchema(form);
  }

  async add({ bytes, group, pages }: EncodedGroup): Promise<void> {
    if (this.#offset === 0) await this.#append(mark);
    move({ group, pages }, this.#offset);
    this.#groups.push({ group, pages });
    await this.#append(bytes);
  }

  /** Writes page indexes and footer. */
  async finish(): Promise<void> {
    if (this.#offset === 0) await this.#append(mark);
    const footer = new ByteWriter();
    footer.offset = this.#offset;
    const leaves = this.#schema.filter(({ type }) => type !== undefined);
    for (const { group } of this.#groups) {
      for (const [column, leaf] of leaves.entries()) writeBounds(footer, group.columns[column], leaf);
    }
    for (const { group, pages } of this.#groups) {
      for (const [column, { page_locations }] of pages.entries()) writePlaces(footer, group.columns[column], page_locations);
    }
    const groups = this.#groups.map(({ group }) => group);
    const num_rows = groups.reduce((sum, group) => sum + group.num_rows, 0n);
    writeMetadata(footer, { version: 2, created_by: 'tracemill', schema: this.#schema, num_rows, row_groups: groups, metadata_length: 0 });
    footer.appendBytes(mark);
    await this.#append(footer.getBytes());
  }

  async #append(bytes: Uint8Array): Promise<void> {
    await this.#write(bytes);
    this.#offset += bytes.length;
  }
}

type Chunk = RowGroup['columns'][number];

/** The column index of a chunk with one page: its bounds are those of the chunk. */
function writeBounds(footer: ByteWriter, chunk: Chunk | undefined, leaf: SchemaElement): void {
  const statistics = chunk?.meta_data?.statistics;
  if (chunk === undefined || statistics === undefined) return;
  const low = unconvertMinMax(statistics.min_value, leaf, false, boundBytes);
  const high = unconvertMinMax(statistics.max_value, leaf, true, boundBytes);
  const nulls = statistics.null_count ?? 0n;
  const allNull = nulls === chunk.meta_data?.num_values;
  if (!allNull && (low === undefined || high === undefined)) return;
  const from = footer.offset;
  serializeTCompactProtocol(footer, {
    field_1: [allNull],
    field_2: [low ?? new Uint8Array()],
    field_3: [high ?? new Uint8Array()],
    field_4: ascending,
    field_5: [nulls],
  });
  chunk.column_index_offset = BigInt(from);
  chunk.column_index_length = footer.offset - from;
}

function writePlaces(footer: ByteWriter, chunk: Chunk | undefined, locations: EncodedGroup['pages'][number]['page_locations']): void {
  if (chunk === undefined) return;
  const from = footer.offset;
  serializeTCompactProtocol(footer, {
    field_1: locations.map(({ offset, compressed_page_size, first_row_index }) => ({
      field_1: offset,
      field_2: compressed_page_size,
      field_3: first_row_index,
    })),
  });
  chunk.offset_index_offset = BigInt(from);
  chunk.offset_index_length = footer.offset - from;
}
