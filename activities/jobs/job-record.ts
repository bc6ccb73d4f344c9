import { join } from 'node:path';
import { replaceFile } from '../../platform/replace-file.ts';
import { JobFailure, JobProgress, JobRecord, type JobBackendSettings, type JobRef, type JobSpec } from '../../schemas/job.ts';
import type { JobBackend } from './job-backend.ts';
import { read, submissionFolder, write } from './run-folder.ts';

/** `job.json` of a run folder; null when none was submitted from it. */
export function readJobRecord(folder: string): JobRecord | null {
  return read(join(folder, 'job.json'), JobRecord);
}

/** `progress.json` of a run folder; null before the first. */
export function readProgress(folder: string): JobProgress | null {
  return read(join(folder, 'progress.json'), JobProgress);
}

/** Writes `progress.json`, for `tracemill job show`. */
export function writeProgress(folder: string, progress: JobProgress): void {
  write(join(folder, 'progress.json'), progress);
}

/** Why a submission did not complete, as the worker that supervised it found; null where it did not say. */
export function readFailure(folder: string, submission: number): JobFailure | null {
  return read(join(submissionFolder(folder, submission), 'failure.json'), JobFailure);
}

/** Writes why a submission did not complete, for `tracemill job show`. */
export function writeFailure(folder: string, submission: number, failure: JobFailure): void {
  write(join(submissionFolder(folder, submission), 'failure.json'), failure);
}

/** A backend that writes down in `job.json` what it is about to submit, and what came of it. */
export function recordSubmissions(backend: JobBackend, settings: JobBackendSettings): JobBackend {
  return {
    name: backend.name,
    check: (spec) => backend.check(spec),
    find: (spec) => backend.find(spec),
    async submit(spec, again) {
      const ref = await backend.submit(spec, again);
      const known = readJobRecord(spec.folder)?.submissions.filter(({ submission }) => submission < ref.submission) ?? [];
      record(spec, settings, [...known, ref]);
      return ref;
    },
    status: (ref, spec) => backend.status(ref, spec),
    signal: (ref, spec, signal) => backend.signal(ref, spec, signal),
    cancel: (ref, spec) => backend.cancel(ref, spec),
    logs: (ref, spec, offset, maxBytes) => backend.logs(ref, spec, offset, maxBytes),
  };
}

/** Only for its user to read: the environment may hold a key. */
function record(spec: JobSpec, backend: JobBackendSettings, submissions: JobRef[]): void {
  const text = JSON.stringify({ format: 1, spec, backend, submissions } satisfies JobRecord, null, 2);
  replaceFile(join(spec.folder, 'job.json'), `${text}\n`, 0o600);
}
