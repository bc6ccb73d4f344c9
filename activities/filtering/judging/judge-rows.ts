import type { FilterPresetName } from '../../../schemas/filter-preset.ts';
import type { ScanReport } from '../../../schemas/finding.ts';
import type { LedgerEntry } from '../../../schemas/ledger-entry.ts';
import type { TaskRecord } from '../../../schemas/ledger-record.ts';
import { type Place, placeText } from '../../../schemas/place.ts';
import { Problem } from '../../../schemas/problem.ts';
import type { TaskFacts } from '../../../schemas/task.ts';
import type { Trajectory } from '../../../schemas/trajectory.ts';
import { evaluationOfCampaign } from '../../../workflows/contract/ids.ts';
import { type ArtifactStore, putJson } from '../../artifacts/store.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { recordNearDuplicates } from '../compare-rows.ts';
import { decideRow } from '../ledger-entry.ts';
import { presetOf } from '../presets.ts';
import { openTokenCounter } from '../token-counter.ts';
import { asFinished, statedVerdict } from './as-finished.ts';
import { isCurrent, type Judges } from './is-current.ts';
import type { JudgedRow } from './judged-row.ts';
import { knownTask } from './known-task.ts';
import { RecordedRows } from './recorded-rows.ts';
import { cellOf, contentOf } from './row-identity.ts';
import type { StatedFacts } from './stated-facts.ts';

export interface JudgeRequest {
  /** Rows come on record as those of a campaign of this name. */
  campaign: string;
  preset: FilterPresetName;
  stated: StatedFacts;
  rows: AsyncIterable<JudgedRow>;
  scan: (trajectory: Trajectory, task: TaskFacts) => Promise<ScanReport>;
  /** Which scanner that is, and which second judge. */
  judges: Judges;
  ledger: Ledger;
  store: ArtifactStore;
  /** Stops after the row in work; what is on record by then stays, and the next call goes on from there. */
  signal: AbortSignal;
  /** Called for every row, in the order of the inputs, before rows are compared with each other. */
  onRow: (row: JudgedRow, id: string) => Promise<void>;
}

export interface JudgedRows {
  /** Of rows, in the order of the inputs. */
  ids: string[];
  /** Of them, those that were on record as they are. */
  known: number;
  /** Rows whose content stands in the inputs a second time, by their places; they are one row. */
  repeated: { place: string; id: string }[];
  interrupted: boolean;
}

/** Rows in work at the same time: most of their time they wait for the disk. */
const rowsAtOnce = 32;

/**
 * Puts other tools' trajectories on record as rows of a campaign of their own: scanned and decided on as those of this home, so
 * that they can be explained, judged again, released and trained on. Doing it again changes nothing, in whatever order or beside
 * whatever others they are read. Throws `Problem` bad_campaign_name for a name that rollouts of this home have.
 */
export async function judgeRows(request: JudgeRequest): Promise<JudgedRows> {
  const { campaign, rows, ledger, store, signal, onRow } = request;
  await claim(campaign, ledger);
  const recorded = await RecordedRows.of(ledger, campaign);
  const judged: JudgedRows = { ids: [], known: 0, repeated: [], interrupted: false };
  let working: Promise<LedgerEntry | null>[] = [];
  const flush = async () => {
    const done = await Promise.all(working);
    working = [];
    const entries = done.filter((entry) => entry !== null);
    judged.known += done.length - entries.length;
    await ledger.planTasks(entries.map(doneTask));
    await ledger.planRollouts(entries.map(({ key, teacher }) => ({ key, teacher: teacher.name })));
    await ledger.recordEntries(entries, 'judged');
  };
  for await (const row of rows) {
    if (signal.aborted) break;
    const place = row.trajectory.place ?? unknownPlace;
    const sha256 = contentOf(row.trajectory);
    const same = recorded.idOf(sha256);
    if (same !== undefined && recorded.isMet(same)) {
      judged.repeated.push({ place: placeText(place), id: same });
      continue;
    }
    const known = knownTask(row, request.stated);
    const cell = cellOf(campaign, row.trajectory, known.task.instance_id);
    const key = recorded.keyOf(cell, sha256, row.trajectory.id, place);
    const trajectory = asFinished(key, row.trajectory, known, { place, sha256 });
    working.push(entryUnlessCurrent(trajectory, row, known.task, request));
    recorded.meet(trajectory.id, key, sha256, row.trajectory.id, place);
    judged.ids.push(trajectory.id);
    await onRow(row, trajectory.id);
    if (working.length >= rowsAtOnce) await flush();
  }
  await flush();
  judged.interrupted = signal.aborted;
  if (!judged.interrupted) await recordNearDuplicates(campaign, ledger, store);
  return judged;
}

const unknownPlace: Place = { file: 'unknown', unit: null, number: null };

async function claim(campaign: string, ledger: Ledger): Promise<void> {
  const plan = (await ledger.campaign(campaign))?.plan ?? null;
  if (plan !== null || evaluationOfCampaign(campaign) !== undefined)
    throw new Problem('bad_campaign_name', `${campaign} is a campaign of rollouts of this home: rows of other tools cannot join it`, {
      hint: 'choose another name with --campaign',
    });
  await ledger.recordCampaign({ campaign, plan: null });
}

/** Its task, on which nothing is left to do. */
function doneTask({ key: { campaign, instance_id }, repo, language, license, task }: LedgerEntry): Omit<TaskRecord, 'type'> {
  return { campaign, instance_id, repo, language, license, task, state: 'done', gate: null, problem: null, reported: null, remarks: [] };
}

/** Null for a row that is on record as it would be decided now. */
async function entryUnlessCurrent(
  trajectory: Trajectory,
  row: JudgedRow,
  task: TaskFacts,
  { preset, ledger, store, scan: scanRow, judges }: JudgeRequest,
): Promise<LedgerEntry | null> {
  const [taskRef, before] = await Promise.all([putJson(store, task), ledger.entry(trajectory.id)]);
  if (before !== null && isCurrent(before, trajectory, taskRef, preset, judges)) return null;
  const verdict = statedVerdict(row.trajectory, task);
  const scan = await scanRow(trajectory, task);
  const [trajectoryRef, verdictRef] = await Promise.all([putJson(store, trajectory), putJson(store, verdict)]);
  const refs = { task: taskRef, trajectory: trajectoryRef, verdict: verdictRef };
  return decideRow({ trajectory, task, verdict, scan, refs }, presetOf(preset), await openTokenCounter());
}
