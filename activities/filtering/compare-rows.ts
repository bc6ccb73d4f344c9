import type { LedgerEntry } from '../../schemas/ledger-entry.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { ArtifactStore } from '../artifacts/store.ts';
import { isKept } from './decide.ts';
import { areCompared, decideNearDuplicates, isComparison, withoutNearDuplicateDecisions, withSiblings } from './near-duplicates.ts';
import { presetOf } from './presets.ts';
import { inBatches, type RowsToCompare, withShingles } from './read-shingles.ts';
import type { Shingles } from './shingles.ts';

/** Entries written together: to write is to wait for the disk. */
const entriesAtOnce = 100;

/**
 * Compares the rows of each task that every other rule keeps, and puts the outcome on the ledger. Depends on nothing
 * but those rows: doing it again changes nothing, and tasks whose rows have their decisions are not read again. Returns how many rows
 * got another decision.
 */
export async function recordNearDuplicates(campaign: string, ledger: Ledger, store: ArtifactStore, signal?: AbortSignal): Promise<number> {
  let changed = 0;
  let compared: LedgerEntry[] = [];
  const flush = async () => {
    changed += await ledger.recordEntries(compared, 'comparison with the rows of its task');
    compared = [];
  };
  const batches = inBatches(toCompare(ledger.entriesByTask(campaign)));
  for await (const { tasks, shingles } of withShingles(batches, store, signal)) {
    for (const rows of tasks) compared.push(...newOnesLast(rows, decided(rows, shingles)));
    if (compared.length >= entriesAtOnce) await flush();
  }
  await flush();
  return changed;
}

/** Tasks whose decisions are not those of a comparison, with the rows that have to be read: one alone in its cell is like no other, so most campaigns read none. */
async function* toCompare(
  tasks: AsyncIterable<LedgerEntry[]>,
): AsyncGenerator<{ rows: LedgerEntry[]; compared: RowsToCompare['compared'] }> {
  for await (const rows of tasks) {
    const candidates = candidatesOf(rows);
    const ids = new Set(candidates.map(({ id }) => id));
    const isDone =
      areCompared(candidates, ({ preset }) => presetOf(preset)) &&
      rows.every((row) => ids.has(row.id) || !row.decisions.some(isComparison)) &&
      candidates.every((row) => row.kept === isKept(row.decisions));
    if (!isDone) yield { rows, compared: readsOf(candidates) };
  }
}

/** Rows that every other rule keeps. */
function candidatesOf(rows: readonly LedgerEntry[]): LedgerEntry[] {
  return rows.filter(({ decisions }) => isKept(withoutNearDuplicateDecisions(decisions)));
}

function readsOf(candidates: readonly LedgerEntry[]): RowsToCompare['compared'] {
  const compared = withSiblings(candidates, ({ preset }) => presetOf(preset));
  return compared.flatMap(({ id, trajectory: ref }) => (ref === null ? [] : [{ id, ref }]));
}

/** A process may die between two entries of a task. As long as one of them has no decision, the next comparison reads the task again. */
function newOnesLast(before: readonly LedgerEntry[], after: readonly LedgerEntry[]): LedgerEntry[] {
  const known = new Set(before.filter(({ decisions }) => decisions.some(isComparison)).map(({ id }) => id));
  return [...after.filter(({ id }) => known.has(id)), ...after.filter(({ id }) => !known.has(id))];
}

/** The rows of one task with the decisions that follow from comparing them, in the order given. */
export async function compareRows(rows: LedgerEntry[], store: ArtifactStore): Promise<LedgerEntry[]> {
  async function* once(): AsyncGenerator<RowsToCompare> {
    yield { tasks: [rows], compared: readsOf(candidatesOf(rows)) };
  }
  for await (const { shingles } of withShingles(once(), store)) return decided(rows, shingles);
  return rows;
}

function decided(rows: readonly LedgerEntry[], shingles: ReadonlyMap<string, Shingles>): LedgerEntry[] {
  const alone = rows.map((entry) => ({ ...entry, decisions: withoutNearDuplicateDecisions(entry.decisions) }));
  const siblings = alone
    .filter((entry) => isKept(entry.decisions))
    .map((entry) => ({ entry, shingles: shingles.get(entry.id) ?? new Uint32Array(0) }));
  const presets = new Set(siblings.map(({ entry }) => entry.preset));
  const decisions = new Map(
    [...presets].flatMap((preset) => [
      ...decideNearDuplicates(
        siblings.filter(({ entry }) => entry.preset === preset),
        presetOf(preset),
      ),
    ]),
  );
  return alone.map((entry) => {
    const decision = decisions.get(entry.id);
    const all = decision === undefined ? entry.decisions : [...entry.decisions, decision];
    return { ...entry, decisions: all, kept: isKept(all) };
  });
}
