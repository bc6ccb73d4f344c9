import type { IngestedTrajectory } from '../../../schemas/ingested.ts';
import { type Place, placeText } from '../../../schemas/place.ts';
import { ScanContext } from '../../../schemas/scan-context.ts';
import { readRecord } from '../../ingestion/index.ts';
import { isRecord, type ScannableMessage } from '../conversation.ts';
import type { ScannableTrajectory } from '../scan-trajectory.ts';

/** A row that can be scanned: its messages, and what it holds of its task. */
export interface ScannableRow {
  trajectory: ScannableTrajectory;
  context: ScanContext;
}

export interface RowReading {
  rows: ScannableRow[];
  /** What could not be read, each with its place. */
  problems: string[];
}

/**
 * Makes sense of one row. Those that hold plain messages, as most of a data set do, are taken as they are; every
 * other one is read by the ingestion of the many formats. `place` is file and line or row, and the id where there is none.
 */
export function readRow(value: unknown, place: Place): RowReading {
  const plain = plainRow(value, placeText(place));
  if (plain !== undefined) return { rows: [plain], problems: [] };
  const reading: RowReading = { rows: [], problems: [] };
  for (const record of readRecord(value, { path: place.file, place, fallbackId: placeText(place), cut: false })) {
    if (record.ok) reading.rows.push(ingestedRow(record.trajectory));
    else reading.problems.push(`${placeText(record.place)}: ${record.problem}`);
  }
  return reading;
}

/** A trajectory that ingestion read. */
export function ingestedRow(trajectory: IngestedTrajectory): ScannableRow {
  const { id, messages, repo, instance_id, base_commit, image_cleaned, reference_patch } = trajectory;
  return {
    trajectory: { id, messages },
    context: contextOf({ repo, instance_id, base_commit, image_cleaned, gold_patch: reference_patch }),
  };
}

/** Keys of formats whose messages are not what they seem: demonstrations among them, steps beside them. */
const keysOfOtherFormats = [
  'history',
  'info',
  'trajectory_format',
  'replay_config',
  'steps',
  'schema_version',
  'conversations',
  'events',
  'format',
];

function plainRow(value: unknown, place: string): ScannableRow | undefined {
  const row: Record<string, unknown> | undefined = Array.isArray(value) ? { messages: value } : isRecord(value) ? value : undefined;
  if (row === undefined || keysOfOtherFormats.some((key) => key in row)) return undefined;
  const held = row['messages'] ?? row['trajectory'];
  if (!Array.isArray(held) || held.length === 0 || !held.every(isPlainMessage)) return undefined;
  const id = ['trajectory_id', 'id', 'instance_id'].map((name) => row[name]).find((one) => typeof one === 'string' && one !== '');
  return { trajectory: { id: typeof id === 'string' ? id : place, messages: held }, context: rowContext(row) };
}

function isPlainMessage(entry: unknown): entry is ScannableMessage {
  return (
    isRecord(entry) &&
    typeof entry['role'] === 'string' &&
    (typeof entry['content'] === 'string' || entry['content'] === null || entry['content'] === undefined)
  );
}

function rowContext(row: Record<string, unknown>): ScanContext {
  const metadata = isRecord(row['metadata']) ? row['metadata'] : {};
  const reference = isRecord(metadata['reference_patch']) ? metadata['reference_patch']['patch'] : undefined;
  const key = isRecord(row['key']) ? row['key'] : {};
  const own = isRecord(row['scan_context']) ? row['scan_context'] : {};
  return contextOf({
    repo: row['repo'],
    base_commit: row['base_commit'],
    instance_id: row['instance_id'] ?? key['instance_id'],
    image_cleaned: row['image_cleaned'],
    gold_patch: row['gold_patch'] ?? reference,
    test_patch: row['test_patch'],
    problem_statement: row['problem_statement'],
    ...own,
  });
}

/** A context of the fields that are there and make sense; the others are as if they were not there. */
function contextOf(fields: Record<string, unknown>): ScanContext {
  const given = Object.entries(fields).filter(([, value]) => value !== undefined && value !== null);
  const whole = ScanContext.safeParse(Object.fromEntries(given));
  if (whole.success) return whole.data;
  const bad = new Set(whole.error.issues.map(({ path }) => path[0]));
  return ScanContext.catch(ScanContext.parse({})).parse(Object.fromEntries(given.filter(([name]) => !bad.has(name))));
}
