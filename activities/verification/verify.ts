import type { Ambiguity } from '../../schemas/ambiguity.ts';
import type { GateRecord } from '../../schemas/gate.ts';
import type { Task } from '../../schemas/task.ts';
import type { Verdict } from '../../schemas/verdict.ts';
import type { HomeEngine } from '../sandbox/index.ts';
import { checkExpected, type ExpectedTests, passedInAny, withoutExcluded } from './expected-tests.ts';
import { againstResolved, againstUnresolved, nothingKnown } from './ambiguity/ambiguities.ts';
import { type LogReading, readLog } from './ambiguity/read-log.ts';
import { goldStillPasses, refuseFailedMachine, wordsOfMachines } from './failed-machine.ts';
import { machineFaults } from './machine-state.ts';
import { runTests, type TestRun, type TestRunOptions } from './test-run.ts';
import { patchFacts } from '../patches/patch-facts.ts';

/** Counts up when a verdict on the same patch may come out differently. */
export const verifierVersion = '5';

/** Fresh containers at most for one patch. */
const maxRuns = 3;

export interface VerifyOptions {
  engine: HomeEngine;
  task: Task;
  /** Image id or name, with the repository at the task's base commit. */
  image: string;
  modelPatch: string;
  /** For all test commands of one run, in milliseconds. */
  timeoutMs: number;
  commandTimeoutMs?: number | undefined;
  /** What the gate found out about the gold patch. */
  gate?: FromGate | undefined;
  network?: 'none' | 'host' | undefined;
  /** Of each container; by default those of a job container. */
  limits?: TestRunOptions['limits'];
  labels?: Record<string, string> | undefined;
  signal?: AbortSignal | undefined;
}

type FromGate = Pick<GateRecord, 'excluded' | 'reinstall' | 'gold_signals' | 'gold_exit_codes' | 'gold_altered'> &
  Partial<Pick<GateRecord, 'ambiguous' | 'gold_unread'>>;

export interface Verification {
  verdict: Verdict;
  /** Logs of all runs, each after a line that names it where there are several. Empty when no test ran. */
  log: string;
  /** Normalised test name → status of the last run. */
  statuses: ReadonlyMap<string, string>;
}

/**
 * Runs the task's tests on a patch in containers that no agent touched, and gives the verdict: resolved when every
 * expected test passed. A pass-to-pass test that fails beside passing fail-to-pass tests gets two more runs and
 * counts as passed when one of them passes it; a run that reaches its limit or shows no test gets one more. Tests that pass
 * because the patch rewrote them while they were built do not count (`tests_altered`). Where the tests decide, but their log
 * may mean something else than its parser reads, `ambiguous` says why.
 * A log with the words of a failing machine (`No space left on device`) is no proof, since tests print them too: what the
 * kernel counted, another run, and at last a run of the gold patch on the same machine tell.
 * Throws `Problem` image_missing, engine_unreachable, out_of_memory or container_failed where the machine, not
 * the patch, failed: another try may give a verdict. An unreadable log (`unknown_parser`, `parser_error`) and a test
 * patch that does not apply even without the model's leave `resolved` at -1.
 */
export async function verifyPatch(options: VerifyOptions): Promise<Verification> {
  const started = performance.now();
  const { task, modelPatch, gate } = options;
  const expected = withoutExcluded(task, gate?.excluded ?? []);
  const facts = patchFacts(task, modelPatch);
  const end = (state: Partial<Verdict> & Pick<Verdict, 'resolved' | 'reason' | 'detail'>, runs: Run[]): Verification => {
    const { fail_to_pass, pass_to_pass } = checkExpected(expected, passedInAny(runs.map((run) => run.statuses)));
    const last = runs.at(-1);
    const measured = {
      exit_codes: last?.exitCodes ?? [],
      duration_ms: Math.round(performance.now() - started),
      runs: runs.length,
      restored: last?.restored ?? [],
      facts,
    };
    return { verdict: { fail_to_pass, pass_to_pass, ...measured, ...state }, log: joinLogs(runs), statuses: last?.statuses ?? new Map() };
  };
  if (modelPatch.trim() === '') return end({ resolved: 0, reason: 'empty_patch', detail: 'the patch is empty' }, []);

  const runs: Run[] = [];
  for (;;) {
    const outcome = await runTests({ ...options, reinstall: gate?.reinstall });
    if (outcome.kind !== 'ran') {
      const { kind, detail } = outcome;
      // A test patch that applies without the model's patch has failed by that.
      const isPatchesFault = kind === 'patch_apply_failed' || outcome.inTheWay;
      return end({ resolved: isPatchesFault ? 0 : -1, reason: kind, detail }, runs);
    }
    const read = readLog(task.install_config.log_parser, outcome.log);
    if (!read.ok) return end({ resolved: -1, reason: read.reason, detail: read.detail }, [...runs, { ...outcome, ...nothingRead }]);
    runs.push({ ...outcome, ...read.reading });
    const { resolved, fail_to_pass, pass_to_pass } = checkExpected(expected, passedInAny(runs.map((run) => run.statuses)));
    if (resolved === 0 && runs.length < maxRuns && deservesAnotherRun(runs, fail_to_pass.failed.length)) continue;
    const words = resolved === 0 ? wordsOfMachines(options, outcome.log) : [];
    if (resolved === 0) {
      refuseFailedMachine(task, machineFaults(outcome.machine, words));
      if (words.length > 0 && runs.length < 2) continue;
      const failed = fail_to_pass.failed.length > 0 ? fail_to_pass.failed : pass_to_pass.failed;
      if (words.length > 0 && !(await goldStillPasses(options, failed))) refuseFailedMachine(task, words);
    }
    const altered = alteredBeyond(gate?.gold_altered ?? [], runs);
    if (resolved === 1 && altered.length > 0) return end({ resolved: 0, reason: 'tests_altered', detail: alteration(altered) }, runs);
    const missing = fail_to_pass.failed.length + pass_to_pass.failed.length;
    const suspicious = isSuspicious(runs, gate?.gold_exit_codes);
    const ambiguous = ambiguityOf(runs, { resolved, expected, suspicious, gate });
    const { reason, detail } = reasonOf(runs, resolved, missing);
    const cleared =
      words.length === 0 ? '' : `; the log has words of a failing machine (${words.join(', ')}), but the gold patch passes on it`;
    return end({ resolved, reason, detail: `${detail}${cleared}`, suspicious, ambiguous }, runs);
  }
}

type Run = Extract<TestRun, { kind: 'ran' }> & LogReading;

const nothingRead: LogReading = { statuses: new Map(), doubts: new Map(), unread: [], excess: { failed: 0, passed: 0, line: '' } };

function ambiguityOf(
  runs: Run[],
  {
    resolved,
    expected,
    suspicious,
    gate,
  }: { resolved: Verdict['resolved']; expected: ExpectedTests; suspicious: boolean; gate: FromGate | undefined },
): Ambiguity[] {
  const gold = { ...nothingKnown, ...gate };
  // What did not run within its time did not pass, whatever the log says of the rest.
  if (resolved === 0) return isTimedOut(runs.at(-1)) ? [] : againstUnresolved(runs, expected, gold);
  const exitCode: Ambiguity = { cause: 'exit_code', hides: 'failed', tests: [], line: '' };
  return [...againstResolved(runs, expected, gold), ...(suspicious ? [exitCode] : [])];
}

function isTimedOut(run: Run | undefined): boolean {
  return run !== undefined && (run.timedOut || run.commandsTimedOut.length > 0);
}

function deservesAnotherRun(runs: Run[], failToPassFailed: number): boolean {
  const last = runs.at(-1);
  if (last === undefined) return true;
  if (isTimedOut(last) || last.statuses.size === 0) return runs.length < 2;
  return failToPassFailed === 0;
}

function alteredBeyond(known: string[], runs: Run[]): string[] {
  return [...new Set(runs.flatMap(({ altered }) => altered))].filter((path) => !known.includes(path));
}

function alteration(paths: string[]): string {
  const more = paths.length > 3 ? ` and ${paths.length - 3} more` : '';
  return `every expected test passed, but not as the task has them: ${paths.slice(0, 3).join(', ')}${more} changed while they ran`;
}

function reasonOf(runs: Run[], resolved: Verdict['resolved'], missing: number): Pick<Verdict, 'reason' | 'detail'> {
  const last = runs.at(-1);
  const cut = last?.oddities.includes('cut') === true ? '; the middle of the log was dropped' : '';
  if (resolved === 1)
    return { reason: 'tests', detail: `every expected test passed${runs.length > 1 ? ` in one of ${runs.length} runs` : ''}${cut}` };
  if (isTimedOut(last)) {
    return { reason: 'test_timeout', detail: `the tests reached their time limit; ${missing} expected tests did not pass${cut}` };
  }
  if (last?.statuses.size === 0)
    return { reason: 'no_tests_parsed', detail: `the log shows no test, although it does for the gold patch${cut}` };
  return { reason: 'tests', detail: `${missing} expected tests did not pass${cut}` };
}

function isSuspicious(runs: Run[], goldExitCodes: number[] | undefined): boolean {
  const last = runs.at(-1);
  if (last === undefined || last.statuses.size === 0 || last.exitCodes.every((code) => code === 0)) return false;
  if (goldExitCodes !== undefined && goldExitCodes.join() === last.exitCodes.join()) return false;
  return ![...last.statuses].some(([name, status]) => !buildNames.includes(name) && (status === 'FAILED' || status.startsWith('ERROR')));
}

/** What some parsers call a whole build: that it failed is no failed test. */
const buildNames = ['BUILD', '---NO TEST NAME FOUND YET---'];

function joinLogs(runs: Run[]): string {
  if (runs.length < 2) return runs[0]?.log ?? '';
  return runs.map(({ log }, i) => `--- tracemill: run ${i + 1} of ${runs.length} ---\n${log}`).join('\n');
}
