import { readTrajectories } from '../../../activities/ingestion/index.ts';
import type { EvaluationRecord } from '../../../schemas/evaluation-record.ts';
import type { ScanReport } from '../../../schemas/finding.ts';
import { type Place, placeText } from '../../../schemas/place.ts';
import type { ViewRow } from '../../../schemas/view-row.ts';
import { RowList } from '../../model/rows/row-list.ts';
import { RowIds, rowOfOutcome, rowOfReport, rowOfTrajectory } from './file-rows.ts';
import type { GoodReading, Locator } from './read-again.ts';
import type { ResultFile } from './result-file.ts';

/** What stands behind a row: a trajectory in a file, perhaps one that a scan read elsewhere, or the outcome of an attempt. */
export type Behind =
  | { kind: 'trajectory'; locator: Locator }
  | { kind: 'report'; report: ScanReport }
  | { kind: 'outcome'; record: EvaluationRecord; index: number };

/** The rows of one path, as far as it was read. */
export class FileCollection {
  readonly id: string;
  readonly title: string;
  readonly rows: ViewRow[] = [];
  readonly behind = new Map<string, Behind>();
  /** Why something could not be read, one reason each. */
  readonly unread: string[] = [];
  /** Whether all of it was looked through. */
  done = false;
  readonly #ids = new RowIds();
  #list: RowList | undefined;

  constructor(id: string, title: string) {
    this.id = id;
    this.title = title;
  }

  get version(): string {
    return `${this.rows.length}-${this.unread.length}-${this.done}`;
  }

  /** The rows so far, to be filtered and sorted. */
  list(): RowList {
    if (this.#list?.version !== this.version) this.#list = new RowList([...this.rows], this.version);
    return this.#list;
  }

  /** Looks through a file or folder of trajectories; `first` is given each as it is read. Stops when `signal` says so. */
  async readTrajectories(path: string, first: (id: string, reading: GoodReading) => Promise<void>, signal: AbortSignal): Promise<void> {
    const seen = new Map<string, number>();
    let last: Place | null = null;
    for await (const reading of readTrajectories(path)) {
      if (signal.aborted) return;
      if (!reading.ok) {
        this.unread.push(`${placeText(reading.place)}: ${reading.problem}${reading.rows > 1 ? ` (${reading.rows} rows)` : ''}`);
        continue;
      }
      const { place, trajectory } = reading;
      if (last?.file !== place.file || last.number !== place.number) seen.clear();
      last = place;
      const ordinal = seen.get(placeText(place)) ?? 0;
      seen.set(placeText(place), ordinal + 1);
      const row = this.#add((id) => rowOfTrajectory(id, trajectory), trajectory.id, {
        kind: 'trajectory',
        locator: { place, ordinal, id: trajectory.id },
      });
      await first(row.id, reading);
    }
    this.done = true;
  }

  /** Takes the result of a scan or an evaluation. */
  takeResult(result: ResultFile): void {
    if (result.kind === 'scan') {
      this.unread.push(...result.unread);
      for (const report of result.reports) this.#add((id) => rowOfReport(id, report), report.id, { kind: 'report', report });
    } else {
      const { record } = result;
      for (const [index, outcome] of record.outcomes.entries()) {
        const { instance_id, harness, mode, run } = outcome;
        const name = `${instance_id}.${harness}.${mode}.${run}`;
        this.#add((id) => rowOfOutcome(id, outcome, record.model.name), name, { kind: 'outcome', record, index });
      }
    }
    this.done = true;
  }

  #add(make: (id: string) => ViewRow, name: string, behind: Behind): ViewRow {
    const row = make(this.#ids.take(name));
    this.rows.push(row);
    this.behind.set(row.id, behind);
    return row;
  }
}
