import { stepText } from '../client/step-text.ts';
import type { CheckpointRecord } from '../schemas/training.ts';
import type { JobNeeds } from '../schemas/job.ts';
import type { TrainingStatus } from '../schemas/training-status.ts';

/** A variant on one line, for logs. */
export function progressLine(status: TrainingStatus): string {
  const { training, variant, workflow, progress, watch, doing } = status;
  const stage = workflow === 'running' ? (progress?.stage ?? 'no worker answers') : workflow;
  const steps = watch === null ? [] : [stepText(watch)];
  return [`${training}/${variant}: ${stage.replace('_', ' ')}`, ...steps, ...(doing === null ? [] : [doing])].join(', ');
}

/** A variant on a few lines. */
export function statusText(status: TrainingStatus): string {
  const { workflow, started_at, closed_at, progress, watch, doing, retries, problem } = status;
  const lines = [progressLine({ ...status, watch: null, doing: null })];
  if (doing !== null) lines.push(`  doing        ${doing}`);
  const plan = progress?.plan ?? null;
  if (plan !== null)
    lines.push(`  data         ${plan.release.rows} rows of ${plan.release.folder}`, `  needs        ${needsText(plan.needs)}`);
  const files = progress?.files ?? null;
  if (files !== null) {
    const dropped = Object.entries(files.dropped).map(([code, rows]) => `${rows} ${code}`);
    lines.push(
      `  files        ${files.rows} rows, ${files.tokens} tokens, ${files.trained_tokens} trained${dropped.length > 0 ? `; left out: ${dropped.join(', ')}` : ''}`,
    );
  }
  const job = progress?.job ?? null;
  if (job !== null)
    lines.push(`  job          ${job.name}${watch === null ? '' : ` (${watch.state}${watch.detail === '' ? '' : `: ${watch.detail}`})`}`);
  if (watch !== null) {
    lines.push(`  progress     ${stepText(watch)}`);
    if (watch.checkpoint !== null) lines.push(`  checkpoint   ${watch.checkpoint}`);
    if (watch.heard_at !== null) lines.push(`  last output  ${watch.heard_at}`);
  }
  const again = Object.entries(progress?.resubmissions ?? {}).map(([cause, times]) => `${times} × ${cause}`);
  if (again.length > 0)
    lines.push(
      `  submitted    ${progress?.submissions ?? 0} times; again after ${again.join(', ')}; ${progress?.resubmissions_left ?? 0} more allowed`,
    );
  for (const { activity, attempt, code, message } of retries)
    lines.push(`  tried again  ${activity}, attempt ${attempt}: ${code}: ${message}`);
  if (problem !== null) {
    lines.push(`  ${workflow === 'running' ? 'before' : 'ended by'}     ${problem.code}: ${problem.message.replaceAll('\n', '\n  ')}`);
    if (problem.hint !== '') lines.push(`  hint         ${problem.hint}`);
  }
  lines.push(`  started      ${started_at}${closed_at === null ? '' : `, ended ${closed_at}`}`);
  return lines.join('\n');
}

/** What a job needs, in words. */
export function needsText({
  nodes,
  gpus_per_node,
  gpu_memory_gb,
  cpus_per_node,
  memory_mb_per_node,
  time_limit_seconds,
}: JobNeeds): string {
  const gpus = gpus_per_node === 0 ? 'no GPU' : `${gpus_per_node} GPUs${gpu_memory_gb === null ? '' : ` of ${gpu_memory_gb} GB`}`;
  const each = `${gpus}, ${cpus_per_node} cores, ${Math.round(memory_mb_per_node / 102.4) / 10} GB memory`;
  const limit = time_limit_seconds === null ? '' : `; at most ${time_limit_seconds} s`;
  return `${nodes === 1 ? 'a machine with' : `${nodes} machines, each with`} ${each}${limit}`;
}

/** A checkpoint record for people. */
export function recordText(record: CheckpointRecord, runs: readonly { recorded_at: string }[]): string {
  const { training, variant, base, folder, sha256, release, files, trainer, job, metrics } = record;
  const dropped = Object.entries(files.dropped).map(([code, rows]) => `${rows} ${code}`);
  return [
    `${training}/${variant}, a student from ${base}`,
    `  model        ${folder}`,
    `               sha256 ${sha256}`,
    `  release      ${release.folder}, content ${release.content_sha256}`,
    `  files        ${files.rows} rows, ${files.tokens} tokens, ${files.trained_tokens} trained${dropped.length > 0 ? `; left out: ${dropped.join(', ')}` : ''}`,
    `  template     ${record.chat_template_sha256}`,
    `  tokenizer    ${record.tokenizer_sha256}`,
    `  trainer      ${trainer.name} ${trainer.version}, inputs ${trainer.config_sha256}`,
    `  job          ${job.name}, submitted ${job.submissions} times, ${Math.round(job.seconds)} s`,
    `  loss         ${metrics.first_loss ?? '–'} → ${metrics.last_loss ?? '–'} in ${metrics.steps} steps`,
    ...runs.map(({ recorded_at }, at) => `  ${at === runs.length - 1 ? 'recorded' : 'before  '}     ${recorded_at}`),
  ].join('\n');
}
