import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { localStore } from '../../activities/artifacts/local-store.ts';
import { putJson } from '../../activities/artifacts/store.ts';
import { writeEvaluationReport } from '../../activities/evaluation/index.ts';
import { openLocalLedger } from '../../activities/ledger/local/local-ledger.ts';
import { projectRoot } from '../../platform/home.ts';
import { type SeededEvaluation, seededRecord } from '../evaluation/seeded-record.ts';

let home: string;

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'tracemill-evaluation-'));
  const ledger = openLocalLedger(join(home, 'ledger.sqlite'));
  const store = localStore(join(home, 'store'));
  const evaluations: (SeededEvaluation & { name: string })[] = [
    { name: 'nightly-20260101', seed: 1 },
    { name: 'nightly-20260102', seed: 2 },
    { name: 'nightly-20260103', seed: 3, regression: 0.35 },
    { name: 'nightly-20260104', seed: 4, infraErrors: 0.1 },
    { name: 'other-set', seed: 5, instances: 50 },
  ];
  for (const evaluation of evaluations) {
    const record = seededRecord(evaluation);
    const { name } = evaluation;
    await ledger.recordRun({ kind: 'evaluation', name, record: await putJson(store, record), recorded_at: '2026-01-05T00:00:00.000Z' });
    writeEvaluationReport(record, join(home, 'evaluations', name));
  }
  await ledger.close();
});

afterAll(() => {
  rmSync(home, { recursive: true, force: true });
});

function tracemill(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(join(projectRoot, 'bin/tracemill'), args, {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'] ?? '', TRACEMILL_HOME: home, NO_COLOR: '1' },
  });
  return { status, stdout, stderr };
}

describe('evaluation report', () => {
  it('prints Markdown, or writes a page', () => {
    const shown = tracemill('evaluation', 'report', 'nightly-20260102', '--baseline', 'nightly-20260101');
    expect(shown.status).toBe(0);
    expect(shown.stdout).toMatch(/^# Evaluation nightly-20260102\n/);
    expect(shown.stdout).toContain('## Compared with nightly-20260101');
    const page = join(home, 'page.html');
    const written = tracemill('evaluation', 'report', 'nightly-20260102', '--html', page);
    expect(written).toMatchObject({ status: 0, stdout: '', stderr: expect.stringContaining(page) });
    expect(readFileSync(page, 'utf8')).toContain('<title>Evaluation nightly-20260102</title>');
  });

  it('says which evaluations there are when asked for another', () => {
    const { status, stderr } = tracemill('evaluation', 'report', 'nightly-20260109');
    expect(status).toBe(3);
    expect(stderr).toContain('other-set');
  });
});

describe('evaluation recompute', () => {
  it('reproduces every stored figure', () => {
    expect(tracemill('evaluation', 'recompute', 'nightly-20260103')).toMatchObject({
      status: 0,
      stdout: 'every figure of nightly-20260103 follows from its record\n',
    });
  });

  it('also those of a comparison, printed as JSON', () => {
    const file = join(home, 'figures.json');
    writeFileSync(file, tracemill('evaluation', 'report', 'nightly-20260103', '--baseline', 'nightly-20260101', '--json').stdout);
    expect(tracemill('evaluation', 'recompute', 'nightly-20260103', '--figures', file).status).toBe(0);
  });

  it('names what was changed', () => {
    const file = join(home, 'evaluations', 'nightly-20260103', 'figures.json');
    const changed = join(home, 'changed.json');
    writeFileSync(changed, readFileSync(file, 'utf8').replace(/"mean": 0\.\d+/, '"mean": 0.99'));
    const { status, stdout } = tracemill('evaluation', 'recompute', 'nightly-20260103', '--figures', changed);
    expect(status).toBe(1);
    expect(stdout).toMatch(/1 figures .*\n {2}cells\[0\]\.rate\.mean: stored 0\.99, computed 0\.\d+/);
  });

  it('refuses a file of another shape', () => {
    const file = join(home, 'nonsense.json');
    writeFileSync(file, '{"format": 1}');
    const { status, stderr } = tracemill('evaluation', 'recompute', 'nightly-20260103', '--figures', file);
    expect(status).toBe(2);
    expect(stderr).toContain(file);
  });
});

describe('evaluation check', () => {
  it('tells fine, regression and invalid apart by its exit code', () => {
    expect(tracemill('evaluation', 'check', 'nightly-20260102').status).toBe(3);
    expect(tracemill('evaluation', 'accept', 'nightly-20260101')).toMatchObject({
      status: 0,
      stdout: 'nightly-20260101 is the baseline of the series nightly\n',
    });
    expect(tracemill('evaluation', 'check', 'nightly-20260102').status).toBe(0);
    const regression = tracemill('evaluation', 'check', 'nightly-20260103');
    expect(regression.status).toBe(1);
    expect(regression.stdout).toContain('nightly-20260103 against nightly-20260101: regression');
    const invalid = tracemill('evaluation', 'check', 'nightly-20260104', '--json');
    expect(invalid.status).toBe(5);
    expect(JSON.parse(invalid.stdout)).toMatchObject({ verdict: 'invalid' });
  });

  it('says that the webhook was not reached, and keeps the code of a regression', () => {
    const regression = tracemill('evaluation', 'check', 'nightly-20260103', '--webhook', 'http://127.0.0.1:9/hook');
    expect(regression.status).toBe(1);
    expect(regression.stderr).toContain('could not be posted to 127.0.0.1:9');
    const nonsense = tracemill('evaluation', 'check', 'nightly-20260103', '--webhook', 'ops@example.org');
    expect(nonsense).toMatchObject({ status: 2, stderr: expect.stringContaining('--webhook') });
  });
});

describe('evaluation compare', () => {
  it('shows the comparison alone, and refuses other instances unless told', () => {
    const shown = tracemill('evaluation', 'compare', 'nightly-20260103', 'nightly-20260101');
    expect(shown.stdout).toMatch(/^## Compared with nightly-20260101/);
    const refused = tracemill('evaluation', 'compare', 'other-set', 'nightly-20260101');
    expect(refused).toMatchObject({ status: 2, stderr: expect.stringContaining('--intersect') });
    expect(tracemill('evaluation', 'compare', 'other-set', 'nightly-20260101', '--intersect').stdout).toContain(
      'Only the 50 instances of both',
    );
  });
});

it('calibrates by reruns', () => {
  const { status, stdout } = tracemill('evaluation', 'calibrate', 'nightly-20260101', 'nightly-20260102');
  expect(status).toBe(0);
  expect(stdout).toContain('2 reruns, 2 comparisons: 2 fine.');
});
