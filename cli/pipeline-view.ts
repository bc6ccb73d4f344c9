import type { PipelineStep } from '../schemas/pipeline.ts';
import type { PipelineStatus } from '../schemas/pipeline-status.ts';
import { table } from './table.ts';

/** A pipeline for people: one line a step, the problem of each that has one, and where its details are. */
export function statusText({ name, workflow, progress, doing, retries, problem }: PipelineStatus): string {
  const lines = [`pipeline ${name}: ${workflow}`];
  if (progress === null) lines.push('no worker answers; start one: tracemill worker');
  else {
    lines.push(
      table(progress.steps, [
        { title: 'stage', value: ({ stage }) => stage },
        { title: 'name', value: ({ name: of }) => of },
        { title: 'state', value: ({ state }) => state.replaceAll('_', ' ') },
        { title: 'time', value: timeOf, align: 'right' },
      ]),
    );
    for (const step of progress.steps) {
      if (step.problem === null) continue;
      lines.push(`${step.stage} ${step.name}: ${step.problem.code}: ${step.problem.message}`);
      if (step.problem.hint !== '') lines.push(`  ${step.problem.hint}`);
    }
    const running = progress.steps.find(({ state }) => state === 'running');
    if (running !== undefined && doing !== null) lines.push(`${running.stage} ${running.name}: ${doing}`);
    if (running !== undefined && running.stage !== 'report')
      lines.push(`its details: tracemill ${running.stage} status ${nameOf(running)}`);
  }
  for (const { activity, attempt, code, message } of retries) lines.push(`${activity} is tried again (${attempt}): ${code}: ${message}`);
  if (problem !== null) lines.push(`${problem.code}: ${problem.message}`, ...(problem.hint === '' ? [] : [`  ${problem.hint}`]));
  return lines.join('\n');
}

/** The same on one line, for logs. */
export function progressLine({ name, workflow, progress }: PipelineStatus): string {
  const steps = (progress?.steps ?? [])
    .filter(({ state }) => state !== 'waiting')
    .map(({ stage, name: of, state }) => `${stage} ${of} ${state}`);
  return `pipeline ${name} ${workflow}${steps.length === 0 ? '' : `: ${steps.join(', ')}`}`;
}

/** A training is asked for by its name, whatever the variant. */
function nameOf({ stage, name }: PipelineStep): string {
  return stage === 'training' ? (name.split('/')[0] ?? name) : name;
}

function timeOf({ started_at, ended_at }: PipelineStep): string | null {
  if (started_at === null) return null;
  const seconds = ((ended_at ?? Date.now()) - started_at) / 1000;
  return seconds < 90 ? `${Math.round(seconds)} s` : `${Math.round(seconds / 60)} min`;
}
