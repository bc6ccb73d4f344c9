import { z } from 'zod';
import type { Decision, LedgerEntry } from '../../schemas/ledger-entry.ts';
import { factNames, isUnknown } from '../../schemas/row-origin.ts';
import type { Preset } from './presets.ts';
import { likeness, type Shingles } from './shingles.ts';

const ruleId = 'near_duplicate';
const ruleVersion = 2;

const Parameters = z.strictObject({
  /** Share of common word sequences from which two rows count as one (Jaccard index). */
  similarity: z.number().min(0).max(1).default(0.95),
  /** Which rows of a task are compared: those of one harness and mode, or all. */
  within: z.enum(['harness_and_mode', 'task']).default('harness_and_mode'),
});

export interface Sibling {
  entry: LedgerEntry;
  shingles: Shingles;
}

/**
 * Compares the rows of one task with each other: of rows that do nearly the same, a resolved one stands before an
 * unresolved one, then the smaller id. Gives every row's decision by id; all rows are those other rules would keep.
 */
export function decideNearDuplicates(siblings: Sibling[], preset: Preset): Map<string, Decision> {
  const setting = preset.rules[ruleId];
  if (setting === undefined) return new Map();
  const parameters = Parameters.parse(setting.parameters ?? {});
  const standing: Sibling[] = [];
  const decisions = new Map<string, Decision>();
  for (const sibling of siblings.toSorted(byPreference)) {
    const twin = standing.find(
      (other) =>
        groupOf(other.entry, parameters) === groupOf(sibling.entry, parameters) &&
        likeness(other.shingles, sibling.shingles) >= parameters.similarity,
    );
    if (twin === undefined) standing.push(sibling);
    decisions.set(sibling.entry.id, decisionOf(sibling, twin, setting.effect, parameters));
  }
  return decisions;
}

/**
 * Whether the decisions of a task's rows are those that a comparison would give, told by the decisions alone: each row has one by this
 * version and the preset's parameters, and a row that stands for another is there and stands. A row that came later, or was judged again,
 * has none; one that left without being a twin changes nothing for those that stay. `rows`: all that other rules keep.
 */
export function areCompared(rows: readonly LedgerEntry[], presetOf: (row: LedgerEntry) => Preset): boolean {
  const standing = new Map(rows.map((row) => [row.id, row]));
  for (const row of rows) {
    const said = row.decisions.filter(isComparison);
    if (said.some(({ decision }) => decision === 'drop' || decision === 'note')) standing.delete(row.id);
  }
  return rows.every((row) => {
    const setting = presetOf(row).rules[ruleId];
    const [said, ...others] = row.decisions.filter(isComparison);
    if (said === undefined || setting === undefined || others.length > 0) return said === undefined && setting === undefined;
    const parameters = Parameters.parse(setting.parameters ?? {});
    if (said.version !== ruleVersion || JSON.stringify(said.parameters) !== JSON.stringify(parameters)) return false;
    if (said.decision === 'keep' || said.decision === 'not_judged') return true;
    return said.decision === setting.effect && standing.get(said.evidence[0]?.text ?? '')?.preset === row.preset;
  });
}

/** The rows of a task that have another one to be compared with. `rows`: all that other rules keep. */
export function withSiblings(rows: readonly LedgerEntry[], presetOf: (row: LedgerEntry) => Preset): LedgerEntry[] {
  const groups = Map.groupBy(rows, (row) => {
    const { name, rules } = presetOf(row);
    const setting = rules[ruleId];
    return setting === undefined ? null : `${name} ${groupOf(row, Parameters.parse(setting.parameters ?? {}))}`;
  });
  groups.delete(null);
  return [...groups.values()].filter(({ length }) => length > 1).flat();
}

/** Takes out what an earlier comparison decided, since siblings may have changed. */
export function withoutNearDuplicateDecisions(decisions: Decision[]): Decision[] {
  return decisions.filter((decision) => !isComparison(decision));
}

/** Whether a decision comes from comparing rows. */
export function isComparison({ rule }: Decision): boolean {
  return rule === ruleId;
}

function byPreference(a: Sibling, b: Sibling): number {
  if (a.entry.resolved !== b.entry.resolved) return b.entry.resolved - a.entry.resolved;
  return a.entry.id < b.entry.id ? -1 : 1;
}

/** Rows of a task are compared with those of the same group alone. */
function groupOf({ key: { harness, mode } }: LedgerEntry, { within }: z.infer<typeof Parameters>): string {
  return within === 'task' ? '' : `${harness} ${mode}`;
}

function decisionOf(
  sibling: Sibling,
  twin: Sibling | undefined,
  effect: 'drop' | 'note',
  parameters: z.infer<typeof Parameters>,
): Decision {
  const base = { rule: ruleId, version: ruleVersion, parameters };
  if (twin === undefined && isUnknown(sibling.entry.origin, 'task'))
    return { ...base, decision: 'not_judged', reason: `its file does not say ${factNames.task}`, evidence: [] };
  if (twin === undefined) return { ...base, decision: 'keep', reason: 'no row of the task does nearly the same', evidence: [] };
  const share = Math.floor(likeness(twin.shingles, sibling.shingles) * 100);
  return { ...base, decision: effect, reason: `${share} % of its calls are those of another row`, evidence: [{ text: twin.entry.id }] };
}
