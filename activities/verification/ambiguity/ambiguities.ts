import type { Ambiguity } from '../../../schemas/ambiguity.ts';
import type { GateRecord } from '../../../schemas/gate.ts';
import type { ExpectedTests } from '../expected-tests.ts';
import { PASSED } from '../parsers/parser.ts';
import { normaliseName } from '../parsers/test-name.ts';
import type { Doubt, LogReading } from './read-log.ts';

/** What the logs of the gold patch showed of this kind: the same later says nothing about a patch. */
export type KnownFromGold = Pick<GateRecord, 'ambiguous' | 'gold_unread'>;

/** As much of a line as evidence needs. */
const lineLength = 200;

/**
 * Why a resolved verdict may be wrong: every run in which a test passed leaves it open whether it did, or the tool reports
 * failures that the parser does not see and the gold patch does not have. Empty where nothing speaks against it.
 */
export function againstResolved(runs: readonly LogReading[], expected: ExpectedTests, gold: KnownFromGold): Ambiguity[] {
  const found = new Groups();
  for (const name of [...expected.FAIL_TO_PASS, ...expected.PASS_TO_PASS]) {
    const doubt = doubtOfPass(runs, normaliseName(name));
    if (doubt !== undefined) found.add(name, doubt);
  }
  const known = (ambiguity: Ambiguity) => ({ ...ambiguity, tests: withoutKnownSkips(ambiguity, expected, gold) });
  const named = found
    .list()
    .map(known)
    .filter(({ tests }) => tests.length > 0);
  return [...named, ...unseenFailures(runs.at(-1), gold)];
}

/**
 * Why a verdict that is not resolved may be wrong: of every test that does not count as passed the tool may have said that it
 * passed. Empty as soon as one of them failed without doubt.
 */
export function againstUnresolved(runs: readonly LogReading[], expected: ExpectedTests, gold: KnownFromGold): Ambiguity[] {
  const found = new Groups();
  const absent: string[] = [];
  for (const name of [...expected.FAIL_TO_PASS, ...expected.PASS_TO_PASS]) {
    const key = normaliseName(name);
    if (runs.some(({ statuses }) => statuses.get(key) === PASSED)) continue;
    const doubt = runs.map(({ doubts }) => doubts.get(key)).find((candidate) => candidate !== undefined);
    if (doubt !== undefined) found.add(name, doubt);
    else if (runs.every(({ statuses }) => !statuses.has(key))) absent.push(name);
    else return [];
  }
  if (absent.length === 0) return found.list();
  // The tool counts as many passed tests as are missing, and more than it does with the gold patch.
  const excess = runs.at(-1)?.excess;
  if (excess === undefined || excess.passed - gold.gold_unread.passed < absent.length) return [];
  return [...found.list(), { cause: 'totals', hides: 'passed', tests: absent, line: beginning(excess.line) }];
}

/** What is ambiguous in the logs of the gold patch, whether or not it turned the outcome of the gate. */
export function inGoldRuns(runs: readonly LogReading[], expected: ExpectedTests): Ambiguity[] {
  const found = new Groups();
  for (const { doubts } of runs) {
    for (const name of [...expected.FAIL_TO_PASS, ...expected.PASS_TO_PASS]) {
      const doubt = doubts.get(normaliseName(name));
      if (doubt !== undefined) found.add(name, doubt);
    }
  }
  return [...found.list(), ...unseenFailures(runs.at(-1), nothingKnown)];
}

/** Why the run without a patch may have ended otherwise: all that it has to show is that a test to fix does not pass. */
export function inNoopRun(run: LogReading, { FAIL_TO_PASS }: ExpectedTests, gold: KnownFromGold): Ambiguity[] {
  const expected = { FAIL_TO_PASS, PASS_TO_PASS: [] };
  const passed = FAIL_TO_PASS.every((name) => run.statuses.get(normaliseName(name)) === PASSED);
  return passed ? againstResolved([run], expected, gold) : againstUnresolved([run], expected, gold);
}

export const nothingKnown: KnownFromGold = { ambiguous: [], gold_unread: { failures: [], failed: 0, passed: 0 } };

/** What later runs are compared with. */
export function unreadIn(gold: readonly LogReading[]): GateRecord['gold_unread'] {
  return {
    failures: [...new Set(gold.flatMap(({ unread }) => unread.map(({ name }) => name)))].sort(),
    failed: Math.max(0, ...gold.map(({ excess }) => excess.failed)),
    passed: Math.max(0, ...gold.map(({ excess }) => excess.passed)),
  };
}

/** Undefined where the test passed without doubt in one run at least, or in none. */
function doubtOfPass(runs: readonly LogReading[], name: string): Doubt | undefined {
  const passing = runs.filter(({ statuses }) => statuses.get(name) === PASSED);
  const doubts = passing.flatMap(({ doubts: found }) => found.get(name) ?? []);
  return doubts.length < passing.length ? undefined : doubts.at(-1);
}

/** A test to keep that is skipped with the gold patch too is as it was recorded. */
function withoutKnownSkips({ hides, cause, tests }: Ambiguity, { FAIL_TO_PASS }: ExpectedTests, gold: KnownFromGold): string[] {
  if (hides !== 'skipped') return tests;
  const known = new Set(gold.ambiguous.filter((other) => other.hides === hides && other.cause === cause).flatMap((other) => other.tests));
  const toFix = new Set(FAIL_TO_PASS);
  return tests.filter((name) => toFix.has(name) || !known.has(name));
}

function unseenFailures(reading: LogReading | undefined, { gold_unread }: KnownFromGold): Ambiguity[] {
  if (reading === undefined) return [];
  const { unread, excess } = reading;
  const found: Ambiguity[] = [];
  const known = new Set(gold_unread.failures);
  const fresh = unread.filter(({ name }) => !known.has(name));
  const line = beginning(fresh[0]?.line ?? '');
  if (fresh.length > 0) found.push({ cause: 'unread_failure', hides: 'failed', tests: fresh.map(({ name }) => name), line });
  if (excess.failed > gold_unread.failed) found.push({ cause: 'totals', hides: 'failed', tests: [], line: beginning(excess.line) });
  return found;
}

/** Tests by what makes their status doubtful. */
class Groups {
  readonly #groups = new Map<string, Ambiguity & { names: Set<string> }>();

  add(name: string, { cause, hides, line }: Doubt): void {
    const key = `${cause} ${hides}`;
    const group = this.#groups.get(key) ?? { cause, hides, tests: [], line: beginning(line), names: new Set() };
    this.#groups.set(key, group);
    group.names.add(name);
  }

  list(): Ambiguity[] {
    return [...this.#groups.values()].map(({ names, ...group }) => ({ ...group, tests: [...names] }));
  }
}

function beginning(line: string): string {
  return line.length <= lineLength ? line : `${line.slice(0, lineLength - 1).toWellFormed()}…`;
}
