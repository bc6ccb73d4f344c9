import { Problem } from '../../schemas/problem.ts';

/** The machines of a backend do not have what a job needs; nothing was submitted. */
export function unmetNeed(backend: string, job: string, lacking: string): Problem {
  return new Problem('job_unmet_need', `job ${job}: ${lacking}`, {
    hint: `set other needs, or another backend than "${backend}", in the file that asks for it`,
  });
}

/** The backend will never take this job as it is. */
export function refused(job: string, reason: string, hint: string): Problem {
  return new Problem('job_refused', `job ${job} is refused: ${reason}`, { hint });
}

/** The backend could not be asked, or did not answer in time: worth trying again. */
export function unreachable(backend: string, doing: string, reason: string, cause?: unknown): Problem {
  return new Problem('job_backend_unreachable', `${backend} could not ${doing}: ${reason}`, {
    hint: 'it is tried again by itself; a job that was submitted meanwhile is found, not submitted twice',
    ...(cause === undefined ? {} : { cause }),
  });
}
