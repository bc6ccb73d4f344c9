import { parseArgs } from 'node:util';
import { localReleaseFolder } from '../../activities/dataset/local-release-folder.ts';
import { type OpenRelease, openRelease } from '../../activities/dataset/open-release.ts';
import type { DatasetRow } from '../../schemas/dataset-row.ts';
import type { ReleasedLedgerEntry } from '../../schemas/release.ts';
import { maskVolatile } from './volatile-text.ts';

/** Differences reported before giving up. */
const LIMIT = 20;

/**
 * Compares two releases row by row and ledger entry by ledger entry. Only text that commands printed is masked
 * (observations, and evidence quoting them); ids, replies, patches, verdicts, decisions and counts must be equal.
 * Returns what differs, each with its place.
 */
export async function compareReleases(left: string, right: string): Promise<string[]> {
  const releases = [await openRelease(localReleaseFolder(left)), await openRelease(localReleaseFolder(right))] as const;
  const differences: string[] = [];
  const [rowsLeft, rowsRight] = [await maskedRows(releases[0]), await maskedRows(releases[1])];
  compareMaps('row', rowsLeft, rowsRight, differences);
  const [ledgerLeft, ledgerRight] = [await maskedLedger(releases[0]), await maskedLedger(releases[1])];
  compareMaps('ledger', ledgerLeft, ledgerRight, differences);
  compareValues('funnel', releases[0].manifest.funnel, releases[1].manifest.funnel, differences);
  compareValues('shards', shardsOf(releases[0]), shardsOf(releases[1]), differences);
  return differences.slice(0, LIMIT);
}

function shardsOf({ manifest }: OpenRelease) {
  return manifest.shards.map(({ path, rows }) => ({ path, rows }));
}

async function maskedRows(release: OpenRelease): Promise<Map<string, unknown>> {
  const rows = new Map<string, unknown>();
  for await (const row of release.rows()) rows.set(row.trajectory_id, maskedRow(row));
  return rows;
}

function maskedRow(row: DatasetRow): DatasetRow {
  const trajectory = row.trajectory.map((message) =>
    message.role === 'tool' ? { ...message, content: maskVolatile(message.content) } : message,
  );
  return { ...row, trajectory };
}

async function maskedLedger(release: OpenRelease): Promise<Map<string, unknown>> {
  return new Map((await release.ledger()).map((entry) => [entry.id, maskedEntry(entry)]));
}

/** The hash of its row is of text that is not masked. */
function maskedEntry(entry: ReleasedLedgerEntry): ReleasedLedgerEntry {
  return {
    ...entry,
    row_sha256: null,
    decisions: entry.decisions.map((decision) => ({
      ...decision,
      evidence: decision.evidence.map((evidence) => ({ ...evidence, text: maskVolatile(evidence.text) })),
    })),
    findings: entry.findings.map((finding) => ({ ...finding, evidence: maskVolatile(finding.evidence) })),
  };
}

function compareMaps(kind: string, left: Map<string, unknown>, right: Map<string, unknown>, differences: string[]): void {
  for (const id of new Set([...left.keys(), ...right.keys()])) {
    if (!left.has(id) || !right.has(id)) differences.push(`${kind} ${id}: only in the ${left.has(id) ? 'first' : 'second'} release`);
    else compareValues(`${kind} ${id}`, left.get(id), right.get(id), differences);
  }
}

/** Walks both values and names the first place where they part. */
function compareValues(place: string, left: unknown, right: unknown, differences: string[]): void {
  if (Object.is(left, right)) return;
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) {
    differences.push(`${place}: ${shown(left)} ≠ ${shown(right)}`);
    return;
  }
  const [ofLeft, ofRight] = [new Map(Object.entries(left)), new Map(Object.entries(right))];
  for (const name of new Set([...ofLeft.keys(), ...ofRight.keys()]))
    compareValues(`${place}.${name}`, ofLeft.get(name), ofRight.get(name), differences);
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length <= 300 ? text : `${text.slice(0, 300)}…`;
}

if (import.meta.main) {
  const { positionals } = parseArgs({ allowPositionals: true });
  const [left, right] = positionals;
  if (left === undefined || right === undefined) {
    process.stderr.write('Usage: node test/e2e/compare-releases.ts RELEASE RELEASE\n');
    process.exitCode = 2;
  } else {
    const differences = await compareReleases(left, right);
    process.stdout.write(differences.length === 0 ? 'equal\n' : `${differences.join('\n')}\n`);
    process.exitCode = differences.length === 0 ? 0 : 1;
  }
}
