import { openJobBackend } from '../activities/jobs/open-job-backend.ts';
import { trainers, type TrainingNeeds } from '../activities/training/index.ts';
import { paths } from '../platform/home.ts';

/** What trainings use of this machine, for the worker and for a dry run at the command line. */
export function trainingParts(): Pick<TrainingNeeds, 'jobs' | 'backend' | 'trainers'> {
  return { jobs: paths.jobs(), backend: openJobBackend, trainers };
}
