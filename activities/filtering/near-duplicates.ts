import { z } from 'zod';
import type { Decision, LedgerEntry } from '../../schemas/ledger-entry.ts';
import { factNames, isUnknown } from '../../schemas/row-origin.ts';
import type { Trajectory } from '../../schemas/trajectory.ts';
import { placedCalls } from './calls.ts';
import type { Preset } from './presets.ts';

const ruleId = 'near_duplicate';
const ruleVersion = 2;

const Parameters = z.strictObject({
  /** Share of common word sequences from which two rows count as one (Jaccard index). */
  similarity: z.number().min(0).max(1).default(0.95),
  /** Which rows of a task are compared: those of one harness and mode, or all. */
  within: z.enum(['harness_and_mode', 'task']).default('harness_and_mode'),
});

/** Words in a sequence; short enough to survive small edits, long enough not to be common phrases. */
const sequenceLength = 5;

/** Hashes of all word sequences of a trajectory's calls. Reasoning and prose may differ where the work is the same. */
export type Shingles = ReadonlySet<number>;

export function shinglesOf({ messages }: Trajectory): Shingles {
  const words = placedCalls(messages).flatMap((call) => [
    call.name,
    ...(call.arguments.match(/[\p{L}\p{N}_]+|[^\s\p{L}\p{N}_"\\]/gu) ?? []),
  ]);
  const shingles = new Set<number>();
  for (let at = 0; at < Math.max(words.length - sequenceLength + 1, Math.min(words.length, 1)); at += 1) {
    shingles.add(hash(words.slice(at, at + sequenceLength).join(' ')));
  }
  return shingles;
}

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
      (other) => isCompared(other, sibling, parameters) && jaccard(other.shingles, sibling.shingles) >= parameters.similarity,
    );
    if (twin === undefined) standing.push(sibling);
    decisions.set(sibling.entry.id, decisionOf(sibling, twin, setting.effect, parameters));
  }
  return decisions;
}

/** Takes out what an earlier comparison decided, since siblings may have changed. */
export function withoutNearDuplicateDecisions(decisions: Decision[]): Decision[] {
  return decisions.filter((decision) => decision.rule !== ruleId);
}

function byPreference(a: Sibling, b: Sibling): number {
  if (a.entry.resolved !== b.entry.resolved) return b.entry.resolved - a.entry.resolved;
  return a.entry.id < b.entry.id ? -1 : 1;
}

function isCompared(a: Sibling, b: Sibling, { within }: z.infer<typeof Parameters>): boolean {
  return within === 'task' || (a.entry.key.harness === b.entry.key.harness && a.entry.key.mode === b.entry.key.mode);
}

function jaccard(a: Shingles, b: Shingles): number {
  const [small, large] = a.size <= b.size ? [a, b] : [b, a];
  let common = 0;
  for (const shingle of small) if (large.has(shingle)) common += 1;
  const union = a.size + b.size - common;
  return union === 0 ? 1 : common / union;
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
  const share = Math.floor(jaccard(twin.shingles, sibling.shingles) * 100);
  return { ...base, decision: effect, reason: `${share} % of its calls are those of another row`, evidence: [{ text: twin.entry.id }] };
}

/** FNV-1a over UTF-16 code units, 32 bits. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193);
  return value >>> 0;
}
