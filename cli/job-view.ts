import { styleText } from 'node:util';
import type { JobReport } from '../client/job-report.ts';
import type { JobProgress } from '../schemas/job.ts';
import { table } from './table.ts';

/** Jobs as a table. */
export function jobTable(reports: readonly JobReport[]): string {
  return table(reports, [
    { title: 'job', value: ({ name }) => name },
    { title: 'kind', value: ({ kind }) => kind },
    { title: 'backend', value: ({ backend }) => backend },
    { title: 'state', value: stateOf },
    { title: 'cause', value: ({ failure }) => failure?.cause.replaceAll('_', ' ') },
    { title: 'step', value: ({ progress }) => (progress === null ? null : stepsOf(progress)), align: 'right' },
    { title: 'loss', value: ({ progress }) => progress?.loss?.toFixed(4), align: 'right' },
    { title: 'submissions', value: ({ submissions }) => submissions.length, align: 'right' },
  ]);
}

/** One job in full. */
export function jobScreen(report: JobReport): string {
  const { name, kind, backend, status, failure, progress, submissions, folder, lastLines } = report;
  const bold = (text: string) => styleText('bold', text, { stream: process.stdout });
  const progressLines =
    progress === null
      ? []
      : [
          `step ${stepsOf(progress)}, loss ${progress.loss ?? '–'}, as of ${progress.updated_at}`,
          `checkpoint: ${progress.checkpoint ?? 'none yet'}`,
        ];
  const failureLines =
    failure === null
      ? []
      : [
          `${bold(`cause: ${failure.cause.replaceAll('_', ' ')}`)}: ${failure.detail}`,
          failure.retryable ? 'it may go on when it is submitted again' : 'submitting it again as it is would not help',
          ...failure.lines.map((line) => `  | ${line}`),
        ];
  return [
    `${bold(name)}: ${stateOf(report)} (${kind} on ${backend})`,
    report.unreachable ?? status?.detail ?? '',
    ...progressLines,
    ...failureLines,
    ...(failure === null ? lastLines.map((line) => `  | ${line}`) : []),
    `run folder: ${folder}`,
    '',
    table(submissions, [
      { title: 'submission', value: ({ submission }) => submission, align: 'right' },
      { title: 'id', value: ({ id }) => id },
      { title: 'submitted', value: ({ submitted_at }) => submitted_at },
      { title: 'state', value: (row) => row.status?.state.replaceAll('_', ' ') },
      { title: 'restarts', value: (row) => row.status?.restarts, align: 'right' },
      { title: 'detail', value: (row) => row.status?.detail },
    ]),
  ].join('\n');
}

/** One line for a log that follows the job. */
export function jobLine(report: JobReport): string {
  const { name, progress, submissions } = report;
  const steps = progress === null ? '' : `, step ${stepsOf(progress)}, loss ${progress.loss ?? '–'}`;
  return `${name}: ${stateOf(report)}${steps}${submissions.length > 1 ? `, submission ${submissions.length}` : ''}`;
}

function stateOf({ status }: JobReport): string {
  return status === null ? 'unreachable' : status.state.replaceAll('_', ' ');
}

function stepsOf({ step, total_steps: total }: JobProgress): string {
  return `${step ?? '–'}${total === null ? '' : `/${total}`}`;
}
