import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { classifyFailure } from '../activities/jobs/classify-failure.ts';
import type { JobBackend } from '../activities/jobs/job-backend.ts';
import { readFailure, readJobRecord, readProgress } from '../activities/jobs/job-record.ts';
import { openJobBackend } from '../activities/jobs/open-job-backend.ts';
import { lastLines } from '../activities/jobs/read-output.ts';
import { paths } from '../platform/home.ts';
import { messageOf, Problem } from '../schemas/problem.ts';
import type { JobFailure, JobProgress, JobRecord, JobRef, JobStatus } from '../schemas/job.ts';

/** A job that was submitted from this home, with the backend that has it. */
export interface KnownJob {
  record: JobRecord;
  backend: JobBackend;
  /** Its newest submission. */
  ref: JobRef;
}

/** What is known of a job now. */
export interface JobReport {
  name: string;
  kind: JobRecord['spec']['kind'];
  backend: string;
  folder: string;
  /** Null when the backend cannot be asked: `unreachable` says why. */
  status: JobStatus | null;
  unreachable: string | null;
  failure: JobFailure | null;
  progress: JobProgress | null;
  submissions: (JobRef & { status: JobStatus | null })[];
  lastLines: string[];
}

/** Throws `Problem` unknown_job when no job of this name was submitted from this home. */
export function knownJob(name: string): KnownJob {
  const record = jobNames().includes(name) ? readJobRecord(join(paths.jobs(), name)) : null;
  const ref = record?.submissions.at(-1);
  if (record !== null && ref !== undefined) return { record, backend: openJobBackend(record.backend), ref };
  const names = jobNames();
  throw new Problem('unknown_job', `no job named ${name} was submitted from this home`, {
    hint: names.length === 0 ? 'none was submitted yet' : `known: ${names.slice(-20).join(', ')}`,
  });
}

/** Names of all jobs that were submitted from this home. */
export function jobNames(): string[] {
  if (!existsSync(paths.jobs())) return [];
  return readdirSync(paths.jobs())
    .filter((name) => existsSync(join(paths.jobs(), name, 'job.json')))
    .toSorted();
}

/** Asks the backend about a job and all its submissions. */
export async function jobReport({ record, backend, ref }: KnownJob): Promise<JobReport> {
  const { spec } = record;
  const statuses = await Promise.allSettled(record.submissions.map((submission) => backend.status(submission, spec)));
  const submissions = record.submissions.map((submission, at) => ({ ...submission, status: valueOf(statuses[at]) }));
  const newest = statuses.at(-1);
  const status = valueOf(newest);
  const { lines } = await lastLines(join(spec.folder, 'output.log'), 200);
  return {
    name: spec.name,
    kind: spec.kind,
    backend: backend.name,
    folder: spec.folder,
    status,
    unreachable: newest?.status === 'rejected' ? messageOf(newest.reason) : null,
    // The worker that supervises it knows the signs of its trainer, too.
    failure: status === null ? null : (readFailure(spec.folder, ref.submission) ?? classifyFailure(status, lines)),
    progress: readProgress(spec.folder),
    submissions,
    lastLines: lines.slice(-8),
  };
}

function valueOf(settled: PromiseSettledResult<JobStatus> | undefined): JobStatus | null {
  return settled?.status === 'fulfilled' ? settled.value : null;
}

/** Whether nothing will change any more. A job whose backend cannot be asked may go on. */
export function jobEnded({ status }: JobReport): boolean {
  return status !== null && status.state !== 'pending' && status.state !== 'running';
}
