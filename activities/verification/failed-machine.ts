import { Problem } from '../../schemas/problem.ts';
import type { GateRecord } from '../../schemas/gate.ts';
import type { Task } from '../../schemas/task.ts';
import { readLog } from './ambiguity/read-log.ts';
import { checkExpected, passedInAny } from './expected-tests.ts';
import { infrastructureSignals } from './infrastructure-signals.ts';
import { runTests, type TestRunOptions } from './test-run.ts';

type Verified = Pick<TestRunOptions, 'network'> & { gate?: Pick<GateRecord, 'gold_signals' | 'reinstall'> | undefined };

/**
 * What failing machines print, as far as the log has it and the gold patch's has not. A container without network resolves no
 * name of another machine however well its own is.
 */
export function wordsOfMachines({ gate, network = 'none' }: Verified, log: string): string[] {
  const known = new Set([...(gate?.gold_signals ?? []), ...(network === 'none' ? ['name resolution'] : [])]);
  return infrastructureSignals(log).environment.filter((name) => !known.has(name));
}

/** Throws where something of the machine failed the tests: then another try may give a verdict. */
export function refuseFailedMachine(task: Task, faults: string[]): void {
  if (faults.length === 0) return;
  const code = faults.some((fault) => fault.startsWith('out of memory')) ? 'out_of_memory' : 'container_failed';
  throw new Problem(code, `${task.instance_id}: the machine failed while the tests ran: ${faults.join('; ')}`, {
    hint: 'the verification is tried again; if this stays, look at the memory, disk and network settings of the sandbox',
  });
}

/** Whether the gold patch passes, on this machine and now, what the patch at hand failed. Where it cannot be run, nothing speaks against it. */
export async function goldStillPasses(options: TestRunOptions & Verified, failed: string[]): Promise<boolean> {
  const { task, gate } = options;
  const outcome = await runTests({ ...options, modelPatch: task.patch, reinstall: gate?.reinstall });
  if (outcome.kind !== 'ran') return true;
  const read = readLog(task.install_config.log_parser, outcome.log);
  if (!read.ok) return true;
  const passed = passedInAny([read.reading.statuses]);
  const expected = checkExpected({ FAIL_TO_PASS: failed, PASS_TO_PASS: [] }, passed);
  return expected.fail_to_pass.failed.length === 0;
}
