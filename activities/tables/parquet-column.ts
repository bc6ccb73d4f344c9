import type { DecodedArray, PageHeader } from 'hyparquet';
import { assembleLists } from 'hyparquet/src/assemble.js';
import { parquetHeader, readPage } from 'hyparquet/src/column.js';
import { convert, convertWithDictionary } from 'hyparquet/src/convert.js';
import { decompressPage, readDataPage, readDataPageV2 } from 'hyparquet/src/datapage.js';
import { getMaxDefinitionLevel } from 'hyparquet/src/schema.js';

type Decoder = Parameters<typeof readPage>[2];

interface ColumnRange {
  read(start: number, end: number): Promise<Uint8Array<ArrayBuffer>>;
  /** Bytes to fetch at a time at least. */
  stride: number;
  start: number;
  end: number;
  decoder: Decoder;
}

/** A decoded page and how far it was taken. Levels are empty where the column needs none. */
interface Page {
  definitionLevels: number[];
  repetitionLevels: number[];
  values: DecodedArray;
  /** Slots of the page: nulls and empty lists have one too. */
  slots: number;
  slotAt: number;
  valueAt: number;
}

/** Page headers hold statistics with whole values; more than this is never needed to read one. */
const headerBytes = [64 * 1024, 16 * 1024 * 1024] as const;

/**
 * One leaf column of one row group, read page by page. Rows are put together only as they are taken: a page of
 * a megabyte may hold, run-length encoded, the lists of tens of thousands of rows.
 */
export class ParquetColumn {
  readonly #range: ColumnRange;
  readonly #maxDefinitionLevel: number;
  #at: number;
  #window: Uint8Array<ArrayBuffer> = new Uint8Array(0);
  #windowStart = 0;
  #dictionary: DecodedArray | undefined;
  #page: Page | undefined;

  constructor(range: ColumnRange) {
    this.#range = range;
    this.#maxDefinitionLevel = getMaxDefinitionLevel(range.decoder.schemaPath);
    this.#at = range.start;
  }

  /** The next rows; fewer at the end of the column. */
  async take(count: number): Promise<unknown[]> {
    const rows: unknown[] = [];
    for (;;) {
      while (this.#page === undefined || this.#page.slotAt === this.#page.slots) {
        if (this.#at >= this.#range.end) return rows;
        await this.#readPage();
      }
      // The next row begins at the page's place: only a list that goes on from the page before does not.
      if (!this.#takeSlots(this.#page, rows, count)) return rows;
    }
  }

  /** Adds what the page has of the wanted rows; false when all are whole. */
  #takeSlots(page: Page, rows: unknown[], count: number): boolean {
    const { definitionLevels, repetitionLevels, values, slots, slotAt, valueAt } = page;
    let left = count - rows.length;
    let end = slotAt;
    let defined = 0;
    for (; end < slots; end += 1) {
      const startsRow = repetitionLevels.length === 0 || repetitionLevels[end] === 0;
      if (startsRow && left === 0) break;
      if (startsRow) left -= 1;
      if (definitionLevels.length === 0 || definitionLevels[end] === this.#maxDefinitionLevel) defined += 1;
    }
    if (end === slotAt) return false;
    const assembled = assembleLists(
      rows,
      definitionLevels.slice(slotAt, end),
      repetitionLevels.slice(slotAt, end),
      values.slice(valueAt, valueAt + defined),
      this.#range.decoder.schemaPath,
    );
    // A column that can neither repeat nor be null comes back as its values.
    if (assembled !== rows) for (const value of assembled) rows.push(value);
    page.slotAt = end;
    page.valueAt = valueAt + defined;
    return true;
  }

  async #readPage(): Promise<void> {
    const { decoder } = this.#range;
    const header = await this.#readHeader();
    const bytes = await this.#bytes(header.compressed_page_size);
    this.#at += header.compressed_page_size;
    if (header.type === 'DICTIONARY_PAGE') {
      const reader = { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), offset: 0 };
      const { data } = readPage(reader, header, decoder, undefined, undefined, 0);
      this.#dictionary = data === undefined ? undefined : convert(data, decoder);
    } else {
      this.#page = decodePage(bytes, header, decoder, this.#dictionary);
    }
  }

  async #readHeader(): Promise<PageHeader> {
    for (const size of headerBytes) {
      const bytes = await this.#bytes(Math.min(size, this.#range.end - this.#at));
      const reader = { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), offset: 0 };
      try {
        const header = parquetHeader(reader);
        this.#at += reader.offset;
        return header;
      } catch (error) {
        if (!(error instanceof RangeError) || bytes.length < size) throw error;
      }
    }
    throw new RangeError(`a page header of ${this.#range.decoder.pathInSchema.join('.')} has no end`);
  }

  /** The bytes at the current place, through a window that moves on with it. */
  async #bytes(length: number): Promise<Uint8Array<ArrayBuffer>> {
    const from = this.#at - this.#windowStart;
    if (from < 0 || from + length > this.#window.length) {
      const end = Math.min(this.#range.end, this.#at + Math.max(length, this.#range.stride));
      this.#window = await this.#range.read(this.#at, end);
      this.#windowStart = this.#at;
      if (this.#window.length < length) throw new RangeError(`column ${this.#range.decoder.pathInSchema.join('.')} is cut short`);
      return this.#window.subarray(0, length);
    }
    return this.#window.subarray(from, from + length);
  }
}

function decodePage(bytes: Uint8Array, header: PageHeader, decoder: Decoder, dictionary: DecodedArray | undefined): Page | undefined {
  const { data_page_header: first, data_page_header_v2: second } = header;
  let levels: ReturnType<typeof readDataPage>;
  if (first !== undefined) {
    levels = readDataPage(decompressPage(bytes, header.uncompressed_page_size, decoder.codec, decoder.compressors), first, decoder);
  } else if (second !== undefined) {
    levels = readDataPageV2(bytes, header, decoder);
  } else {
    // Index pages and kinds to come hold no values.
    return undefined;
  }
  const { definitionLevels = [], repetitionLevels, dataPage } = levels;
  const values = convertWithDictionary(dataPage, dictionary, (first ?? second)?.encoding ?? 'PLAIN', decoder);
  const slots = definitionLevels.length || repetitionLevels.length || values.length;
  return { definitionLevels, repetitionLevels, values, slots, slotAt: 0, valueAt: 0 };
}
