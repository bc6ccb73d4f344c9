import { cpSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readGraded, RunSummary } from '../../../activities/evaluation/graders/swebench-results.ts';
import { scratchFolder } from '../../scratch-folder.ts';

// Left by real runs of versions 5.0.2 and 4.1.0.
const fixtures = join(import.meta.dirname, 'fixtures');
const id = 'tracemill-demo__timespan-2.3.1';

function left(name: string): string {
  const folder = scratchFolder('graded');
  cpSync(join(fixtures, name), folder, { recursive: true });
  if (existsSync(join(folder, 'run_instance.txt'))) renameSync(join(folder, 'run_instance.txt'), join(folder, 'run_instance.log'));
  return folder;
}

describe('readGraded', () => {
  it('reads verdict and tests of version 5', () => {
    const folder = left('resolved');
    const graded = readGraded(folder, id);
    expect(graded).toMatchObject({ verdict: 'resolved', detail: '', log: join(folder, 'test_output.txt') });
    expect([graded.tests?.passed.length, graded.tests?.failed]).toEqual([expect.any(Number), []]);
    expect(readGraded(left('unresolved'), id)).toMatchObject({
      verdict: 'unresolved',
      tests: { failed: ['- adds fractions to whole units', '- reads a decimal fraction', '- reads a fraction without a leading digit'] },
    });
  });

  it('reads verdict and tests of version 4', () => {
    const graded = readGraded(left('version4'), 'psf__requests-9001');
    expect(graded).toMatchObject({ verdict: 'unresolved', detail: '', log: null });
    expect(graded.tests?.failed.length).toBeGreaterThan(0);
  });

  it('tells why an instance has no report', () => {
    expect(readGraded(left('unappliable'), id)).toMatchObject({ verdict: 'patch_apply_failed', tests: null });
    expect(readGraded(left('endless'), id)).toMatchObject({ verdict: 'test_timeout', detail: 'the tests took more than 15 seconds' });
    expect(readGraded(scratchFolder('graded'), id)).toMatchObject({ verdict: 'infra_error', detail: 'the grader ended without a report' });
    const folder = scratchFolder('graded');
    writeFileSync(join(folder, 'run_instance.log'), 'begin\nError creating container: no space left\n');
    expect(readGraded(folder, id)).toMatchObject({ verdict: 'infra_error', detail: expect.stringContaining('no space left') });
  });

  it('does not take what a test printed for a time limit, nor a patch for a failed one', () => {
    const folder = left('endless');
    writeFileSync(join(folder, 'test_output.txt'), 'Timeout error: 5 seconds exceeded.\nok 1 - fine\n');
    expect(readGraded(folder, id).verdict).toBe('infra_error');
    const applied = left('resolved');
    writeFileSync(join(applied, 'run_instance.log'), 'Git diff before:\n+>>>>> Patch Apply Failed\n');
    expect(readGraded(applied, id).verdict).toBe('resolved');
  });

  it('reports what cannot be read, and what the log shows of the machine', () => {
    for (const content of ['{"', '{}', JSON.stringify({ other: { resolved: true, patch_successfully_applied: true } })]) {
      const folder = scratchFolder('graded');
      writeFileSync(join(folder, 'report.json'), content);
      expect(readGraded(folder, id)).toMatchObject({ verdict: 'infra_error', detail: expect.stringContaining('cannot be read') });
    }
    const folder = scratchFolder('graded');
    const report = { resolved: false, patch_successfully_applied: false, infra_failure: true, infra_failure_reason: 'out_of_memory' };
    writeFileSync(join(folder, 'report.json'), JSON.stringify({ [id]: report }));
    expect(readGraded(folder, id)).toMatchObject({ verdict: 'infra_error', detail: expect.stringContaining('out_of_memory') });
    writeFileSync(join(folder, 'report.json'), JSON.stringify({ [id]: { ...report, infra_failure: false } }));
    expect(readGraded(folder, id)).toMatchObject({ verdict: 'unresolved', detail: 'the grader found no result of a test in the log' });
  });
});

it('reads the summaries of both versions', () => {
  const read = (name: string) => RunSummary.parse(JSON.parse(readFileSync(join(fixtures, name), 'utf8')));
  expect(read('summary-version5.json')).toMatchObject({ resolved_ids: expect.arrayContaining([id]), error_ids: [] });
  expect(read('summary-version4.json')).toMatchObject({ unresolved_ids: ['psf__requests-9001'], empty_patch_ids: [] });
});
