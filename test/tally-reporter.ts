import { writeFileSync } from 'node:fs';
import type { SerializedError } from 'vitest';
import type { Reporter, TestModule } from 'vitest/node';

/**
 * Writes `N passed, N failed, N skipped` to the file that TRACEMILL_TALLY names, for the last line of a CI run.
 * A file that could not be loaded and an error outside any test count as one failure each.
 */
export default class TallyReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[]): void {
    const target = process.env['TRACEMILL_TALLY'];
    if (target !== undefined) writeFileSync(target, `${tally(modules, unhandled.length)}\n`);
  }
}

function tally(modules: readonly TestModule[], unhandled: number): string {
  const count = { passed: 0, failed: unhandled, skipped: 0, pending: 0 };
  for (const module of modules) {
    const tests = [...module.children.allTests()];
    for (const test of tests) count[test.result().state] += 1;
    const failedByTests = tests.some((test) => test.result().state === 'failed');
    if (module.state() === 'failed' && !failedByTests) count.failed += 1;
  }
  return `${count.passed} passed, ${count.failed} failed, ${count.skipped + count.pending} skipped`;
}
