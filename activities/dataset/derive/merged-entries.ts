import { Problem } from '../../../schemas/problem.ts';
import type { ReleasedLedgerEntry } from '../../../schemas/release.ts';
import type { OpenRelease } from '../open-release.ts';
import { releasedEntries } from '../selection/released-entries.ts';

type Decision = ReleasedLedgerEntry['decisions'][number];

/** What the ledgers of several releases say of one row. */
export interface MergedEntry {
  /** Without what an earlier merge noted; with the hash of its row if any of them has it. */
  entry: ReleasedLedgerEntry;
  /** Releases that have the row, by their place among all. */
  releases: number[];
  /** What an earlier merge noted. */
  note: Decision | undefined;
}

/** Says on the ledger of a merged release why a row that was kept is not there. */
const rule = 'same_content';

/**
 * The ledgers of several releases as one, sorted by id as each of them is, an entry at a time. Throws `Problem` release_conflict where two
 * of them say other things of a row, release_damaged for a ledger that is not sorted.
 */
export async function* mergedEntries(releases: readonly OpenRelease[], signal?: AbortSignal): AsyncGenerator<MergedEntry> {
  const open: { at: number; entries: AsyncGenerator<ReleasedLedgerEntry>; next: ReleasedLedgerEntry }[] = [];
  const step = async (at: number, entries: AsyncGenerator<ReleasedLedgerEntry>) => {
    const next = await entries.next();
    if (next.done !== true) open.push({ at, entries, next: next.value });
  };
  try {
    for (const [at, { folder, manifest }] of releases.entries()) await step(at, sorted(folder.location, releasedEntries(folder, manifest)));
    while (open.length > 0) {
      signal?.throwIfAborted();
      const id = open.reduce((least, { next }) => (next.id < least ? next.id : least), open[0]?.next.id ?? '');
      const same = open.filter(({ next }) => next.id === id).sort((a, b) => a.at - b.at);
      const [first, ...others] = same.map(({ at, next }) => readEntry(at, next));
      if (first === undefined) return;
      yield others.reduce(joined, first);
      for (const source of same) {
        open.splice(open.indexOf(source), 1);
        await step(source.at, source.entries);
      }
    }
  } finally {
    for (const { entries } of open) await entries.return(undefined);
  }
}

async function* sorted(place: string, entries: AsyncGenerator<ReleasedLedgerEntry>): AsyncGenerator<ReleasedLedgerEntry> {
  let last = '';
  for await (const entry of entries) {
    if (entry.id <= last)
      throw new Problem('release_damaged', `${place}: entry ${entry.id} of its ledger stands behind ${last}`, {
        hint: 'see: tracemill release verify',
      });
    last = entry.id;
    yield entry;
  }
}

function readEntry(at: number, read: ReleasedLedgerEntry): MergedEntry {
  const said = read.decisions.find((decision) => decision.rule === rule);
  const entry = { ...read, decisions: read.decisions.filter((decision) => decision !== said) };
  // Earlier versions named the row among the parameters.
  const twin = said?.parameters['row'];
  const note = typeof twin === 'string' ? noteOf(twin) : said;
  return { entry, releases: entry.row_sha256 === null ? [] : [at], note };
}

function joined(one: MergedEntry, other: MergedEntry): MergedEntry {
  refuseOther(one.entry, other.entry);
  return {
    entry: { ...one.entry, row_sha256: one.entry.row_sha256 ?? other.entry.row_sha256 },
    releases: [...one.releases, ...other.releases],
    note: other.note ?? one.note,
  };
}

/** The note on a row for which another one with the same content stands. Its parameters are those of all: tables count rules by them. */
export function noteOf(twin: string): Decision {
  return { rule, version: 1, decision: 'note', parameters: {}, reason: `row ${twin} has the same content`, evidence: [] };
}

function refuseOther(one: ReleasedLedgerEntry, other: ReleasedLedgerEntry): void {
  const sameRow = one.row_sha256 === null || other.row_sha256 === null || one.row_sha256 === other.row_sha256;
  if (sameRow && JSON.stringify({ ...one, row_sha256: null }) === JSON.stringify({ ...other, row_sha256: null })) return;
  throw new Problem(
    'release_conflict',
    `row ${one.id} of one release ${sameRow ? 'was decided on otherwise' : 'has another content'} in another`,
    { hint: 'build one of them again from the ledger as it is now and with the same --redact, or see: tracemill release diff' },
  );
}
