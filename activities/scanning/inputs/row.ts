import type { IngestedTrajectory } from '../../../schemas/ingested.ts';
import type { Place } from '../../../schemas/place.ts';
import { ScanContext } from '../../../schemas/scan-context.ts';
import { type BadPlace, originOf, readRecord } from '../../ingestion/index.ts';
import { isRecord } from '../../../schemas/is-record.ts';
import type { ScannableTrajectory } from '../scan-trajectory.ts';

/** A row that can be scanned: its messages, and what it holds of its task. */
export interface ScannableRow {
  trajectory: ScannableTrajectory;
  context: ScanContext;
}

export interface RowReading {
  rows: ScannableRow[];
  problems: BadPlace[];
}

/** One row as ingestion reads it: the scan sees what `tracemill ingest` would write. */
export function readRow(value: unknown, place: Place): RowReading {
  const reading: RowReading = { rows: [], problems: [] };
  for (const record of readRecord(value, originOf(place.file, place))) {
    if (record.ok) reading.rows.push(scannableRow(record.trajectory, record.record));
    else reading.problems.push(record);
  }
  return reading;
}

/** A trajectory that ingestion read, with what the record it comes from says of the task beside it. */
export function scannableRow(trajectory: IngestedTrajectory, record: unknown): ScannableRow {
  const { id, place, messages, lost } = trajectory;
  return {
    trajectory: { id, messages, lost, ...(place !== null && { place }) },
    context: contextOf({ ...ofTrajectory(trajectory), ...ofRecord(record), ...scanContextOf(record) }),
  };
}

function ofTrajectory({ repo, instance_id, base_commit, image_cleaned, reference_patch }: IngestedTrajectory): Record<string, unknown> {
  return given({ repo, instance_id, base_commit, image_cleaned, gold_patch: reference_patch });
}

const taskFields = ['repo', 'base_commit', 'image_cleaned', 'gold_patch', 'test_patch', 'problem_statement'];

/** Fields of the task by their usual names, in the row or in the instance that it holds. */
function ofRecord(record: unknown): Record<string, unknown> {
  if (!isRecord(record)) return {};
  const instance = isRecord(record['instance']) ? record['instance'] : {};
  return given(Object.fromEntries(taskFields.map((name) => [name, record[name] ?? instance[name]])));
}

function scanContextOf(record: unknown): Record<string, unknown> {
  return isRecord(record) && isRecord(record['scan_context']) ? given(record['scan_context']) : {};
}

function given(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined && value !== null));
}

/** A context of the fields that make sense; the others are as if they were not there. */
function contextOf(fields: Record<string, unknown>): ScanContext {
  const whole = ScanContext.safeParse(fields);
  if (whole.success) return whole.data;
  const bad = new Set(whole.error.issues.map(({ path }) => path[0]));
  return ScanContext.catch(ScanContext.parse({})).parse(Object.fromEntries(Object.entries(fields).filter(([name]) => !bad.has(name))));
}
