import { GateRecord, type GateRun } from '../../schemas/gate.ts';
import type { Task } from '../../schemas/task.ts';
import { engineProblem, imageMissing } from '../engine/engine-error.ts';
import type { HomeEngine } from '../sandbox/index.ts';
import { checkExpected, passedInAny } from './expected-tests.ts';
import { type GateCache, gateKey } from './gate-cache.ts';
import { infrastructureSignals } from './infrastructure-signals.ts';
import { inGoldRuns, inNoopRun, unreadIn } from './ambiguity/ambiguities.ts';
import { type LogReading, readLog } from './ambiguity/read-log.ts';
import { refuseFailedMachine } from './failed-machine.ts';
import { machineFaults } from './machine-state.ts';
import { runTests, type TestRunOptions } from './test-run.ts';
import { verifierVersion } from './verify.ts';

export interface GateOptions {
  engine: HomeEngine;
  task: Task;
  image: string;
  /** What identifies the image's content; by default the engine's id of `image`. */
  imageDigest?: string | undefined;
  /** Gold runs, each in a fresh container. */
  runs?: number | undefined;
  timeoutMs: number;
  commandTimeoutMs?: number | undefined;
  cache?: GateCache | undefined;
  network?: 'none' | 'host' | undefined;
  /** Of each container; by default those of a job container. */
  limits?: TestRunOptions['limits'];
  labels?: Record<string, string> | undefined;
  signal?: AbortSignal | undefined;
}

/**
 * Finds out whether the gold patch passes every time and doing nothing does not. The record comes from the
 * cache, without a container, when the same task met the same image before. Throws `Problem` where the machine
 * failed; that is never cached.
 */
export async function runGate(options: GateOptions): Promise<GateRecord> {
  const { task, runs = 3, cache, timeoutMs } = options;
  const imageDigest = options.imageDigest ?? (await imageId(options));
  const key = gateKey({ task, imageDigest, verifierVersion, runs, timeoutMs, network: options.network ?? 'none' });
  const known = cache?.read(key);
  if (known !== undefined) return known;
  const started = performance.now();
  const outcome = await checkTask(options, runs);
  const record: GateRecord = GateRecord.parse({
    instance_id: task.instance_id,
    ...outcome,
    image_digest: imageDigest,
    verifier_version: verifierVersion,
    duration_ms: Math.round(performance.now() - started),
  });
  cache?.write(key, record);
  return record;
}

async function imageId({ engine, image, task }: GateOptions): Promise<string> {
  try {
    const found = await engine.findImage(image);
    if (found !== undefined) return found.id;
  } catch (error) {
    throw engineProblem(error, task.instance_id);
  }
  throw imageMissing(image, task.instance_id);
}

type Outcome = Omit<GateRecord, 'instance_id' | 'image_digest' | 'verifier_version' | 'duration_ms'>;

async function checkTask(options: GateOptions, count: number): Promise<Outcome> {
  const plain = await checkGold(options, count, false);
  const canReinstall = (options.task.install_config.install ?? []).length > 0;
  // The reset undoes what installation changed in tracked files; a task may need that again.
  const gold =
    plain.reason !== 'passed' && plain.reason !== 'unknown_parser' && canReinstall ? await checkGold(options, count, true) : plain;
  if (gold.reason !== 'passed') return plain;
  const noop = await oneRun(options, 'noop', gold.reinstall);
  if (noop.kind === 'refused') return { ...gold, passed: false, reason: noop.reason, detail: noop.detail };
  const ambiguous = [...gold.ambiguous, ...inNoopRun(noop.reading, options.task, gold)];
  const seen = { runs: [...gold.runs, noop.run], ambiguous };
  if (noop.run.fail_to_pass_failed.length > 0) return { ...gold, ...seen };
  return { ...gold, ...seen, passed: false, reason: 'noop_passed', detail: 'every fail-to-pass test passes without a patch' };
}

async function checkGold(options: GateOptions, count: number, reinstall: boolean): Promise<Outcome> {
  const readings: LogReading[] = [];
  const outcome: Outcome = {
    passed: true,
    reason: 'passed',
    detail: '',
    excluded: [],
    runs: [],
    reinstall,
    gold_signals: [],
    gold_exit_codes: [],
    gold_altered: [],
    ambiguous: [],
    gold_unread: unreadIn([]),
  };
  const unreliable = new Set<string>();
  const signals = new Set<string>();
  for (let i = 0; i < count; i += 1) {
    const result = await oneRun(options, 'gold', reinstall);
    if (result.kind === 'refused') return { ...outcome, passed: false, reason: result.reason, detail: result.detail };
    const { run } = result;
    readings.push(result.reading);
    outcome.ambiguous = inGoldRuns(readings, options.task);
    outcome.gold_unread = unreadIn(readings);
    outcome.runs.push(run);
    outcome.gold_exit_codes = run.exit_codes;
    for (const name of run.pass_to_pass_failed) unreliable.add(name);
    for (const name of result.signals) signals.add(name);
    outcome.gold_altered = [...new Set([...outcome.gold_altered, ...result.altered])].sort();
    outcome.gold_signals = [...signals].sort();
    outcome.excluded = [...unreliable].sort();
    if (run.fail_to_pass_failed.length > 0) {
      const reason = run.timed_out ? 'test_timeout' : result.reading.statuses.size === 0 ? 'no_tests_parsed' : 'gold_failed';
      const failed = run.fail_to_pass_failed.slice(0, 3).join(', ');
      const detail = `run ${i + 1} of ${count} with the gold patch did not pass ${failed} (${run.fail_to_pass_failed.length} in all)`;
      return { ...outcome, passed: false, reason, detail };
    }
  }
  const excluded = outcome.excluded.length === 0 ? '' : `; ${outcome.excluded.length} unreliable tests set aside`;
  return { ...outcome, detail: `gold passed ${count} of ${count} runs${excluded}` };
}

type OneRun =
  | { kind: 'ran'; run: GateRun; signals: string[]; altered: string[]; reading: LogReading }
  | { kind: 'refused'; reason: Exclude<GateRecord['reason'], 'passed' | 'noop_passed'>; detail: string };

async function oneRun(options: GateOptions, kind: GateRun['kind'], reinstall: boolean): Promise<OneRun> {
  const { task } = options;
  const started = performance.now();
  const request: TestRunOptions = { ...options, modelPatch: kind === 'gold' ? task.patch : null, reinstall };
  const outcome = await runTests(request);
  if (outcome.kind !== 'ran') {
    const reason = outcome.kind === 'patch_apply_failed' ? 'gold_patch_failed' : 'test_patch_failed';
    return { kind: 'refused', reason, detail: outcome.detail };
  }
  const read = readLog(task.install_config.log_parser, outcome.log);
  if (!read.ok) return { kind: 'refused', reason: read.reason, detail: read.detail };
  const { fail_to_pass, pass_to_pass } = checkExpected(task, passedInAny([read.reading.statuses]));
  const run: GateRun = {
    kind,
    fail_to_pass_failed: fail_to_pass.failed,
    pass_to_pass_failed: pass_to_pass.failed,
    exit_codes: outcome.exitCodes,
    timed_out: outcome.timedOut || outcome.commandsTimedOut.length > 0,
    log_oddities: outcome.oddities,
    duration_ms: Math.round(performance.now() - started),
  };
  const { environment, ambiguous } = infrastructureSignals(outcome.log);
  // A gold patch that failed for the machine would be taken for a bad task in every later campaign.
  if (kind === 'gold' && fail_to_pass.failed.length > 0) refuseFailedMachine(task, machineFaults(outcome.machine, environment));
  return { kind: 'ran', run, signals: [...environment, ...ambiguous], altered: outcome.altered, reading: read.reading };
}
