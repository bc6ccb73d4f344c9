import { join } from 'node:path';
import { quote } from '../../../platform/quote.ts';
import { replaceFile } from '../../../platform/replace-file.ts';
import type { JobBackendSettings, JobSpec } from '../../../schemas/job.ts';
import { refused, unreachable } from '../job-problem.ts';
import { writeJobProgram } from '../job-program.ts';
import type { Claim } from '../run-folder.ts';
import type { AskSlurm } from './ask-slurm.ts';
import { commentOf } from './slurm-jobs.ts';

export type SlurmSettings = Extract<JobBackendSettings, { type: 'slurm' }>;

/** What sbatch says when the same call will never do. */
const forGood =
  /invalid (partition|account|qos|feature|generic resource|constraint|gres|trackable resource)|not available|unrecognized option|invalid option|association|violates|more processors|access\/permission denied|batch script/i;

/** Writes the batch script into the submission's folder and submits it; gives Slurm's id of the job. */
export async function submitBatch(ask: AskSlurm, settings: SlurmSettings, spec: JobSpec, claim: Claim, here: string): Promise<string> {
  const command = writeJobProgram(spec, claim.submission, here, false);
  const script = join(here, 'batch.sh');
  const lines = [
    '#!/bin/sh',
    // A job is the same one after a requeue, and another one when it was submitted twice.
    'export TRACEMILL_JOB_OWNER="slurm-$SLURM_JOB_ID" TRACEMILL_JOB_RESTART="${SLURM_RESTART_COUNT:-0}"',
    `exec ${command.map(quote).join(' ')}`,
  ];
  replaceFile(script, `${lines.join('\n')}\n`);
  const { code, stdout, stderr } = await ask('sbatch', [...batchOptions(settings, spec, claim, here), script]);
  // `id`, or `id;cluster`.
  const id = stdout.trim().split(';')[0] ?? '';
  if (code === 0 && /^\d+$/.test(id)) return id;
  const said = stderr.trim().split('\n').at(-1) ?? '';
  if (forGood.test(stderr))
    throw refused(spec.name, `sbatch says: ${said}`, 'correct the backend or the needs in the file that asks for it');
  throw unreachable('Slurm', `take job ${spec.name}`, said || `sbatch ended with ${code} and said "${stdout.trim()}"`);
}

/** The options of sbatch for a submission. */
export function batchOptions(settings: SlurmSettings, spec: JobSpec, claim: Claim, here: string): string[] {
  const { needs } = spec;
  const given = (name: string, value: string | number | null | undefined) =>
    value === undefined || value === null ? [] : [`--${name}=${value}`];
  return [
    '--parsable',
    `--job-name=${spec.name}`,
    `--comment=${commentOf(claim.claim_id)}`,
    '--requeue',
    // Jobs of one name run one after the other, should there be two.
    '--dependency=singleton',
    `--signal=B:USR1@${Math.ceil(spec.grace_seconds)}`,
    '--open-mode=append',
    // A percent sign would begin a pattern.
    `--output=${join(here, 'slurm.log').replaceAll('%', '%%')}`,
    `--chdir=${spec.folder}`,
    `--nodes=${needs.nodes}`,
    '--ntasks-per-node=1',
    `--cpus-per-task=${needs.cpus_per_node}`,
    `--mem=${needs.memory_mb_per_node}M`,
    ...(needs.gpus_per_node > 0 ? [`--gpus-per-node=${needs.gpus_per_node}`] : []),
    // In whole minutes.
    ...given('time', needs.time_limit_seconds === null ? null : Math.ceil(needs.time_limit_seconds / 60)),
    ...given('partition', settings.partition),
    ...given('account', settings.account),
    ...given('qos', settings.qos),
    ...settings.options,
  ];
}
