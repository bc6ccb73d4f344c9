import { parse as parseYaml } from 'yaml';
import { messageOf, Problem } from '../../schemas/problem.ts';
import { type ByteSource, openSource } from './byte-source.ts';
import { type JsonText, jsonLinesOf, jsonListItems } from './json-rows.ts';
import { parseJson } from './loose-json.ts';
import { type ByteStream, openStream, refuseOtherForms } from './packed.ts';
import { parquetRows } from './parquet-rows.ts';
import { decodeUtf8, replacedFields } from './utf8.ts';

export interface RowOptions {
  /** Columns and fields of a Parquet file that need not be read, by path: `interface`, `meta.pr_labels`. */
  without?: readonly string[];
}

/** A row's values, or the reason why there are none. */
export type RawRow = {
  value: { ok: true; row: unknown } | { ok: false; code: 'not_json' | 'not_utf8' | 'row_too_long'; problem: string };
  place: string;
};

/**
 * The rows of a Parquet, JSONL, JSON or YAML file, or of one behind an `http(s)://` address, recognised by content; JSON and YAML may be
 * packed by gzip or zstd. `place`: file and row, from 1, or line for JSON. A row with bytes that are not UTF-8 has no values. Memory does
 * not grow with the file. Throws `Problem` source_not_found, source_unreadable or source_changed, and what parsers throw of a damaged file.
 */
export async function* readRows(file: string, options: RowOptions = {}): AsyncGenerator<RawRow> {
  const source = await openSource(file);
  try {
    if (await isParquet(source)) {
      yield* rowsOfParquet(source, options);
      return;
    }
    const stream = await openStream(source);
    refuseOtherForms(source.name, stream);
    const kind = kindOf(source.name, stream);
    if (kind === 'jsonl') yield* rowsOfJson(source, jsonLinesOf(stream.chunks()));
    else if (kind === 'json-list') yield* rowsOfJson(source, jsonListItems(stream.chunks()));
    else yield* rowsOfDocument(source, stream);
  } finally {
    await source.close();
  }
}

async function* rowsOfParquet(source: ByteSource, { without = [] }: RowOptions): AsyncGenerator<RawRow> {
  let number = 0;
  const texts = { notUtf8: 0 };
  for await (const row of parquetRows(source, new Set(without), { texts })) {
    number += 1;
    const bad = texts.notUtf8 === 0 ? [] : replacedFields(row);
    yield { value: bad.length === 0 ? { ok: true, row } : notUtf8(bad, null), place: `${source.name} row ${number}` };
  }
}

async function* rowsOfJson(source: ByteSource, texts: AsyncIterable<JsonText>): AsyncGenerator<RawRow> {
  for await (const text of texts) yield { value: rowOfText(text), place: `${source.name} line ${text.line}` };
}

function rowOfText({ text, notUtf8: bad, problem }: JsonText): RawRow['value'] {
  if (problem !== null) return { ok: false, code: 'row_too_long', problem };
  try {
    const row = parseJson(text);
    return bad === null ? { ok: true, row } : notUtf8(replacedFields(row), bad);
  } catch (error) {
    return bad === null ? { ok: false, code: 'not_json', problem: `not JSON: ${messageOf(error)}` } : notUtf8([], bad);
  }
}

/** `where`: the first bad byte, where it is known. */
function notUtf8(fields: string[], where: string | null): Extract<RawRow['value'], { ok: false }> {
  const named = fields.length === 0 ? 'row' : fields.slice(0, 5).join(', ');
  return { ok: false, code: 'not_utf8', problem: `${named}: not UTF-8${where === null ? '' : ` (${where})`}` };
}

/** Bytes that a plain task file may have; it is read as a whole. */
const largestDocument = 64 * 1024 * 1024;

/** A plain task file: one task, or a list of them, in YAML or JSON. */
async function* rowsOfDocument(source: ByteSource, stream: ByteStream): AsyncGenerator<RawRow> {
  const { text, notUtf8: bad } = decodeUtf8(await wholeDocument(source, stream));
  // Where the document is in pieces, its rows are not known.
  if (bad !== null) throw new Problem('source_unreadable', `${source.name} is not UTF-8: ${bad}`, { hint: 'write the file as UTF-8' });
  const document: unknown = parseYaml(text, { maxAliasCount: 100 });
  const rows = Array.isArray(document) ? document : document === null ? [] : [document];
  for (const [index, row] of rows.entries()) yield { value: { ok: true, row }, place: `${source.name} task ${index + 1}` };
}

async function wholeDocument({ name, size }: ByteSource, stream: ByteStream): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of size > largestDocument ? [] : stream.chunks()) {
    pieces.push(piece);
    length += piece.length;
    if (length > largestDocument) break;
  }
  if (size <= largestDocument && length <= largestDocument) return Buffer.concat(pieces);
  throw new Problem('source_unreadable', `${name} is larger than a plain task file may be (${largestDocument} bytes)`, {
    hint: 'give large sources as Parquet or JSONL',
  });
}

async function isParquet(source: ByteSource): Promise<boolean> {
  if (/\.parquet($|[?#])/i.test(source.name)) return Buffer.from(await source.read(0, 4)).toString('latin1') !== 'PARE';
  return Buffer.from(await source.read(0, 4)).toString('latin1') === 'PAR1';
}

/** By the first bytes; a file of one JSON object over several lines is a document. */
function kindOf(name: string, { head }: ByteStream): 'jsonl' | 'json-list' | 'document' {
  const text = head.toString('utf8').trimStart();
  const ends = (endings: string) => new RegExp(`\\.(${endings})(\\.(gz|zst))?($|[?#])`, 'i').test(name);
  if (text.startsWith('[') && !ends('ya?ml')) return 'json-list';
  if (ends('jsonl|ndjson')) return 'jsonl';
  if (!text.startsWith('{')) return 'document';
  return /^\{\s*\n/.test(text) ? 'document' : 'jsonl';
}

/** A row's values as JSON has them: Parquet gives 64-bit integers as bigint, times as dates, and NaN where numbers are missing. */
export function plainValue(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (typeof value === 'number') return Number.isNaN(value) ? null : value;
  if (value instanceof Date) return plainValue(value.getTime());
  if (value instanceof Uint8Array) return Buffer.from(value).toString('utf8');
  if (ArrayBuffer.isView(value)) return Object.values(value).map(plainValue);
  if (Array.isArray(value)) return value.map(plainValue);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plainValue(inner)]));
}
