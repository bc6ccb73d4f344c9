import { isUtf8 } from 'node:buffer';
import { messageOf } from '../../../schemas/problem.ts';
import type { ScanReport } from '../../../schemas/finding.ts';
import { parseJson } from '../../tables/loose-json.ts';
import { openSource } from '../../tables/byte-source.ts';
import { tooLong } from '../../tables/json-rows.ts';
import { parquetRows } from '../../tables/parquet-rows.ts';
import { replacedFields } from '../../tables/utf8.ts';
import { type BadPlace, notUtf8Note, originOf, readTrajectories, type TrajectoryInput } from '../../ingestion/index.ts';
import { readRow, scannableRow, type ScannableRow } from '../inputs/row.ts';
import { type Place, placeText } from '../../../schemas/place.ts';
import type { ScanContext } from '../../../schemas/scan-context.ts';
import type { ScanRule } from '../../../schemas/scan-rule.ts';
import { scanTrajectory } from '../scan-trajectory.ts';
import { passagesOf } from '../second-judge/passages.ts';
import type { ThreadSettings, Unit, UnitResult } from './unit.ts';

const rowsAResult = 200;

/** Columns that are large and that the scan never looks at. */
const unreadColumns = new Set(['tools', 'model_patch', 'metadata.model_patch']);

/** Scans a unit and sends its results as they come. A row that cannot be read is reported and skipped. */
export async function scanUnit(unit: Unit, settings: ThreadSettings, send: (result: UnitResult) => void): Promise<void> {
  const batch = new Batch(unit.number, settings, send);
  const failed = (problem: string) => batch.bad({ place: originOf(unit.name).place, problem, rows: 1 });
  try {
    if (unit.kind === 'failed') failed(unit.problem);
    else if (unit.kind === 'lines') scanLines(unit, batch);
    else if (unit.kind === 'bytes') await scanWhole({ name: unit.name, stream: once(unit.bytes) }, batch);
    else if (unit.form === 'parquet') await scanParquet(unit.name, batch);
    else await scanWhole(unit.name, batch);
  } catch (error) {
    failed(messageOf(error));
  }
  batch.flush(true);
}

function scanLines(unit: Unit & { kind: 'lines' }, batch: Batch): void {
  const place = (number: number): Place => ({ file: unit.name, unit: 'line', number });
  if (unit.tooLong) batch.bad({ place: place(unit.firstLine), problem: tooLong, rows: 1 });
  const decoder = new TextDecoder();
  const whole = isUtf8(unit.bytes);
  // A buffer searches for a byte many times faster than a plain array does.
  const all = Buffer.from(unit.bytes.buffer, unit.bytes.byteOffset, unit.bytes.byteLength);
  let line = unit.firstLine;
  for (let start = 0; start < all.length; line += 1) {
    const newline = all.indexOf(0x0a, start);
    const end = newline === -1 ? all.length : newline;
    const bytes = all.subarray(start, end);
    if (end > start) batch.text(decoder.decode(bytes), place(line), end + 1 - start);
    if (!whole && !isUtf8(bytes)) batch.damaged(place(line));
    start = end + 1;
  }
}

/** Documents, sessions and folders of the many formats. */
async function scanWhole(input: TrajectoryInput, batch: Batch): Promise<void> {
  for await (const reading of readTrajectories(input)) {
    if (!reading.ok) {
      batch.bad(reading);
      continue;
    }
    batch.scan(scannableRow(reading.trajectory, reading.record));
    if (reading.trajectory.reported.some((line) => line.startsWith(notUtf8Note))) batch.damaged(reading.place);
  }
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

async function scanParquet(path: string, batch: Batch): Promise<void> {
  const source = await openSource(path);
  try {
    let number = 0;
    const texts = { notUtf8: 0 };
    for await (const row of parquetRows(source, unreadColumns, { texts })) {
      number += 1;
      const place: Place = { file: path, unit: 'row', number };
      batch.row(row, place);
      // Texts are counted as they are decoded, some rows ahead.
      if (texts.notUtf8 > 0 && replacedFields(row).length > 0) batch.damaged(place);
    }
    batch.consumed(source.size);
  } finally {
    await source.close();
  }
}

function whereOf({ place, id }: ScanReport): string {
  return place === null ? id : `${placeText(place)} (${id})`;
}

class Batch {
  readonly #number: number;
  readonly #context: ScanContext;
  readonly #rules: ScanRule[];
  readonly #marked: ThreadSettings['passages'];
  readonly #send: (result: UnitResult) => void;
  #result: UnitResult;

  constructor(number: number, { context, rules, passages }: ThreadSettings, send: (result: UnitResult) => void) {
    this.#number = number;
    this.#context = context;
    this.#rules = rules;
    this.#marked = passages;
    this.#send = send;
    this.#result = this.#empty();
  }

  text(line: string, place: Place, bytes: number): void {
    this.consumed(bytes);
    if (line.trim() === '') return;
    let value: unknown;
    try {
      value = parseJson(line.trim());
    } catch (error) {
      this.bad({ place, problem: `not JSON: ${messageOf(error)}`, rows: 1 });
      return;
    }
    this.row(value, place);
  }

  row(value: unknown, place: Place): void {
    const { rows, problems } = readRow(value, place);
    for (const problem of problems) this.bad(problem);
    for (const row of rows) this.scan(row);
  }

  scan({ trajectory, context }: ScannableRow): void {
    const whole = { ...context, ...this.#context };
    const report = scanTrajectory(trajectory, whole, this.#rules);
    const marked = this.#marked && { passages: passagesOf(trajectory.messages, report.findings, whole, this.#marked) };
    this.#result.lines += `${JSON.stringify({ ...report, ...marked })}\n`;
    this.#result.rows += 1;
    if (report.git_hack_attempted) this.#result.accused += 1;
    if (report.unread.length > 0) this.#result.unread.push(`${whereOf(report)}: ${report.unread.join('; ')}`);
    if (this.#result.rows >= rowsAResult) this.flush(false);
  }

  bad({ place, problem, rows }: BadPlace): void {
    this.#result.bad.push({ place, problem, rows });
  }

  damaged(place: Place): void {
    this.#result.damaged.push(place);
  }

  consumed(bytes: number): void {
    this.#result.bytes += bytes;
  }

  flush(done: boolean): void {
    this.#send({ ...this.#result, done });
    this.#result = this.#empty();
  }

  #empty(): UnitResult {
    return { number: this.#number, lines: '', rows: 0, accused: 0, bad: [], damaged: [], unread: [], bytes: 0, done: false };
  }
}
