import { describe, expect, it } from 'vitest';
import {
  againstResolved,
  againstUnresolved,
  inGoldRuns,
  inNoopRun,
  nothingKnown,
  unreadIn,
} from '../../../activities/verification/ambiguity/ambiguities.ts';
import { readLog } from '../../../activities/verification/ambiguity/read-log.ts';

function reading(parser: string, ...lines: string[]) {
  const read = readLog(parser, lines.join('\n'));
  if (!read.ok) throw new Error(read.detail);
  return read.reading;
}

const go = (...lines: string[]) => reading('parse_log_gotest', ...lines);
const pass = (name: string) => `--- PASS: ${name} (0.00s)`;
const fail = (name: string) => `--- FAIL: ${name} (0.00s)`;
const expected = { FAIL_TO_PASS: ['TestNew'], PASS_TO_PASS: ['TestOld', 'TestKept (2 ms)'] };

describe('a resolved verdict', () => {
  it('is beyond doubt where nothing speaks against it', () => {
    const run = go(pass('TestNew'), pass('TestOld'), pass('TestKept'), fail('TestOther'), pass('TestOther'));
    expect(againstResolved([run], expected, nothingKnown)).toEqual([]);
  });

  it('names the expected tests that may have failed, by cause, as the task calls them', () => {
    const run = go(fail('TestNew'), fail('TestKept'), pass('TestNew'), pass('TestOld'), pass('TestKept'), `half${fail('TestOld')}`);
    expect(againstResolved([run], expected, nothingKnown)).toEqual([
      { cause: 'equal_names', hides: 'failed', tests: ['TestNew', 'TestKept (2 ms)'], line: fail('TestNew') },
      { cause: 'output_before_result', hides: 'failed', tests: ['TestOld'], line: `half${fail('TestOld')}` },
    ]);
  });

  it('needs each test to pass without doubt in one of its runs only', () => {
    const doubtful = go(fail('TestNew'), pass('TestNew'), pass('TestOld'), fail('TestKept'));
    const clear = go(pass('TestNew'), pass('TestOld'), pass('TestKept'));
    expect(againstResolved([doubtful, clear], expected, nothingKnown)).toEqual([]);
    expect(againstResolved([doubtful, doubtful], expected, nothingKnown)).toMatchObject([{ tests: ['TestNew'] }]);
  });

  it('is doubted for failures that the parser cannot see, unless the gold patch has them too', () => {
    const log = [
      'test pear::new ... ok',
      'test pear::panics - should panic ... FAILED',
      'test result: FAILED. 1 passed; 3 failed; 0 ignored; 0 measured',
    ];
    const run = reading('parse_log_cargo', ...log);
    const tests = { FAIL_TO_PASS: ['pear::new'], PASS_TO_PASS: [] };
    expect(againstResolved([run], tests, nothingKnown)).toEqual([
      { cause: 'unread_failure', hides: 'failed', tests: ['pear::panics - should panic'], line: log[1] },
      { cause: 'totals', hides: 'failed', tests: [], line: 'test result: FAILED. 1 passed; 3 failed;' },
    ]);
    expect(againstResolved([run], tests, { ambiguous: [], gold_unread: unreadIn([run]) })).toEqual([]);
  });

  it('is doubted for a skip, but not for that of a kept test which the gold patch skips too', () => {
    const run = reading('parse_log_tap', 'ok 1 - new # SKIP no disk', 'ok 2 - old # SKIP no disk');
    const tests = { FAIL_TO_PASS: ['- new # SKIP no disk'], PASS_TO_PASS: ['- old # SKIP no disk'] };
    const gold = { ambiguous: inGoldRuns([run], tests), gold_unread: unreadIn([run]) };
    expect(againstResolved([run], tests, nothingKnown)).toMatchObject([
      { cause: 'directive', tests: ['- new # SKIP no disk', '- old # SKIP no disk'] },
    ]);
    expect(againstResolved([run], tests, gold)).toMatchObject([{ cause: 'directive', hides: 'skipped', tests: ['- new # SKIP no disk'] }]);
  });
});

describe('a verdict that is not resolved', () => {
  it('is doubted where every missing test may have passed', () => {
    const run = go(`half${pass('TestNew')}`, pass('TestOld'), pass('TestKept'));
    expect(againstUnresolved([run], expected, nothingKnown)).toMatchObject([
      { cause: 'output_before_result', hides: 'passed', tests: ['TestNew'] },
    ]);
  });

  it('is beyond doubt as soon as one test failed or is missing without doubt', () => {
    const failed = go(`half${pass('TestNew')}`, fail('TestOld'), pass('TestKept'));
    const missing = go(`half${pass('TestNew')}`, pass('TestOld'));
    expect(againstUnresolved([failed], expected, nothingKnown)).toEqual([]);
    expect(againstUnresolved([missing], expected, nothingKnown)).toEqual([]);
  });

  it('is doubted where the tool counts as many more passed tests as are missing', () => {
    const tests = { FAIL_TO_PASS: ['new'], PASS_TO_PASS: ['old', 'kept'] };
    const run = (passed: number) => reading('parse_log_jest', '✓ old', `Tests:       ${passed} passed, ${passed} total`);
    expect(againstUnresolved([run(2)], tests, nothingKnown)).toEqual([]);
    expect(againstUnresolved([run(3)], tests, nothingKnown)).toEqual([
      { cause: 'totals', hides: 'passed', tests: ['new', 'kept'], line: 'Tests:       3 passed, 3 total' },
    ]);
    expect(againstUnresolved([run(3)], tests, { ambiguous: [], gold_unread: { failures: [], failed: 0, passed: 1 } })).toEqual([]);
  });
});

describe('the runs of a gate', () => {
  it('show what is ambiguous in any gold run', () => {
    const runs = [go(pass('TestNew'), pass('TestOld')), go(fail('TestOld'), pass('TestOld'), pass('TestNew'))];
    expect(inGoldRuns(runs, expected)).toMatchObject([{ cause: 'equal_names', hides: 'failed', tests: ['TestOld'] }]);
  });

  it('show whether a test to fix may pass, or fail, without the patch', () => {
    expect(inNoopRun(go(`half${pass('TestNew')}`), expected, nothingKnown)).toMatchObject([{ hides: 'passed', tests: ['TestNew'] }]);
    expect(inNoopRun(go(fail('TestNew'), pass('TestNew'), fail('TestOld')), expected, nothingKnown)).toMatchObject([
      { hides: 'failed', tests: ['TestNew'] },
    ]);
    expect(inNoopRun(go(fail('TestNew'), `half${pass('TestOld')}`), expected, nothingKnown)).toEqual([]);
  });
});
