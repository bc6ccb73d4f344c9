import type { IngestedFormat, IngestedTrajectory } from '../../schemas/ingested.ts';
import type { Place } from '../../schemas/place.ts';
import { messageOf } from '../../schemas/problem.ts';
import type { Draft, Origin, RecordFormat } from './format.ts';
import { formatOf } from './formats.ts';
import { endingsIn, type Unit, unitsOf } from './inputs.ts';
import { otherRecord } from './other-records.ts';
import { type BadPlace, ProblemTally } from './problem-tally.ts';
import { originOf, originOfFolder, type Reading, recordsOfFile, recordsOfStream } from './records.ts';

/** A file, folder or `http(s)://` address of Parquet or JSON; or a stream under a name for messages. */
export type TrajectoryInput = string | { name: string; stream: AsyncIterable<Uint8Array> };

export interface ReadTrajectoriesOptions {
  /** Read every record as this format, whatever it looks like. */
  from?: IngestedFormat;
}

/**
 * `record`: what the trajectory was read from; undefined for one that lies in a folder's files. A problem stands for `rows` lines or
 * rows of its file, the first of them at its place.
 */
export type TrajectoryReading = { ok: true; place: Place; trajectory: IngestedTrajectory; record: unknown } | ({ ok: false } & BadPlace);

/**
 * The trajectories in an input, in its order, from any format of {@link IngestedFormat}, recognised by content.
 * What cannot be read is reported and skipped, once for all lines of a file with the same problem, behind what could be read of it;
 * nothing throws. Rows and JSON lines are held one at a time, documents and sessions one at a time.
 */
export async function* readTrajectories(input: TrajectoryInput, options: ReadTrajectoriesOptions = {}): AsyncGenerator<TrajectoryReading> {
  if (typeof input !== 'string') {
    yield* guarded(originOf(input.name).place, readAll(recordsOfStream(input.name, input.stream, options.from), options));
    return;
  }
  yield* guarded(originOf(input).place, readUnits(input, options));
}

/** As {@link readTrajectories}, for one record that has been parsed already: a line of JSON, a row of Parquet. */
export function readRecord(value: unknown, origin: Origin, { from }: ReadTrajectoriesOptions = {}): TrajectoryReading[] {
  try {
    const format = formatOf(value, from);
    if (format === undefined) return [{ ok: false, place: origin.place, problem: otherRecord(value), rows: 1 }];
    return (format.parts?.(value) ?? [value]).flatMap((part) => readPart(part, format, origin));
  } catch (error) {
    return [{ ok: false, place: origin.place, problem: `its format cannot be told: ${messageOf(error)}`, rows: 1 }];
  }
}

function readPart(record: unknown, format: RecordFormat, origin: Origin): TrajectoryReading[] {
  try {
    const drafts = format.read(record, origin);
    return drafts.map((draft, index) => ({ ...finished(draft, format.id, origin, index), record }));
  } catch (error) {
    return [{ ok: false, place: origin.place, problem: `${format.id}: ${messageOf(error)}`, rows: 1 }];
  }
}

async function* readUnits(input: string, options: ReadTrajectoriesOptions): AsyncGenerator<TrajectoryReading> {
  let units = 0;
  for (const unit of unitsOf(input, options.from)) {
    units += 1;
    const { place } = originOf(unit.kind === 'file' ? unit.path : unit.folder.path);
    yield* guarded(place, readUnit(unit, options));
  }
  if (units > 0) return;
  const there = endingsIn(input);
  const problem = `there is no file in it that could hold trajectories${there === '' ? ': it is empty' : ` (there are ${there})`}`;
  yield { ok: false, place: originOf(input).place, problem, rows: 1 };
}

async function* readUnit(unit: Unit, options: ReadTrajectoriesOptions): AsyncGenerator<TrajectoryReading> {
  if (unit.kind === 'file') {
    yield* readAll(recordsOfFile(unit.path, options.from), options);
    return;
  }
  const origin = originOfFolder(unit.folder.path);
  yield { ...finished(await unit.format.read(unit.folder, origin), unit.format.id, origin, 0), record: undefined };
}

async function* readAll(records: AsyncIterable<Reading>, options: ReadTrajectoriesOptions): AsyncGenerator<TrajectoryReading> {
  const tally = new ProblemTally();
  try {
    for await (const record of records) {
      for (const reading of record.ok ? readRecord(record.value, record.origin, options) : [{ ...record, rows: 1 }]) {
        if (reading.ok) yield reading;
        else yield* tally.add(reading).map(asReading);
      }
    }
  } catch (error) {
    yield* tally.end().map(asReading);
    throw error;
  }
  yield* tally.end().map(asReading);
}

function asReading(bad: BadPlace): TrajectoryReading {
  return { ok: false, ...bad };
}

/** Turns any error into the report of one place. */
async function* guarded(place: Place, readings: AsyncIterable<TrajectoryReading>): AsyncGenerator<TrajectoryReading> {
  try {
    yield* readings;
  } catch (error) {
    yield { ok: false, place, problem: messageOf(error), rows: 1 };
  }
}

function finished({ oddities, ...draft }: Draft, format: IngestedFormat, origin: Origin, index: number) {
  if (origin.cut) {
    oddities.note('the file is cut: read up to its last whole item');
    oddities.lose('message', 'the file is cut: what followed its last whole item is not there');
  }
  for (const note of origin.notes ?? []) oddities.note(note);
  for (const { what, reason } of origin.lost ?? []) oddities.lose(what, reason);
  const trajectory: IngestedTrajectory = {
    format,
    instance_id: null,
    repo: null,
    base_commit: null,
    license: null,
    language: null,
    hf_dataset_name: null,
    harness: null,
    model: null,
    reasoning_effort: null,
    tools: [],
    ending: null,
    exit_status: null,
    usage: null,
    model_patch: null,
    reference_patch: null,
    resolved: null,
    image_cleaned: null,
    ...draft,
    id: idOf(draft, origin, index),
    place: origin.place,
    reported: oddities.lines(),
    lost: oddities.losses(),
  };
  return { ok: true as const, place: origin.place, trajectory };
}

/** The file's own id, else the instance id, else the place; by number where one record holds several without an id of their own. */
function idOf({ id, instance_id }: Omit<Draft, 'oddities'>, { fallbackId }: Origin, index: number): string {
  if (id !== undefined && id !== '') return id;
  const shared = instance_id === undefined || instance_id === null ? fallbackId : instance_id;
  return index === 0 ? shared : `${shared}#${index + 1}`;
}
