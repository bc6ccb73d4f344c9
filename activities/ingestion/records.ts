import { basename, dirname, join } from 'node:path';
import { type Place, placeText } from '../../schemas/place.ts';
import { type ByteSource, openSource } from '../tables/byte-source.ts';
import { type JsonText, jsonLinesOf, jsonListItems } from '../tables/json-rows.ts';
import { parquetRows } from '../tables/parquet-rows.ts';
import type { Origin } from './format.ts';
import { parseJson, readJsonDocument, SeveralValues } from './json-document.ts';
import { isFields } from './loose-values.ts';
import { isMessageList } from './message-list.ts';

/** One value of a file that may be a trajectory, or why it could not be read. */
export type Reading = { ok: true; value: unknown; origin: Origin } | { ok: false; place: Place; problem: string };

/** Columns that no trajectory needs. */
const unreadColumns = new Set(['eval_logs']);

/** Bytes looked at to distinguish the kinds of files. */
const sampleBytes = 64 * 1024;

/** The rows, lines or the one document of a file. Rows and lines are read one at a time. */
export async function* recordsOfFile(path: string): AsyncGenerator<Reading> {
  const source = await openSource(path);
  try {
    yield* recordsOf(source);
  } finally {
    await source.close();
  }
}

/** The records of a stream: JSON lines one at a time; a document or a Parquet file is collected first. */
export async function* recordsOfStream(name: string, stream: AsyncIterable<Uint8Array>): AsyncGenerator<Reading> {
  const chunks = stream[Symbol.asyncIterator]();
  const first: Uint8Array[] = [];
  let done = false;
  while (!done && first.reduce((sum, { length }) => sum + length, 0) < sampleBytes) {
    const next = await chunks.next();
    if (next.done === true) done = true;
    else first.push(next.value);
  }
  const collected: Uint8Array[] = [];
  const all = async function* () {
    yield* first;
    if (!done) yield* { [Symbol.asyncIterator]: () => chunks };
  };
  if (kindOf(name, Buffer.concat(first)) === 'lines') {
    yield* recordsOfLines(name, jsonLinesOf(all()));
    return;
  }
  for await (const chunk of all()) collected.push(chunk);
  const bytes = new Uint8Array(Buffer.concat(collected));
  yield* recordsOf({
    name,
    size: bytes.length,
    stride: 1024 * 1024,
    read: async (start, end) => bytes.slice(start, end),
    close: async () => undefined,
  });
}

async function* recordsOf(source: ByteSource): AsyncGenerator<Reading> {
  const { name } = source;
  const sample = Buffer.from(await source.read(0, sampleBytes));
  switch (kindOf(name, sample)) {
    case 'empty':
      yield { ok: false, place: originOf(name).place, problem: 'the file is empty' };
      return;
    case 'parquet':
      yield* recordsOfParquet(source);
      return;
    case 'lines':
      yield* recordsOfLines(name, jsonLinesOf(chunksOf(source)));
      return;
    case 'list':
      yield* recordsOfList(source);
      return;
    case 'document':
      yield* recordsOfDocument(source);
      return;
    case 'unknown':
      yield { ok: false, place: originOf(name).place, problem: 'neither JSON nor Parquet' };
  }
}

type Kind = 'empty' | 'parquet' | 'lines' | 'list' | 'document' | 'unknown';

function kindOf(name: string, sample: Buffer): Kind {
  if (sample.subarray(0, 4).toString('latin1') === 'PAR1') return 'parquet';
  const text = sample
    .toString('utf8')
    .replace(/^\uFEFF/, '')
    .trimStart();
  if (text === '') return 'empty';
  if (text.startsWith('{')) return /^\{\s*\n/.test(text) || /\.(json|traj)$/i.test(name) ? 'document' : 'lines';
  if (text.startsWith('[')) return /\.(jsonl|ndjson)$/i.test(name) && !/^\[\s*\n/.test(text) ? 'lines' : 'list';
  return 'unknown';
}

async function* recordsOfParquet(source: ByteSource): AsyncGenerator<Reading> {
  let row = 0;
  for await (const value of parquetRows(source, unreadColumns)) {
    row += 1;
    yield { ok: true, value, origin: originOf(source.name, { unit: 'row', number: row }) };
  }
}

async function* recordsOfLines(name: string, lines: AsyncIterable<JsonText>): AsyncGenerator<Reading> {
  for await (const text of lines) yield readText(name, text);
}

function readText(name: string, { text, line, problem }: JsonText): Reading {
  const origin = originOf(name, { unit: 'line', number: line });
  if (problem !== null) return { ok: false, place: origin.place, problem };
  try {
    return { ok: true, value: parseJson(text), origin };
  } catch (error) {
    return { ok: false, place: origin.place, problem: error instanceof Error ? error.message : String(error) };
  }
}

/** A list is one trajectory when its items are messages or events, else a list of records. */
async function* recordsOfList(source: ByteSource): AsyncGenerator<Reading> {
  const items: unknown[] = [];
  let together: boolean | undefined;
  try {
    for await (const text of jsonListItems(chunksOf(source))) {
      const reading = readText(source.name, text);
      if (!reading.ok) {
        yield reading;
        continue;
      }
      together ??= isMessageList([reading.value]) || isEvent(reading.value);
      if (together) items.push(reading.value);
      else yield reading;
    }
  } catch (error) {
    if (!(error instanceof SyntaxError) || items.length === 0) throw error;
    yield { ok: true, value: items, origin: { ...originOf(source.name), cut: true } };
    return;
  }
  if (together === true) yield { ok: true, value: items, origin: originOf(source.name) };
  else if (together === undefined) yield { ok: false, place: originOf(source.name).place, problem: 'the list is empty' };
}

function isEvent(value: unknown): boolean {
  return isFields(value) && 'source' in value && ('action' in value || 'observation' in value || 'kind' in value);
}

async function* recordsOfDocument(source: ByteSource): AsyncGenerator<Reading> {
  try {
    const { value, cut } = await readJsonDocument(chunksOf(source));
    yield { ok: true, value, origin: { ...originOf(source.name), cut } };
  } catch (error) {
    if (!(error instanceof SeveralValues)) throw error;
    yield* recordsOfLines(source.name, jsonLinesOf(chunksOf(source)));
  }
}

async function* chunksOf(source: ByteSource): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < source.size; at += source.stride) yield await source.read(at, at + source.stride);
}

/** The origin of one record: a line or row from 1, or the whole file. */
export function originOf(name: string, { unit, number }: Pick<Place, 'unit' | 'number'> = { unit: null, number: null }): Origin {
  return { path: name, place: { file: name, unit, number }, fallbackId: placeText({ file: basename(name), unit, number }), cut: false };
}

/** Where a folder that is one trajectory lies. */
export function originOfFolder(path: string): Origin {
  const name = basename(path) === 'events' ? join(basename(dirname(path)), 'events') : basename(path);
  return { ...originOf(path), fallbackId: name };
}
