import type { EvaluationFigures } from '../../schemas/evaluation-figures.ts';
import type { PipelineStep } from '../../schemas/pipeline.ts';
import type { ReleaseManifest } from '../../schemas/release.ts';
import type { CheckpointRecord } from '../../schemas/training.ts';
import { amount, type Block, percent, range, type Section, signed, signedRange, table, text } from '../evaluation/index.ts';

/** What a pipeline's report is made of: the records of its steps; those of steps that came to nothing are not among them. */
export interface PipelineParts {
  steps: readonly PipelineStep[];
  release: ReleaseManifest | null;
  trainings: readonly CheckpointRecord[];
  /** Each compared with the first of the same tasks, where there is another. */
  evaluations: readonly EvaluationFigures[];
}

/** The report of a pipeline in reading order. */
export function pipelineSections(parts: PipelineParts): Section[] {
  return [
    scores(parts.evaluations),
    ...comparisons(parts.evaluations),
    students(parts.trainings),
    dataset(parts.release),
    steps(parts.steps),
  ].filter(({ blocks }) => blocks.length > 0);
}

function scores(evaluations: readonly EvaluationFigures[]): Section {
  const rows = evaluations.flatMap(({ name, benchmark, model, cells }) =>
    cells.map(({ harness, mode, runs, rate, interval, findings }) => [
      name,
      model.name,
      `${harness}/${mode}`,
      String(benchmark.instances),
      String(runs.length),
      percent(rate.mean),
      range(interval),
      percent(findings.flagged_unresolved),
    ]),
  );
  if (rows.length === 0) return { title: 'Scores', blocks: [text('No evaluation has a result.')] };
  const titles = ['evaluation', 'model', 'cell', '>instances', '>runs', '>resolved', '>95 %', '>flagged as unresolved'];
  return { title: 'Scores', blocks: [table('Resolve rates, mean over runs', titles, rows)] };
}

function comparisons(evaluations: readonly EvaluationFigures[]): Section[] {
  const rows = evaluations.flatMap(({ name, comparison }) =>
    (comparison?.cells ?? []).map(({ harness, mode, instances, difference, by_instance, p_corrected }) => [
      name,
      comparison?.baseline.name ?? '',
      `${harness ?? 'all'}/${mode ?? 'all'}`,
      String(instances),
      signed(difference),
      signedRange(by_instance),
      p_corrected.toFixed(3),
    ]),
  );
  const of = (wanted: 'refused' | 'intersected') => evaluations.filter(({ comparison }) => comparison?.sets === wanted);
  const refused = of('refused').map(({ name }) => name);
  const partly = of('intersected').map(
    ({ name, comparison }) => `${name} (${comparison?.only_here ?? 0} more of its own, ${comparison?.only_there ?? 0} of the other)`,
  );
  const blocks: Block[] = [];
  const titles = ['evaluation', 'against', 'cell', '>instances', '>points', '>95 %', '>p (Holm)'];
  if (rows.length > 0) blocks.push(table('Paired by instance', titles, rows));
  if (partly.length > 0) blocks.push(text(`Compared on the instances that both have: ${partly.join(', ')}.`));
  if (refused.length > 0) blocks.push(text(`Not compared, since they share no instance: ${refused.join(', ')}.`));
  return blocks.length === 0 ? [] : [{ title: 'Students against the first', blocks }];
}

function students(trainings: readonly CheckpointRecord[]): Section {
  const loss = (value: number | null) => (value === null ? '–' : value.toFixed(3));
  const rows = trainings.map(({ training, variant, base, files, trainer, metrics, job }) => [
    `${training}/${variant}`,
    base,
    amount(files.rows),
    amount(Object.values(files.dropped).reduce((sum, count) => sum + count, 0)),
    amount(files.tokens),
    amount(files.trained_tokens),
    trainer.version,
    String(metrics.steps),
    `${loss(metrics.first_loss)} → ${loss(metrics.last_loss)}`,
    String(job.submissions),
  ]);
  const titles = ['student', 'base', '>rows', '>left out', '>tokens', '>trained', 'trainer', '>steps', '>loss', '>jobs'];
  return { title: 'Students', blocks: rows.length === 0 ? [] : [table('What was trained, and on what', titles, rows)] };
}

function dataset(release: ReleaseManifest | null): Section {
  if (release === null) return { title: 'Dataset', blocks: [] };
  const { total } = release.funnel;
  const cells = new Map<string, { rows: number; resolved: number; unresolved: number; unknown: number }>();
  for (const { harness, mode, rows, resolved, unresolved, unknown } of release.statistics) {
    const sum = cells.get(`${harness}/${mode}`) ?? { rows: 0, resolved: 0, unresolved: 0, unknown: 0 };
    cells.set(`${harness}/${mode}`, {
      rows: sum.rows + rows,
      resolved: sum.resolved + resolved,
      unresolved: sum.unresolved + unresolved,
      unknown: sum.unknown + unknown,
    });
  }
  const rows = [...cells].map(([cell, { rows: all, resolved, unresolved, unknown }]) => [
    cell,
    amount(all),
    amount(resolved),
    amount(unresolved),
    amount(unknown),
  ]);
  const funnel = `Release ${release.version} of campaign ${release.campaign}: of ${amount(total.planned)} planned rollouts ${amount(total.kept)} were kept, ${amount(total.dropped)} dropped by filters, ${amount(total.gated_out)} had a task that did not pass the gate, ${amount(total.lost)} were lost to infrastructure, ${amount(total.open)} are open.`;
  return {
    title: 'Dataset',
    blocks: [text(funnel), table('Rows', ['cell', '>rows', '>resolved', '>unresolved', '>unknown'], rows)],
  };
}

function steps(all: readonly PipelineStep[]): Section {
  const rows = all
    .filter(({ stage }) => stage !== 'report')
    .map(({ stage, name, state, started_at, ended_at, problem }) => [
      stage,
      name,
      state.replaceAll('_', ' '),
      started_at === null || ended_at === null ? '–' : duration((ended_at - started_at) / 1000),
      problem === null ? '' : `${problem.code}: ${problem.message}`,
    ]);
  return { title: 'Steps', blocks: [table('What was run', ['stage', 'name', 'state', '>time', 'problem'], rows)] };
}

function duration(seconds: number): string {
  if (seconds < 60) return `${Math.round(seconds)} s`;
  return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}
