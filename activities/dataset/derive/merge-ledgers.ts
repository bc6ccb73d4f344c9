import { hash } from 'node:crypto';
import { Problem } from '../../../schemas/problem.ts';
import type { ReleasedLedgerEntry } from '../../../schemas/release.ts';
import type { OpenRelease } from '../open-release.ts';

export interface MergedLedger {
  /** Sorted by id. */
  entries: ReleasedLedgerEntry[];
  sameId: number;
  sameContent: Map<string, string>;
}

/** Says on the ledger of a merged release why a row that was kept is not there. */
const rule = 'same_content';

/**
 * The ledgers of several releases as one. Of rows with the same content under several ids, as two campaigns with one seed give, the
 * smallest id stands for all; the others get a note and are no rows. Throws `Problem` release_conflict.
 */
export async function mergeLedgers(releases: readonly OpenRelease[], signal?: AbortSignal): Promise<MergedLedger> {
  const known = new Map<string, ReleasedLedgerEntry>();
  const notes = new Map<string, ReleasedLedgerEntry['decisions'][number]>();
  let sameId = 0;
  for (const release of releases) {
    for (const read of await release.ledger()) {
      signal?.throwIfAborted();
      const note = read.decisions.find((decision) => decision.rule === rule);
      if (note !== undefined) notes.set(read.id, note);
      const entry = { ...read, decisions: read.decisions.filter((decision) => decision !== note) };
      const other = known.get(entry.id);
      if (other !== undefined) refuseOther(other, entry);
      if (other?.row_sha256 && entry.row_sha256) sameId += 1;
      known.set(entry.id, { ...entry, row_sha256: other?.row_sha256 ?? entry.row_sha256 });
    }
  }
  const sameContent = releases.length > 1 ? await twins(releases, signal) : new Map<string, string>();
  const entries = [...known.values()]
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .map((entry) => {
      const twin = sameContent.get(entry.id);
      const earlier = entry.row_sha256 === null ? notes.get(entry.id) : undefined;
      if (twin === undefined) return earlier === undefined ? entry : { ...entry, decisions: [...entry.decisions, earlier] };
      return { ...entry, row_sha256: null, decisions: [...entry.decisions, noteOf(twin)] };
    });
  return { entries, sameId, sameContent };
}

function noteOf(twin: string): ReleasedLedgerEntry['decisions'][number] {
  return { rule, version: 1, decision: 'note', parameters: { row: twin }, reason: `row ${twin} has the same content`, evidence: [] };
}

function refuseOther(one: ReleasedLedgerEntry, other: ReleasedLedgerEntry): void {
  const sameRow = one.row_sha256 === null || other.row_sha256 === null || one.row_sha256 === other.row_sha256;
  if (sameRow && JSON.stringify({ ...one, row_sha256: null }) === JSON.stringify({ ...other, row_sha256: null })) return;
  throw new Problem(
    'release_conflict',
    `row ${one.id} of one release ${sameRow ? 'was decided on otherwise' : 'has another content'} in another`,
    {
      hint: 'build one of them again from the ledger as it is now, or see: tracemill release diff',
    },
  );
}

/** Id → smallest id of a row that has the same values in every other column. */
async function twins(releases: readonly OpenRelease[], signal?: AbortSignal): Promise<Map<string, string>> {
  const byContent = new Map<string, string>();
  const contents = new Map<string, string>();
  for (const release of releases) {
    for await (const row of release.rows()) {
      signal?.throwIfAborted();
      const content = hash('sha256', JSON.stringify({ ...row, trajectory_id: '' }), 'base64');
      contents.set(row.trajectory_id, content);
      const least = byContent.get(content);
      if (least === undefined || row.trajectory_id < least) byContent.set(content, row.trajectory_id);
    }
  }
  const found = [...contents].map(([id, content]): [string, string] => [id, byContent.get(content) ?? id]);
  return new Map(found.filter(([id, least]) => id !== least).sort(([a], [b]) => (a < b ? -1 : 1)));
}
