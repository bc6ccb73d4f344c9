import type { FoundRollout } from '../../../activities/ledger/ledger.ts';
import type { TaskRecord } from '../../../schemas/ledger-record.ts';
import { decidingRule, type LedgerEntry } from '../../../schemas/ledger-entry.ts';
import type { Fact, ShownDecision, ShownTest } from '../../../schemas/transcript.ts';
import type { Verdict } from '../../../schemas/verdict.ts';
import { rolloutId } from '../../../schemas/rollout-id.ts';
import type { AboutTranscript } from '../../model/transcript/builder.ts';

/** Tests that a head names; a task can have tens of thousands. */
export const mostTests = 2000;

/** What a page says of a rollout before its first turn, from what the ledger has. `open`: its journal still grows. */
export function aboutRollout(
  { rollout, entry }: FoundRollout,
  known: {
    task: TaskRecord | null;
    verdict: Verdict | null;
    patch: AboutTranscript['patch'];
    open: boolean;
    version: string;
    unread: string[];
    seqOfTurn: (turn: number) => number | null;
  },
): AboutTranscript {
  const { key } = rollout;
  const tests = known.verdict === null ? [] : testsOf(known.verdict);
  const unread = [...known.unread, ...(entry?.scan?.unread ?? []).map((reason) => `the scan did not see: ${reason}`)];
  if (tests.length > mostTests) unread.push(`${tests.length - mostTests} of ${tests.length} tests are not shown; all stand in the verdict`);
  return {
    id: rolloutId(key),
    title: `${key.instance_id} · ${key.harness} · ${key.mode} · ${key.sample}`,
    open: known.open,
    version: known.version,
    facts: factsOf(entry, known.task, rollout.teacher),
    ending: entry?.ending?.kind ?? null,
    resolved: entry?.resolved ?? null,
    tests: tests.slice(0, mostTests),
    decisions: (entry?.decisions ?? []).map((decision) => shownDecision(decision, known.seqOfTurn)),
    fate: entry === null ? null : fateText(entry),
    patch: known.patch,
    unread,
  };
}

function factsOf(entry: LedgerEntry | null, task: TaskRecord | null, teacher: string): Fact[] {
  const facts: [string, string | number | null | undefined][] = [
    ['repository', entry?.repo ?? task?.repo],
    ['language', entry?.language ?? task?.language],
    ['licence', entry?.license ?? task?.license],
    ['teacher', entry === null ? teacher : `${entry.teacher.name} (${entry.teacher.model})`],
    ['trajectory', entry?.id],
    ['turns', entry?.turns],
    ['prompt tokens', entry?.usage.prompt_tokens],
    ['completion tokens', entry?.usage.completion_tokens],
    ['cost, USD', entry?.cost_usd],
    [
      'ending',
      entry === null || entry.ending === null
        ? null
        : `${entry.ending.status}${entry.ending.detail === '' ? '' : `: ${entry.ending.detail}`}`,
    ],
    [
      'verdict',
      entry === null || entry.verdict === null
        ? null
        : `${entry.verdict.reason}${entry.verdict.detail === '' ? '' : `: ${entry.verdict.detail}`}`,
    ],
    ['scanner version', entry?.scan?.scanner_version],
    ['preset', entry?.preset],
    ['task', task === null ? null : `${task.state}${task.problem === null ? '' : `: ${task.problem}`}`],
  ];
  return facts.flatMap(([name, value]) => (value === null || value === undefined || value === '' ? [] : [{ name, value: String(value) }]));
}

/** What became of a row, and which rule decided it. */
export function fateText(entry: Pick<LedgerEntry, 'decisions' | 'ending'>): string {
  const deciding = decidingRule(entry);
  if (deciding === undefined) return 'kept';
  return `${entry.ending === null ? 'lost' : 'dropped'} by ${deciding.rule} v${deciding.version}`;
}

/** A decision as pages show it. */
export function shownDecision(
  { rule, version, decision, reason, evidence }: LedgerEntry['decisions'][number],
  seqOfTurn: (turn: number) => number | null,
): ShownDecision {
  const turn = evidence.find((found) => found.turn !== undefined)?.turn;
  return { rule, version, decision, reason, seq: turn === undefined ? null : seqOfTurn(turn) };
}

/** Those that decided against it first. */
export function testsOf({ fail_to_pass, pass_to_pass }: Pick<Verdict, 'fail_to_pass' | 'pass_to_pass'>): ShownTest[] {
  const rows = (names: readonly string[], wanted: string, got: string, ok: boolean) => names.map((name) => ({ name, wanted, got, ok }));
  return [
    ...rows(fail_to_pass.failed, 'fails before, passes after', 'did not pass', false),
    ...rows(pass_to_pass.failed, 'passes before and after', 'did not pass', false),
    ...rows(fail_to_pass.passed, 'fails before, passes after', 'passed', true),
    ...rows(pass_to_pass.passed, 'passes before and after', 'passed', true),
  ];
}
