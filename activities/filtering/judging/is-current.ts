import type { ArtifactRef } from '../../../schemas/artifact-ref.ts';
import type { FilterPresetName } from '../../../schemas/filter-preset.ts';
import type { ScanReport } from '../../../schemas/finding.ts';
import type { Judging } from '../../../schemas/judgement.ts';
import type { LedgerEntry } from '../../../schemas/ledger-entry.ts';
import type { Trajectory } from '../../../schemas/trajectory.ts';
import { filters } from '../filters.ts';
import { withoutNearDuplicateDecisions } from '../near-duplicates.ts';
import { presetOf } from '../presets.ts';

/** By what rows are scanned. */
export interface Judges extends Pick<ScanReport, 'scanner_version' | 'preset'> {
  /** The second judge; null for none. */
  second: Pick<Judging, 'model' | 'prompt_version'> | null;
}

/** Whether an entry says what deciding again would say: the same content and facts, scanner, judge, filters and parameters. */
export function isCurrent(
  entry: LedgerEntry,
  { origin }: Trajectory,
  task: ArtifactRef,
  preset: FilterPresetName,
  { second, ...scan }: Judges,
): boolean {
  return (
    entry.preset === preset &&
    entry.origin?.sha256 === origin?.sha256 &&
    entry.task.sha256 === task.sha256 &&
    entry.origin?.lacks.join() === origin?.lacks.join() &&
    (origin?.unread ?? []).every((text) => entry.scan?.unread.includes(text) === true) &&
    entry.scan?.scanner_version === scan.scanner_version &&
    entry.scan.preset === scan.preset &&
    isJudgedBy(entry.judging, second) &&
    JSON.stringify(rulesOf(entry)) === JSON.stringify(rulesIn(preset))
  );
}

/** A passage that was not judged may be judged now: there is new budget, or the server answers again. */
function isJudgedBy(judging: Judging | undefined, second: Judges['second']): boolean {
  if (second === null || judging === undefined) return second === null && judging === undefined;
  const { late, failed, over_budget } = judging;
  return judging.model === second.model && judging.prompt_version === second.prompt_version && late + failed + over_budget === 0;
}

function rulesOf({ decisions }: LedgerEntry): [string, number][] {
  return withoutNearDuplicateDecisions(decisions).map(({ rule, version }) => [rule, version]);
}

function rulesIn(preset: FilterPresetName): [string, number][] {
  const { rules } = presetOf(preset);
  return filters.filter(({ id }) => rules[id] !== undefined).map(({ id, version }) => [id, version]);
}
