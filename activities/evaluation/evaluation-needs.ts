import type { ArtifactStore } from '../artifacts/store.ts';
import type { EvaluationFile } from '../../schemas/evaluation.ts';
import type { EvaluationGrading } from '../../schemas/evaluation-grading.ts';
import type { EvaluationPlan } from '../../schemas/evaluation-run.ts';
import type { EvaluationRecord } from '../../schemas/evaluation-record.ts';
import type { JobBackendSettings } from '../../schemas/job.ts';
import type { Mode } from '../../schemas/names.ts';
import type { Task } from '../../schemas/task.ts';
import type { JobBackend } from '../jobs/job-backend.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { PlanningNeeds } from '../planning/index.ts';

/** What is done while it takes: called often, and ended by the signal. */
export interface Work {
  signal: AbortSignal;
  /** Where it stands, for people. */
  tell: (doing: string) => void;
}

/** A benchmark's rows as tasks. */
interface ReadBenchmark {
  tasks: Task[];
  /** Over the bytes of its files, in order. */
  data_sha256: string;
}

/** The patch of one rollout that ended, and what our own verification made of it. */
export interface PatchToGrade {
  instance_id: string;
  harness: string;
  mode: Mode;
  run: number;
  model_patch: string;
}

/** What an evaluation uses of the outside; workers/ puts it together. */
export interface EvaluationNeeds {
  store: ArtifactStore;
  ledger: Ledger;
  planning: PlanningNeeds;
  /** All rows of a benchmark. Throws `Problem` bad_benchmark, which names file, row and field. */
  readBenchmark: (benchmark: EvaluationFile['benchmark'], work: Work) => Promise<ReadBenchmark>;
  /** Judges patches by the benchmark's own grader. Throws `Problem` grader_…; null where the benchmark has none. */
  grade: (plan: EvaluationPlan, patches: readonly PatchToGrade[], folder: string, work: Work) => Promise<EvaluationGrading | null>;
  /** Writes the report of a record into a folder. */
  writeReport: (record: EvaluationRecord, folder: string) => Promise<void>;
  backendOf: (settings: JobBackendSettings) => JobBackend;
  /** Value of a variable of the worker's environment. */
  variable: (name: string) => string | undefined;
  /** Where what an evaluation writes lies, and one folder a job. */
  folders: { evaluations: string; jobs: string };
}
