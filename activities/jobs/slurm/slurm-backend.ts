import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { withLock } from '../../../platform/lock.ts';
import { Problem } from '../../../schemas/problem.ts';
import type { JobRef, JobSpec, JobStatus } from '../../../schemas/job.ts';
import type { JobBackend } from '../job-backend.ts';
import { unreachable } from '../job-problem.ts';
import { pidsWithArgument } from '../processes.ts';
import { readOutput } from '../read-output.ts';
import {
  barFromStarting,
  type Claim,
  claims,
  claimSubmission,
  noticeOf,
  ownerOf,
  read,
  rememberRequest,
  requestOf,
  resultOf,
  submissionFolder,
  write,
} from '../run-folder.ts';
import { within } from '../within.ts';
import { askSlurm, type AskSlurm, requireAnswer } from './ask-slurm.ts';
import { parsePartitions, partitionFormat, requirePartition } from './partitions.ts';
import { commentOf, jobOf, jobsOfClaim } from './slurm-jobs.ts';
import { slurmStatus } from './slurm-status.ts';
import { type SlurmSettings, submitBatch } from './submit-batch.ts';

const name = 'slurm';

/** Slurm's id of a submission's job, once it is known: `slurm.json` in the submission's folder. */
const Submitted = z.object({ id: z.string() });

/** `settleMs`: how long a job may take to appear after sbatch failed. */
export interface SlurmOptions {
  ask?: AskSlurm;
  settleMs?: number;
}

/**
 * Jobs of a Slurm cluster that shares the run folders with this machine. A submission is claimed in the run folder, and its
 * job carries the claim's id as comment: whatever happens to sbatch or to the worker, the job is found again by that.
 */
export function slurmBackend(settings: SlurmSettings, { ask = askSlurm, settleMs = 15_000 }: SlurmOptions = {}): JobBackend {
  return {
    name,

    async check(spec) {
      const answer = requireAnswer('sinfo', await ask('sinfo', ['-N', '-h', '-o', partitionFormat]));
      requirePartition(spec, settings.partition, parsePartitions(answer));
    },

    async find({ folder }) {
      for (const claim of claims(folder).toReversed()) {
        const id = await idOf(claim, folder);
        if (id !== null) return refOf(claim, id);
      }
      return null;
    },

    async submit(spec, again) {
      const claim = await claimSubmission(spec, again, name, async (newest) => {
        const id = await idOf(newest, spec.folder);
        return id !== null && isOver(await statusOf(refOf(newest, id), spec));
      });
      const here = submissionFolder(spec.folder, claim.submission);
      const id = await withLock(`job-${spec.name}`, async () => {
        await outlived(claim);
        return (await idOf(claim, spec.folder)) ?? (await submitOrAdopt(spec, claim, here));
      });
      return refOf(claim, id);
    },

    status: (ref, spec) => statusOf(ref, spec),

    async signal(ref, spec, signal) {
      const status = await statusOf(ref, spec);
      if (isOver(status)) return;
      rememberRequest(submissionFolder(spec.folder, ref.submission), signal);
      await (status.state === 'pending' ? cancelNow(ref) : askForCheckpoint(ref));
    },

    async cancel(ref, spec) {
      const here = submissionFolder(spec.folder, ref.submission);
      const status = await statusOf(ref, spec);
      if (isOver(status)) return;
      rememberRequest(here, 'cancel');
      const gone = async () => isOver(await statusOf(ref, spec));
      if (status.state === 'running') {
        await askForCheckpoint(ref);
        const unheard = () => noticeOf(here)?.heard === 0;
        if (await within(spec.grace_seconds * 1000, async () => unheard() || (await gone()), 500)) {
          if (await gone()) return;
        }
      } else {
        barFromStarting(here);
      }
      await cancelNow(ref);
      if (!(await within(120_000, gone, 500)))
        throw unreachable('Slurm', `end job ${ref.name}`, `job ${ref.id} is still there after scancel`);
    },

    logs: (_ref, spec, offset, maxBytes) => readOutput(join(spec.folder, 'output.log'), offset, maxBytes),
  };

  /** Slurm's id of a claim's job; null when it was never submitted. Jobs that were submitted twice are cut down to one. */
  async function idOf(claim: Claim, folder: string): Promise<string | null> {
    const here = submissionFolder(folder, claim.submission);
    const recorded = read(join(here, 'slurm.json'), Submitted);
    if (recorded !== null) return recorded.id;
    const owner = /^slurm-(\d+)$/.exec(ownerOf(here)?.owner ?? '')?.[1];
    const [oldest, ...others] = await jobsOfClaim(ask, claim.name, claim.claim_id);
    const id = owner ?? oldest ?? null;
    if (id === null) return null;
    for (const other of [oldest, ...others]) if (other !== undefined && other !== id) await ask('scancel', [other]);
    write(join(here, 'slurm.json'), { id });
    return id;
  }

  async function submitOrAdopt(spec: JobSpec, claim: Claim, here: string): Promise<string> {
    try {
      const id = await submitBatch(ask, settings, spec, claim, here);
      write(join(here, 'slurm.json'), { id });
      return id;
    } catch (error) {
      if (error instanceof Problem && error.code !== 'job_backend_unreachable') throw error;
      // sbatch may fail although the controller took the job.
      let id: string | null = null;
      await within(settleMs, async () => (id = await idOf(claim, spec.folder).catch(() => null)) !== null, 500);
      if (id === null) throw error;
      return id;
    }
  }

  async function statusOf(ref: JobRef, spec: Pick<JobSpec, 'folder' | 'grace_seconds'>): Promise<JobStatus> {
    const here = submissionFolder(spec.folder, ref.submission);
    const claim = claims(spec.folder).find(({ submission }) => submission === ref.submission);
    const job = claim === undefined ? null : await jobOf(ask, ref.id, claim);
    // Read after Slurm was asked: a job that it calls ended has left its result by then. Shared file systems may lag.
    if (job?.state === 'COMPLETED') await within(5_000, () => readdirSync(here).includes('result.json'), 500);
    return slurmStatus(job, { result: resultOf(here), request: requestOf(here), graceSeconds: spec.grace_seconds });
  }

  /** Reaches the program that runs the job, and through it those processes that can write a checkpoint. */
  async function askForCheckpoint({ id }: JobRef): Promise<void> {
    await ask('scancel', ['--batch', '--signal=USR1', id]);
  }

  async function cancelNow({ id }: JobRef): Promise<void> {
    await ask('scancel', [id]);
  }
}

/** An sbatch that outlived the worker which started it may still submit the job. */
async function outlived({ claim_id }: Claim): Promise<void> {
  await within(90_000, () => pidsWithArgument(`--comment=${commentOf(claim_id)}`).length === 0, 100);
}

function refOf({ name: job, submission, submitted_at }: Claim, id: string): JobRef {
  return { name: job, id, submitted_at, submission };
}

function isOver({ state }: JobStatus): boolean {
  return state !== 'pending' && state !== 'running';
}
