import type { FilterPresetName } from '../../schemas/filter-preset.ts';
import type { ScanReport } from '../../schemas/finding.ts';
import { decidingRule, type LedgerEntry } from '../../schemas/ledger-entry.ts';
import { TaskFacts } from '../../schemas/task.ts';
import { Trajectory } from '../../schemas/trajectory.ts';
import { Verdict } from '../../schemas/verdict.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { type ArtifactStore, getJson } from '../artifacts/store.ts';
import { decideRow } from './ledger-entry.ts';
import { presetOf } from './presets.ts';
import { openTokenCounter } from './token-counter.ts';
import { compareRows } from './compare-rows.ts';

/** A row whose fate changed; `by` is the rule that drops it, null for a kept row. */
export interface FateChange {
  id: string;
  key: LedgerEntry['key'];
  before: { kept: boolean; by: string | null };
  after: { kept: boolean; by: string | null };
}

export interface DecideAgainRequest {
  campaign: string;
  preset: FilterPresetName;
  ledger: Ledger;
  store: ArtifactStore;
  /** Scans again, where scanner rules changed; without it the recorded findings stand. */
  rescan?: (trajectory: Trajectory, task: TaskFacts) => ScanReport | Promise<ScanReport>;
}

/**
 * Decides on a campaign's stored trajectories by another preset, or by filters that have changed, without container or
 * model. What was decided before stays readable as history. Rows without trajectory stay as they are.
 */
export async function decideAgain(request: DecideAgainRequest): Promise<{ decided: number; changes: FateChange[] }> {
  const { campaign, ledger, store } = request;
  const changes: FateChange[] = [];
  let decided = 0;
  for await (const rows of ledger.entriesByTask(campaign)) {
    const alone: LedgerEntry[] = [];
    for (const entry of rows) alone.push(await decideOneAgain(entry, request));
    const after = await compareRows(alone, store);
    const again = after.filter(({ trajectory }) => trajectory !== null);
    await ledger.recordEntries(again, `decided again by preset ${request.preset}`);
    decided += again.length;
    const known = new Map(rows.map((entry) => [entry.id, entry]));
    for (const entry of again) changes.push(...changeOf(known.get(entry.id) ?? entry, entry));
  }
  return { decided, changes };
}

async function decideOneAgain(entry: LedgerEntry, { preset, store, rescan }: DecideAgainRequest): Promise<LedgerEntry> {
  if (entry.trajectory === null || entry.verdict === null || entry.scan === null) return entry;
  const trajectory = await getJson(store, entry.trajectory, Trajectory);
  const task = await getJson(store, entry.task, TaskFacts);
  const scan = rescan === undefined ? recordedScan(entry, entry.scan) : await rescan(trajectory, task);
  const verdict = await getJson(store, entry.verdict.ref, Verdict);
  const refs = { task: entry.task, trajectory: entry.trajectory, verdict: entry.verdict.ref };
  return decideRow({ trajectory, task, verdict, scan, refs }, presetOf(preset), await openTokenCounter());
}

function recordedScan(entry: LedgerEntry, scan: NonNullable<LedgerEntry['scan']>): ScanReport {
  const { id, git_hack_attempted, findings, unparsed, judging, origin } = entry;
  const place = origin?.place ?? null;
  return { id, place, git_hack_attempted, findings, unparsed, ...scan, ...(judging !== undefined && { judging }) };
}

function fateOf(entry: LedgerEntry): FateChange['before'] {
  return { kept: entry.kept, by: decidingRule(entry)?.rule ?? null };
}

function changeOf(before: LedgerEntry, after: LedgerEntry): FateChange[] {
  const [was, is] = [fateOf(before), fateOf(after)];
  if (was.kept === is.kept && was.by === is.by) return [];
  return [{ id: after.id, key: after.key, before: was, after: is }];
}
