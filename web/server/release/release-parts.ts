import type { ReleasedLedgerEntry } from '../../../schemas/release.ts';
import type { Fact } from '../../../schemas/transcript.ts';
import { turnsOfMessages } from '../../model/transcript/message-turns.ts';
import type { GoodReading } from '../files/read-again.ts';
import { partsOfTrajectory } from '../files/trajectory-parts.ts';
import type { TranscriptParts } from '../files/transcript-folder.ts';
import { fateText, mostTests, shownDecision, testsOf } from '../live/rollout-head.ts';

/**
 * A row of a release as pages show it: its messages, and what the released ledger says of it. `found` is null for a row that
 * the release does not have, its `reading` undefined for one whose messages cannot be read.
 */
export function partsOfRelease(
  entry: ReleasedLedgerEntry,
  found: { shard: string; row: number; reading: GoodReading | undefined } | null,
  version: string,
): TranscriptParts {
  const reading = found?.reading;
  const shown =
    reading === undefined ? undefined : partsOfTrajectory(entry.id, reading.trajectory, { record: null, version, report: null });
  const tests = entry.verdict === null ? [] : testsOf(entry.verdict);
  const seqs = reading === undefined ? new Map<number, number>() : seqsByTurn(reading);
  const { key, ending } = entry;
  return {
    about: {
      id: entry.id,
      title: `${key.instance_id} · ${key.harness} · ${key.mode} · ${key.sample}`,
      open: false,
      version,
      facts: factsOf(entry, found),
      ending: ending === null ? null : [...new Set([ending.kind, ending.status, ending.detail])].filter((text) => text !== '').join(': '),
      resolved: entry.resolved,
      tests: tests.slice(0, mostTests),
      decisions: entry.decisions.map((decision) => shownDecision(decision, (turn) => seqs.get(turn) ?? null)),
      fate: fateText(entry),
      patch: shown?.about.patch ?? null,
      unread: unreadOf(entry, found, shown?.about.unread ?? [], tests.length),
    },
    findings: entry.findings,
    turns: shown?.turns ?? [],
  };
}

/** The place of each turn in the transcript, by the turn's number. */
function seqsByTurn({ trajectory }: GoodReading): Map<number, number> {
  const seqs = new Map<number, number>();
  let seq = 0;
  for (const { turn } of turnsOfMessages(trajectory.messages)) {
    if (turn !== null) seqs.set(turn, seq);
    seq += 1;
  }
  return seqs;
}

function unreadOf(
  { scan }: ReleasedLedgerEntry,
  found: { shard: string; row: number; reading: GoodReading | undefined } | null,
  lost: readonly string[],
  tests: number,
): string[] {
  return [
    ...(found === null ? ['the release leaves this row out, with its messages: its ledger says why'] : []),
    ...(found !== null && found.reading === undefined ? [`the messages cannot be read: ${found.shard}:row ${found.row}`] : []),
    ...lost,
    ...(scan?.unread ?? []).map((reason) => `the scan did not see: ${reason}`),
    ...(tests > mostTests ? [`${tests - mostTests} of ${tests} tests are not shown; all stand in the released ledger`] : []),
  ];
}

function factsOf(entry: ReleasedLedgerEntry, found: { shard: string; row: number } | null): Fact[] {
  const { usage, verdict, scan } = entry;
  const facts: [string, string | number | null | undefined][] = [
    ['read from', found === null ? null : `${found.shard}:row ${found.row}`],
    ['repository', entry.repo],
    ['language', entry.language],
    ['licence', entry.license],
    ['data set', entry.hf_dataset_name],
    ['teacher', `${entry.teacher.name} (${entry.teacher.model})`],
    ['campaign', entry.key.campaign],
    ['trajectory', entry.id],
    ['turns', entry.turns],
    ['prompt tokens', usage.prompt_tokens],
    ['completion tokens', usage.completion_tokens],
    ['cost, USD', entry.cost_usd],
    ['verdict', verdict === null ? null : [verdict.reason, verdict.detail].filter((text) => text !== '').join(': ')],
    ['scanner version', scan?.scanner_version],
    ['preset', entry.preset],
    ['came in from', entry.origin?.format],
  ];
  return facts.flatMap(([name, value]) => (value === null || value === undefined || value === '' ? [] : [{ name, value: String(value) }]));
}
