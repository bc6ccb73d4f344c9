import { describe, expect, it } from 'vitest';
import { markdownReport } from '../../activities/evaluation/report/markdown.ts';
import { evaluationFigures } from '../../activities/evaluation/figures/evaluation-figures.ts';
import { EvaluationFigures } from '../../schemas/evaluation-figures.ts';
import { EvaluationRecord } from '../../schemas/evaluation-record.ts';
import { Problem } from '../../schemas/problem.ts';
import { seededRecord } from './seeded-record.ts';

const both = [
  { harness: 'openhands', mode: 'think' as const },
  { harness: 'sweagent', mode: 'no_think' as const },
];
const record = seededRecord({ seed: 1, runs: 3, cells: both, infraErrors: 0.01 });
const figures = evaluationFigures(record);

it('are made of a record as it is stored, and survive storing', () => {
  expect(EvaluationRecord.parse(JSON.parse(JSON.stringify(record)))).toEqual(record);
  expect(EvaluationFigures.parse(JSON.parse(JSON.stringify(figures)))).toEqual(figures);
});

it('are the same whenever they are computed', () => {
  const again = evaluationFigures({ ...record, outcomes: [...record.outcomes].reverse() });
  expect(JSON.parse(JSON.stringify(again)).cells.map((cell: { rate: unknown }) => cell.rate)).toEqual(
    figures.cells.map(({ rate }) => rate),
  );
  expect(evaluationFigures(record)).toEqual(figures);
});

it('score every run over all instances, with what broke apart', () => {
  for (const cell of figures.cells) {
    expect(cell.runs).toHaveLength(3);
    for (const run of cell.runs) {
      const mine = record.outcomes.filter(
        ({ harness, mode, run: number }) => harness === cell.harness && mode === cell.mode && number === run.run,
      );
      const resolved = mine.filter(({ verdict }) => verdict === 'resolved').length;
      expect(run.rate).toBe(resolved / 200);
      expect(run.verdicts.infra_error).toBe(mine.filter(({ verdict }) => verdict === 'infra_error').length);
      expect(Object.values(run.verdicts).reduce((sum, count) => sum + count, 0)).toBe(200);
      expect(run.interval.low).toBeLessThan(run.rate);
      expect(run.interval.high).toBeGreaterThan(run.rate);
    }
    expect(cell.rate.mean).toBeCloseTo(cell.runs.reduce((sum, run) => sum + run.rate, 0) / 3, 12);
    expect(cell.languages.reduce((sum, { instances }) => sum + instances, 0)).toBe(200);
    expect(cell.repos).toHaveLength(20);
    expect(cell.run_to_run).toBeGreaterThan(0.1);
    expect(cell.run_to_run).toBeLessThan(0.25);
  }
});

it('count instances without an outcome as not run, also a whole cell of them', () => {
  const missing = { harness: 'mini-swe-agent', mode: 'think' as const };
  const { cells, health } = evaluationFigures({
    ...record,
    protocol: { ...record.protocol, cells: [...both, missing] },
    outcomes: record.outcomes.filter(({ run }) => run !== 2),
  });
  const cell = cells.find(({ harness }) => harness === 'mini-swe-agent');
  expect(cell?.rate.mean).toBe(0);
  expect(cell?.runs[0]?.verdicts.not_run).toBe(200);
  expect(cells[1]?.runs[2]?.verdicts.not_run).toBe(200);
  expect(health.outcomes).toBe(1800);
  expect(health.infra_errors).toBeGreaterThan(1000 / 1800);
});

it('say what the longest requests and the flagged rollouts change', () => {
  const [cell] = figures.cells;
  const mine = record.outcomes.filter(({ harness }) => harness === cell?.harness);
  const beyond = mine.filter(({ longest_context }) => (longest_context ?? 0) > 131_072).length;
  expect(cell?.beyond_trained).toEqual({ known: 600, beyond, share: beyond / 600 });
  expect(beyond).toBeGreaterThan(0);
  const flagged = mine.filter(({ git_hack_attempted }) => git_hack_attempted);
  const clean = mine.filter(({ git_hack_attempted, verdict }) => !git_hack_attempted && verdict === 'resolved').length;
  expect(cell?.findings.flagged).toBe(flagged.length);
  expect(cell?.findings.categories).toEqual({ future_history: flagged.length });
  expect(cell?.findings.flagged_unresolved).toBe(clean / 600);
  expect(cell?.findings.flagged_left_out).toBe(clean / (600 - flagged.length));
  expect(evaluationFigures({ ...record, protocol: { ...record.protocol, trained_tokens: null } }).cells[0]?.beyond_trained).toBeNull();
});

it('list what the grader and our verification decide differently', () => {
  const { checked, disagreements } = figures.cross_check;
  expect(checked).toBe(record.outcomes.filter(({ verdict }) => verdict !== 'infra_error').length);
  expect(disagreements.length).toBeGreaterThan(0);
  for (const { grader, ours } of disagreements) expect(grader === 'resolved').toBe(ours === 0);
  expect(disagreements.map(({ reason }) => reason)).toEqual(disagreements.map(() => ''));
});

it('say why they differ, where that is known, also in the report', () => {
  const outcomes = record.outcomes.map((outcome) => ({ ...outcome, disagreement: 'tests that fail there pass here: flaky' }));
  const explained = evaluationFigures({ ...record, outcomes });
  expect(explained.cross_check.disagreements[0]?.reason).toBe('tests that fail there pass here: flaky');
  expect(markdownReport(explained)).toContain('tests that fail there pass here: flaky');
});

it("put the paper's numbers beside, marked with how sure they are", () => {
  expect(figures.paper).toContainEqual({ scaffold: 'headline', mode: null, rate: 0.617, certainty: 'confirmed' });
  expect(evaluationFigures({ ...record, benchmark: { ...record.benchmark, name: 'my-profile' } }).paper).toEqual([]);
});

describe('against a baseline', () => {
  const single = (seed: number, more = {}) => seededRecord({ seed, ...more });

  it('use the exact test for single runs, on instances that both measured', () => {
    const here = single(2, { infraErrors: 0.03 });
    const { comparison } = evaluationFigures(here, { baseline: single(3) });
    const [cell] = comparison?.cells ?? [];
    expect(comparison?.sets).toBe('equal');
    expect(cell?.test).toBe('mcnemar');
    expect(cell?.unmeasured).toBe(here.outcomes.filter(({ verdict }) => verdict === 'infra_error').length);
    expect((cell?.instances ?? 0) + (cell?.unmeasured ?? 0)).toBe(200);
    const [gained, lost] = [cell?.gained.length ?? 0, cell?.lost.length ?? 0];
    expect(cell?.difference).toBeCloseTo((gained - lost) / (cell?.instances ?? 1), 12);
    expect(cell?.discordance).toBeCloseTo((gained + lost) / (cell?.instances ?? 1), 12);
    expect(cell?.p_two_sided).toBeGreaterThan(0.01);
    expect(comparison?.overall).toBeNull();
  });

  it('flip signs of mean differences for several runs, and see a large loss in every cell and overall', () => {
    const baseline = seededRecord({ seed: 4, runs: 3, cells: both });
    const worse = seededRecord({ seed: 5, runs: 3, cells: both, regression: 0.2 });
    const { comparison } = evaluationFigures(worse, { baseline });
    for (const cell of [...(comparison?.cells ?? []), comparison?.overall]) {
      expect(cell?.test).toBe('sign_flip');
      expect(cell?.p_loss).toBeLessThan(0.001);
      expect(cell?.by_instance?.high).toBeLessThan(0);
      expect(cell?.difference).toBeLessThan(-0.08);
    }
    expect(comparison?.cells).toHaveLength(2);
  });

  it('correct languages for their number', () => {
    const [cell] = evaluationFigures(single(6), { baseline: single(7) }).comparison?.cells ?? [];
    expect(cell?.languages).toHaveLength(5);
    for (const { p, p_corrected } of cell?.languages ?? []) expect(p_corrected).toBeGreaterThanOrEqual(p);
  });

  it('refuse unequal sets, or compare what both have when asked, and say which', () => {
    const smaller = single(8, { instances: 150 });
    const refused = evaluationFigures(smaller, { baseline: single(9) }).comparison;
    expect(refused).toMatchObject({ sets: 'refused', only_here: 0, only_there: 50, cells: [] });
    const common = evaluationFigures(smaller, { baseline: single(9), intersect: true }).comparison;
    expect(common).toMatchObject({ sets: 'intersected', instances: 150, only_there: 50 });
    expect(common?.cells[0]?.instances).toBe(150);
  });

  it('name what was done differently', () => {
    const here = single(10);
    const changed = { ...here, protocol: { ...here.protocol, max_turns: 100 }, model: { name: 'x', facts: { temperature: '0' } } };
    const { differences, unpaired_cells } = evaluationFigures(changed, { baseline: single(11, { cells: both }) }).comparison ?? {};
    expect(differences).toContain('turn limit: 100, baseline 250');
    expect(differences).toContain('temperature: 0, baseline 0.7');
    expect(differences).toContain('server: none, baseline vllm 0.32.0');
    expect(unpaired_cells).toEqual(['sweagent/no_think']);
  });
});

describe('of a record that contradicts itself', () => {
  const [first] = record.outcomes;
  const problemOf = (changed: Partial<EvaluationRecord>) => {
    try {
      evaluationFigures({ ...record, ...changed });
    } catch (error) {
      return error instanceof Problem ? `${error.code}: ${error.message}` : String(error);
    }
    return 'no problem';
  };

  it('are refused, with the place', () => {
    if (first === undefined) throw new Error('the record has no outcome');
    const more = (outcome: object) => problemOf({ outcomes: [...record.outcomes, { ...first, ...outcome }] });
    expect(more({})).toMatch(/^bad_evaluation_record: .*org__project0-0 of openhands\/think, run 0: has two outcomes/);
    expect(more({ instance_id: 'other-1' })).toMatch(/no such instance/);
    expect(more({ run: 3 })).toMatch(/the protocol has 3 runs/);
    expect(more({ harness: 'unplanned' })).toMatch(/no such cell/);
    const [instance] = record.benchmark.instances;
    const instances = instance === undefined ? [] : [...record.benchmark.instances, instance];
    expect(problemOf({ benchmark: { ...record.benchmark, instances } })).toMatch(/listed twice/);
  });
});
