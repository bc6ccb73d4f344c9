import { basename, dirname, join } from 'node:path';
import type { IngestedFormat } from '../../schemas/ingested.ts';
import { type Place, placeText } from '../../schemas/place.ts';
import { messageOf } from '../../schemas/problem.ts';
import { type ByteSource, openSource } from '../tables/byte-source.ts';
import { type JsonText, jsonLinesOf, jsonListItems, jsonValuesOf, TextBehindList } from '../tables/json-rows.ts';
import { parseJson } from '../tables/loose-json.ts';
import { parquetRows } from '../tables/parquet-rows.ts';
import { replacedFields } from '../tables/utf8.ts';
import { type Contents, openContents } from './contents.ts';
import { samplesOf } from './eval-archive.ts';
import type { Origin } from './format.ts';
import { lineFormatOf } from './formats.ts';
import { readJsonDocument, SeveralValues } from './json-document.ts';
import { isMessageList } from './message-list.ts';
import { otherContents } from './other-contents.ts';

/** One value of a file that may be a trajectory, or why it could not be read. */
export type Reading = { ok: true; value: unknown; origin: Origin } | { ok: false; place: Place; problem: string };

/** Columns that no trajectory needs. */
const unreadColumns = new Set(['eval_logs']);

/** The rows, lines or the one document of a file. Rows and lines are read one at a time. `from`: a format that the user named. */
export async function* recordsOfFile(path: string, from?: IngestedFormat): AsyncGenerator<Reading> {
  const source = await openSource(path);
  try {
    const contents = await openContents(path, chunksOf(source), from);
    try {
      yield* recordsOf(contents, contents.packing === null ? source : null);
    } catch (error) {
      if (!(error instanceof SeveralValues)) throw error;
      yield* recordsOfValues(await openContents(path, chunksOf(source), from));
    }
  } finally {
    await source.close();
  }
}

/** The records of a stream: JSON lines one at a time; everything else is collected first. */
export async function* recordsOfStream(name: string, stream: AsyncIterable<Uint8Array>, from?: IngestedFormat): AsyncGenerator<Reading> {
  const contents = await openContents(name, stream, from);
  if (contents.kind !== 'document') {
    yield* recordsOf(contents, null);
    return;
  }
  const pieces: Uint8Array[] = [];
  for await (const piece of contents.chunks) pieces.push(piece);
  try {
    yield* recordsOfDocument({ ...contents, chunks: againOf(pieces) });
  } catch (error) {
    if (!(error instanceof SeveralValues)) throw error;
    yield* recordsOfValues({ ...contents, chunks: againOf(pieces) });
  }
}

async function* againOf(pieces: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* pieces;
}

/** Documents one after another, which nothing else tells from one. */
async function* recordsOfValues({ name, chunks }: Contents): AsyncGenerator<Reading> {
  for await (const text of jsonValuesOf(chunks)) yield readLine(name, text);
}

/** `source`: the same bytes, where they can be read in any order. */
async function* recordsOf(contents: Contents, source: ByteSource | null): AsyncGenerator<Reading> {
  switch (contents.kind) {
    case 'empty':
      yield { ok: false, place: originOf(contents.name).place, problem: 'the file is empty' };
      return;
    case 'parquet':
      yield* recordsOfParquet(source ?? (await inMemory(contents)));
      return;
    case 'lines':
      yield* recordsOfLines(contents);
      return;
    case 'session':
      yield* recordsOfSession(contents);
      return;
    case 'list':
      yield* recordsOfList(contents);
      return;
    case 'document':
      yield* recordsOfDocument(contents);
      return;
    case 'zip':
      yield* recordsOfZip(contents, source ?? (await inMemory(contents)));
      return;
    case 'other':
      yield { ok: false, place: originOf(contents.name).place, problem: otherContents(contents) };
  }
}

async function* recordsOfParquet(source: ByteSource): AsyncGenerator<Reading> {
  let row = 0;
  const texts = { notUtf8: 0 };
  for await (const value of parquetRows(source, unreadColumns, { texts })) {
    row += 1;
    const origin = originOf(source.name, { unit: 'row', number: row });
    // Texts are counted as they are decoded, some rows ahead.
    const fields = texts.notUtf8 === 0 ? [] : replacedFields(value);
    yield {
      ok: true,
      value,
      origin: fields.length === 0 ? origin : { ...origin, notes: [`${notUtf8Note}: ${fields.slice(0, 5).join(', ')}`] },
    };
  }
}

/** The samples of an archive of Inspect; other archives are not read. */
async function* recordsOfZip(contents: Contents, source: ByteSource): AsyncGenerator<Reading> {
  const origin = originOf(contents.name);
  const samples = await samplesOf(source);
  if (samples === null) yield { ok: false, place: origin.place, problem: otherContents(contents) };
  else
    for await (const sample of samples) {
      if (sample.ok) yield { ok: true, value: sample.value, origin: { ...origin, fallbackId: `${origin.fallbackId}/${sample.name}` } };
      else yield { ok: false, place: origin.place, problem: sample.problem };
    }
}

async function* recordsOfLines({ name, chunks }: Contents): AsyncGenerator<Reading> {
  for await (const text of jsonLinesOf(chunks)) yield readLine(name, text);
}

/** One line of JSON. */
function readLine(name: string, { text, notUtf8, line, problem }: JsonText): Reading {
  const origin = originOf(name, { unit: 'line', number: line });
  if (problem !== null) return { ok: false, place: origin.place, problem };
  try {
    const value = parseJson(text);
    return { ok: true, value, origin: notUtf8 === null ? origin : { ...origin, notes: [`${notUtf8Note}: ${notUtf8}`] } };
  } catch (error) {
    return { ok: false, place: origin.place, problem: `not JSON: ${messageOf(error)}` };
  }
}

/** How the note begins that some bytes are not UTF-8; the first of them follows. */
export const notUtf8Note = 'bytes that are not UTF-8 stand as U+FFFD';

/**
 * Lines that are together one value. A line that cannot be read is reported in its place, and is a loss of the whole; the last one may
 * be cut, since the program may have been stopped while it wrote.
 */
async function* recordsOfSession({ name, chunks }: Contents): AsyncGenerator<Reading> {
  const values: unknown[] = [];
  const bad: Extract<Reading, { ok: false }>[] = [];
  const notes: string[] = [];
  let last = 0;
  for await (const text of jsonLinesOf(chunks)) {
    const reading = readLine(name, text);
    last = text.line;
    if (reading.ok) values.push(reading.value);
    else bad.push(reading);
    if (reading.ok) notes.push(...(reading.origin.notes ?? []));
  }
  const cut = bad.at(-1)?.place.number === last;
  const lost = bad.map(({ place, problem }) => ({ what: 'message' as const, reason: `line ${place.number}: ${problem}` }));
  yield* cut ? bad.slice(0, -1) : bad;
  yield { ok: true, value: values, origin: { ...originOf(name), cut, notes, lost: cut ? lost.slice(0, -1) : lost } };
}

/** Items of a list that are looked at to tell a trajectory from records. */
const looked = 5;

/** A list is one trajectory when its items are messages or events, else a list of records. */
async function* recordsOfList({ name, chunks }: Contents): AsyncGenerator<Reading> {
  const items: unknown[] = [];
  let waiting: Reading[] = [];
  let together: boolean | undefined;
  const isOne = () => isMessageList(items) || lineFormatOf(items) !== undefined;
  try {
    for await (const text of jsonListItems(chunks)) {
      const reading = readLine(name, text);
      if (together === false) {
        yield reading;
        continue;
      }
      if (reading.ok) items.push(reading.value);
      waiting.push(reading);
      if (together === undefined && items.length >= looked) together = isOne();
      if (together === false) {
        yield* waiting;
        waiting = [];
      }
    }
  } catch (error) {
    if (!(error instanceof SyntaxError) || items.length === 0) throw error;
    if (!(together ?? isOne())) {
      yield* waiting;
      throw error;
    }
    const behind = error instanceof TextBehindList;
    yield* waiting.filter(({ ok }) => !ok);
    yield { ok: true, value: items, origin: { ...originOf(name), cut: !behind } };
    if (behind) throw error;
    return;
  }
  if (together === false) return;
  if (items.length === 0 && waiting.length === 0) yield { ok: false, place: originOf(name).place, problem: 'the list is empty' };
  else if (together ?? isOne()) {
    yield* waiting.filter(({ ok }) => !ok);
    yield { ok: true, value: items, origin: originOf(name) };
  } else yield* waiting;
}

async function* recordsOfDocument({ name, chunks }: Contents): AsyncGenerator<Reading> {
  const { value, cut, notUtf8 } = await readJsonDocument(chunks);
  const origin: Origin = { ...originOf(name), cut, ...(notUtf8 === null ? {} : { notes: [`${notUtf8Note}: ${notUtf8}`] }) };
  yield { ok: true, value, origin };
}

async function* chunksOf(source: ByteSource): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < source.size; at += source.stride) yield await source.read(at, at + source.stride);
}

/** Bytes that can be read in any order once they are collected, for what is not read from its beginning to its end. */
async function inMemory({ name, chunks }: Contents): Promise<ByteSource> {
  const collected: Uint8Array[] = [];
  for await (const chunk of chunks) collected.push(chunk);
  const bytes = new Uint8Array(Buffer.concat(collected));
  return {
    name,
    size: bytes.length,
    stride: 1024 * 1024,
    read: async (start, end) => bytes.slice(start, end),
    close: async () => undefined,
  };
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
