import type { JobBackendSettings } from '../../schemas/job.ts';
import type { JobBackend } from './job-backend.ts';
import { kubernetesBackend } from './kubernetes/kubernetes-backend.ts';
import { localBackend } from './local/local-backend.ts';
import { recordSubmissions } from './job-record.ts';
import { slurmBackend } from './slurm/slurm-backend.ts';

/** The backend that settings name. What it submits is recorded in `job.json` of the run folder. */
export function openJobBackend(settings: JobBackendSettings): JobBackend {
  return recordSubmissions(backendOf(settings), settings);
}

function backendOf(settings: JobBackendSettings): JobBackend {
  switch (settings.type) {
    case 'local':
      return localBackend;
    case 'slurm':
      return slurmBackend(settings);
    case 'kubernetes':
      return kubernetesBackend(settings);
  }
}
