import { Trajectory } from '../../schemas/trajectory.ts';
import type { LedgerEntry } from '../../schemas/ledger-entry.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { type ArtifactStore, getJson } from '../artifacts/store.ts';
import { isKept } from './decide.ts';
import { decideNearDuplicates, type Sibling, shinglesOf, withoutNearDuplicateDecisions } from './near-duplicates.ts';
import { presetOf } from './presets.ts';

/** Entries written together: to write is to wait for the disk. */
const entriesAtOnce = 100;

/**
 * Compares the rows of each task that every other rule keeps, and puts the outcome on the ledger. Depends on nothing
 * but those rows: doing it again changes nothing. Returns how many rows got another decision.
 */
export async function recordNearDuplicates(campaign: string, ledger: Ledger, store: ArtifactStore): Promise<number> {
  let changed = 0;
  let compared: LedgerEntry[] = [];
  const flush = async () => {
    changed += await ledger.recordEntries(compared, 'comparison with the rows of its task');
    compared = [];
  };
  for await (const rows of ledger.entriesByTask(campaign)) {
    compared.push(...(await compareRows(rows, store)));
    if (compared.length >= entriesAtOnce) await flush();
  }
  await flush();
  return changed;
}

/** The rows of one task with the decisions that follow from comparing them, in the order given. */
export async function compareRows(rows: LedgerEntry[], store: ArtifactStore): Promise<LedgerEntry[]> {
  const alone = rows.map((entry) => ({ ...entry, decisions: withoutNearDuplicateDecisions(entry.decisions) }));
  const candidates = alone.filter((entry) => isKept(entry.decisions));
  const siblings: Sibling[] = [];
  for (const entry of candidates) siblings.push({ entry, shingles: candidates.length > 1 ? await readShingles(entry, store) : new Set() });
  const presets = new Set(candidates.map((entry) => entry.preset));
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

async function readShingles(entry: LedgerEntry, store: ArtifactStore) {
  return entry.trajectory === null ? new Set<number>() : shinglesOf(await getJson(store, entry.trajectory, Trajectory));
}
