import type { JobBackendSettings } from '../../schemas/job.ts';
import type { StudentBase } from '../../schemas/student.ts';
import type { ArtifactStore } from '../artifacts/store.ts';
import type { JobBackend } from '../jobs/job-backend.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Trainer } from './trainer.ts';

/** What trainings use of the outside. */
export interface TrainingNeeds {
  ledger: Ledger;
  store: ArtifactStore;
  /** Run folders lie in it, one a job. */
  jobs: string;
  backend: (settings: JobBackendSettings) => JobBackend;
  trainers: readonly Trainer[];
}

/** The public models that students start from where a variant names no other. */
export const publicModels: Record<StudentBase, string> = {
  thinking: 'Qwen/Qwen3-30B-A3B-Thinking-2507',
  instruct: 'Qwen/Qwen3-30B-A3B-Instruct-2507',
  coder: 'Qwen/Qwen3-Coder-30B-A3B-Instruct',
};
