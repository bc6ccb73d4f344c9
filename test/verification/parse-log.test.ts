import { describe, expect, it } from 'vitest';
import { parseLog, parserNames } from '../../activities/verification/parse-log.ts';

describe('parseLog', () => {
  it('distinguishes an unknown name from an empty log', () => {
    expect(parseLog('parse_log_nothing', 'PASSED a')).toMatchObject({ ok: false, reason: 'unknown_parser' });
    expect(parseLog('toString', 'PASSED a')).toMatchObject({ ok: false, reason: 'unknown_parser' });
    expect(parseLog('swebench:nobody/nothing', '')).toMatchObject({ ok: false, reason: 'unknown_parser' });
    expect(parseLog('parse_log_pytest', '')).toEqual({ ok: true, statuses: new Map() });
  });

  it('knows each alias as the parser itself', () => {
    for (const alias of ['flask', 'pvlib', 'pydantic', 'dvc']) {
      expect(parseLog(`parse_log_${alias}`, 'PASSED f[/a/b]')).toEqual(parseLog('parse_log_pytest', 'PASSED f[/a/b]'));
    }
    const surefire = 'Running a.B\nTests run: 1, Failures: 0, Errors: 0, Skipped: 0';
    expect(parseLog('parse_log_java_mvn', surefire)).toEqual(parseLog('parse_java_mvn', surefire));
    expect(parseLog('parse_log_sbt', '<testcase name="a"/>')).toEqual(parseLog('parse_log_junit', '<testcase name="a"/>'));
  });

  it('keeps SWE-bench apart, by function and by repository', () => {
    expect(parseLog('parse_log_pytest', 'XFAIL a')).toEqual({ ok: true, statuses: new Map() });
    const expected = { ok: true, statuses: new Map([['a', 'XFAIL']]) };
    expect(parseLog('swebench:parse_log_pytest', 'XFAIL a')).toEqual(expected);
    expect(parseLog('swebench:pallets/flask', 'XFAIL a')).toEqual(expected);
    expect(parseLog('swebench:parse_log_flask', 'XFAIL a')).toEqual(expected);
    for (const alias of 'astroid flask marshmallow pvlib pyvista sqlfluff xarray pydicom requests pylint astropy scikit sphinx'.split(
      ' ',
    )) {
      expect(parseLog(`swebench:parse_log_${alias}`, 'PASSED t.py::a')).toEqual({ ok: true, statuses: new Map([['t.py::a', 'PASSED']]) });
    }
  });

  it('names what broke a parser', () => {
    expect(parseLog('parse_log_seaborn', 'FAILED')).toEqual({
      ok: false,
      reason: 'parser_error',
      detail: 'parse_log_seaborn: a status without a test: FAILED',
    });
  });

  it('refuses names that outgrow the log', () => {
    const log = `Suite ${'x'.repeat(100_000)} (Y)\n${' ✔ a\n'.repeat(10_000)}`;
    expect(parseLog('parse_log_phpunit', log)).toMatchObject({ ok: false, reason: 'parser_error' });
  });

  it('has every parser answer an empty log and any bytes', () => {
    const bytes = Buffer.from(Uint8Array.from({ length: 4096 }, (_, i) => (i * 7919) % 256)).toString('utf8');
    const wrong = parserNames().filter((name) => {
      const [empty, any] = [parseLog(name, ''), parseLog(name, bytes)];
      return !empty.ok || empty.statuses.size > 0 || (!any.ok && any.reason !== 'parser_error');
    });
    expect(wrong).toEqual([]);
  });
});
