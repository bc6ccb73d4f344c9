import { messageOf } from '../../../schemas/problem.ts';
import type { ScanReport } from '../../../schemas/finding.ts';
import { parseJson } from '../../tables/loose-json.ts';
import { openSource } from '../../tables/byte-source.ts';
import { parquetRows } from '../../tables/parquet-rows.ts';
import { readTrajectories } from '../../ingestion/index.ts';
import { readRow, scannableRow, type ScannableRow } from '../inputs/row.ts';
import { type Place, placeText } from '../../../schemas/place.ts';
import type { ScanContext } from '../../../schemas/scan-context.ts';
import type { ScanRule } from '../../../schemas/scan-rule.ts';
import { scanTrajectory } from '../scan-trajectory.ts';
import type { ThreadSettings, Unit, UnitResult } from './unit.ts';

const rowsAResult = 200;

/** Columns that are large and that the scan never looks at. */
const unreadColumns = new Set(['tools', 'model_patch', 'metadata.model_patch']);

/** Scans a unit and sends its results as they come. A row that cannot be read is reported and skipped. */
export async function scanUnit(unit: Unit, settings: ThreadSettings, send: (result: UnitResult) => void): Promise<void> {
  const batch = new Batch(unit.number, settings, send);
  try {
    if (unit.kind === 'lines') scanLines(unit, batch);
    else if (unit.form === 'parquet') await scanParquet(unit.path, batch);
    else await scanOther(unit.path, batch);
  } catch (error) {
    batch.bad(`${unit.kind === 'lines' ? unit.name : unit.path}: ${messageOf(error)}`);
  }
  batch.flush(true);
}

function scanLines(unit: Extract<Unit, { kind: 'lines' }>, batch: Batch): void {
  const decoder = new TextDecoder();
  let line = unit.firstLine;
  for (let start = 0; start < unit.bytes.length; line += 1) {
    const newline = unit.bytes.indexOf(0x0a, start);
    const end = newline === -1 ? unit.bytes.length : newline;
    if (end > start)
      batch.text(decoder.decode(unit.bytes.subarray(start, end)), { file: unit.name, unit: 'line', number: line }, end + 1 - start);
    start = end + 1;
  }
}

/** Documents and folders of the many formats. */
async function scanOther(path: string, batch: Batch): Promise<void> {
  for await (const reading of readTrajectories(path)) {
    if (reading.ok) batch.scan(scannableRow(reading.trajectory, reading.record));
    else batch.bad(`${placeText(reading.place)}: ${reading.problem}`);
  }
}

async function scanParquet(path: string, batch: Batch): Promise<void> {
  const source = await openSource(path);
  try {
    let number = 0;
    for await (const row of parquetRows(source, unreadColumns)) {
      batch.row(row, { file: path, unit: 'row', number: number + 1 });
      number += 1;
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
  readonly #send: (result: UnitResult) => void;
  #result: UnitResult;

  constructor(number: number, { context, rules }: ThreadSettings, send: (result: UnitResult) => void) {
    this.#number = number;
    this.#context = context;
    this.#rules = rules;
    this.#send = send;
    this.#result = this.#empty();
  }

  text(line: string, place: Place, bytes: number): void {
    this.consumed(bytes);
    if (line.trim() === '') return;
    let value: unknown;
    try {
      value = parseJson(line);
    } catch (error) {
      this.bad(`${placeText(place)}: ${messageOf(error)}`);
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
    const report = scanTrajectory(trajectory, { ...context, ...this.#context }, this.#rules);
    this.#result.lines += `${JSON.stringify(report)}\n`;
    this.#result.rows += 1;
    if (report.git_hack_attempted) this.#result.accused += 1;
    if (report.unread.length > 0) this.#result.unread.push(`${whereOf(report)}: ${report.unread.join('; ')}`);
    if (this.#result.rows >= rowsAResult) this.flush(false);
  }

  bad(message: string): void {
    this.#result.bad.push(message);
  }

  consumed(bytes: number): void {
    this.#result.bytes += bytes;
  }

  flush(done: boolean): void {
    this.#send({ ...this.#result, done });
    this.#result = this.#empty();
  }

  #empty(): UnitResult {
    return { number: this.#number, lines: '', rows: 0, accused: 0, bad: [], unread: [], bytes: 0, done: false };
  }
}
