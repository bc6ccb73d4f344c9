import type { ArtifactStore } from '../artifacts/store.ts';
import type { EvaluationFile } from '../../schemas/evaluation.ts';
import type { EvaluationGrading } from '../../schemas/evaluation-grading.ts';
import type { EvaluationPlan } from '../../schemas/evaluation-run.ts';
import type { EvaluationRecord } from '../../schemas/evaluation-record.ts';
import type { JobBackendSettings } from '../../schemas/job.ts';
import type { Mode } from '../../schemas/names.ts';
import type { JobBackend } from '../jobs/job-backend.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { PlanningNeeds } from '../planning/index.ts';
import type { BenchmarkInstance } from './benchmarks/benchmark.ts';
import type { BenchmarkSet } from './benchmarks/read-benchmark.ts';

/** What is done while it takes: called often, and ended by the signal. */
export interface Work {
  signal: AbortSignal;
  /** Where it stands, for people. */
  tell: (doing: string) => void;
}

/** The patch of one rollout that ended; empty where it changed nothing. */
export interface PatchToGrade {
  instance_id: string;
  harness: string;
  mode: Mode;
  run: number;
  model_patch: string;
}

/** The graders of benchmarks. */
interface EvaluationGraders {
  /** Whether rows of this form can be graded here, before anything is spent. Throws `Problem` grader_…, benchmark_images_missing. */
  check(file: EvaluationFile, form: BenchmarkSet['form'], instances: readonly BenchmarkInstance[], work: Work): Promise<void>;
  /** Judges patches. Throws `Problem` grader_…. Asked again, it goes on where it was ended. */
  grade(
    plan: Pick<EvaluationPlan, 'file' | 'form'>,
    instances: readonly BenchmarkInstance[],
    patches: readonly PatchToGrade[],
    folder: string,
    work: Work,
  ): Promise<EvaluationGrading>;
}

/** What an evaluation uses of the outside; workers/ puts it together. */
export interface EvaluationNeeds {
  store: ArtifactStore;
  ledger: Ledger;
  planning: PlanningNeeds;
  /** Throws `Problem` benchmark_…, which name file, row and field. */
  readBenchmark: (benchmark: EvaluationFile['benchmark'], work: Work) => Promise<BenchmarkSet>;
  graders: EvaluationGraders;
  /** Writes the report of a record into a folder. */
  writeReport: (record: EvaluationRecord, folder: string) => Promise<void>;
  backendOf: (settings: JobBackendSettings) => JobBackend;
  /** Value of a variable of the worker's environment. */
  variable: (name: string) => string | undefined;
  /** Where what an evaluation writes lies, and one folder a job. */
  folders: { evaluations: string; jobs: string };
}
