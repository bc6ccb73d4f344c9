import { constants, zstdCompressSync } from 'node:zlib';
import type { OffsetIndex, RowGroup } from 'hyparquet';
import { ByteWriter } from 'hyparquet-writer';
import { writePageHeader } from 'hyparquet-writer/src/datapage.js';
import { writeRleBitPackedHybrid } from 'hyparquet-writer/src/encoding.js';
import type { Leaf } from './leaf.ts';

/** Bytes of a page before it is packed: about one row's observations, so that one row costs a reader a few pages. */
const pageBytes = 256 * 1024;
const level = 3;

const dictionaryStats = { page_type: 'DICTIONARY_PAGE' as const, encoding: 'PLAIN' as const, count: 1 };

type Chunk = RowGroup['columns'][number];

/** Writes all slots of a leaf as one column chunk of pages (version 2, zstd), each of whole rows. */
export function writeChunk(sink: ByteWriter, leaf: Leaf): { chunk: Chunk; pages: OffsetIndex; plainBytes: number } {
  const start = sink.offset;
  const { type, encoding } = leaf.values;
  let plainBytes = 0;
  const dictionary = leaf.values.dictionary();
  if (dictionary !== null) plainBytes += writeDictionary(sink, dictionary);
  const dataStart = sink.offset;
  const page_locations: OffsetIndex['page_locations'] = [];
  const boundaries = pageStarts(leaf);
  for (const [index, from] of boundaries.entries()) {
    const offset = sink.offset;
    plainBytes += writePage(sink, leaf, from, boundaries[index + 1] ?? leaf.rows.length);
    page_locations.push({ offset: BigInt(offset), compressed_page_size: sink.offset - offset, first_row_index: BigInt(from) });
  }
  const pageStats = { page_type: 'DATA_PAGE_V2' as const, encoding, count: boundaries.length };
  return {
    pages: { page_locations },
    plainBytes,
    chunk: {
      file_offset: BigInt(start),
      meta_data: {
        type,
        encodings: dictionary === null ? [encoding] : ['PLAIN', encoding],
        path_in_schema: leaf.place.path,
        codec: 'ZSTD',
        num_values: BigInt(leaf.slots),
        total_compressed_size: BigInt(sink.offset - start),
        total_uncompressed_size: BigInt(plainBytes),
        data_page_offset: BigInt(dataStart),
        ...(dictionary !== null && { dictionary_page_offset: BigInt(start) }),
        ...(leaf.bounded && {
          statistics: leaf.bounds,
          encoding_stats: dictionary === null ? [pageStats] : [dictionaryStats, pageStats],
        }),
      },
    },
  };
}

/** Rows that pages begin with. */
function pageStarts({ rows, values }: Leaf): number[] {
  const starts: number[] = [];
  let before = 0;
  for (const [row, { bytes }] of rows.entries()) {
    const end = rows[row + 1]?.bytes ?? values.bytes;
    if (starts.length > 0 && end - before <= pageBytes) continue;
    starts.push(row);
    before = bytes;
  }
  return starts;
}

/** Writes rows as one page. Returns its bytes before packing, header included. */
function writePage(sink: ByteWriter, leaf: Leaf, from: number, to: number): number {
  const [first, end] = [leaf.rows[from], leaf.rows[to]];
  if (first === undefined) throw new RangeError(`no row ${from}`);
  const [slotEnd, valueEnd] = [end?.slot ?? leaf.slots, end?.value ?? leaf.values.count];
  const { maxDefinition, maxRepetition } = leaf.place;
  const levels = new ByteWriter();
  const repetitionBytes =
    maxRepetition === 0 ? 0 : writeRleBitPackedHybrid(levels, leaf.repetitions(first.slot, slotEnd), bits(maxRepetition));
  const definitionBytes = writeRleBitPackedHybrid(levels, leaf.definitions(first.slot, slotEnd), bits(maxDefinition));
  const values = leaf.values.page(first.value, valueEnd);
  const packed = packedPage(values);
  const start = sink.offset;
  writePageHeader(sink, {
    type: 'DATA_PAGE_V2',
    uncompressed_page_size: levels.offset + values.length,
    compressed_page_size: levels.offset + packed.length,
    data_page_header_v2: {
      num_values: slotEnd - first.slot,
      num_nulls: slotEnd - first.slot - (valueEnd - first.value),
      num_rows: to - from,
      encoding: leaf.values.encoding,
      definition_levels_byte_length: definitionBytes,
      repetition_levels_byte_length: repetitionBytes,
      is_compressed: true,
    },
  });
  const header = sink.offset - start;
  sink.appendBytes(levels.getBytes());
  sink.appendBytes(packed);
  return header + levels.offset + values.length;
}

function writeDictionary(sink: ByteWriter, { page, count }: { page: Uint8Array; count: number }): number {
  const packed = packedPage(page);
  const start = sink.offset;
  writePageHeader(sink, {
    type: 'DICTIONARY_PAGE',
    uncompressed_page_size: page.length,
    compressed_page_size: packed.length,
    dictionary_page_header: { num_values: count, encoding: 'PLAIN' },
  });
  const header = sink.offset - start;
  sink.appendBytes(packed);
  return header + page.length;
}

/** Bits of a level between 0 and this. */
function bits(most: number): number {
  return Math.ceil(Math.log2(most + 1));
}

/** In one step: by default Node asks for the result in pieces of 16 KB. */
function packedPage(bytes: Uint8Array): Uint8Array {
  const chunkSize = Math.max(1024, bytes.length + (bytes.length >> 7) + 512);
  return zstdCompressSync(bytes, { chunkSize, params: { [constants.ZSTD_c_compressionLevel]: level } });
}
