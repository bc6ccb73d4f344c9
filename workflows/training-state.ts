import type { JobEnd, TrainingFilesResult, TrainingPlan, TrainingProgress, TrainingStart } from '../schemas/training-run.ts';
import type { ReportedProblem } from '../schemas/reported-problem.ts';

/** Where a training stands, and how often its job may be submitted again. */
export class TrainingState {
  stage: TrainingProgress['stage'] = 'checking';
  host: string | null = null;
  plan: TrainingPlan | null = null;
  files: TrainingFilesResult | null = null;
  job: TrainingProgress['job'] = null;
  problem: ReportedProblem | null = null;
  readonly #start: TrainingStart;
  readonly #resubmissions: Record<string, number> = {};
  #before = 0;
  #ended = 0;

  constructor(start: TrainingStart) {
    this.#start = start;
  }

  /** Jobs of this training that have ended, those of earlier starts included. */
  get ended(): number {
    return this.#before + this.#ended;
  }

  /** Jobs of this start that ended before their work was done. */
  get resubmitted(): number {
    return this.#ended;
  }

  get left(): number {
    return Math.max(0, this.#start.file.resubmissions - this.#ended);
  }

  /** Jobs that ended before this start. */
  before(jobs: number): void {
    this.#before = jobs;
  }

  /** Counts a job that did not complete. True when another may be submitted in its place. */
  goesOnAfter({ cause, problem, resumable }: JobEnd): boolean {
    this.problem = problem;
    if (!resumable || this.left === 0) return false;
    this.#ended += 1;
    const key = cause ?? 'unknown';
    this.#resubmissions[key] = (this.#resubmissions[key] ?? 0) + 1;
    return true;
  }

  progress(): TrainingProgress {
    const { stage, host, plan, files, job, problem, left } = this;
    const { file, variant } = this.#start;
    return {
      training: file.name,
      variant,
      stage,
      host,
      plan,
      files,
      job,
      submissions: job === null ? 0 : this.ended + 1,
      resubmissions: { ...this.#resubmissions },
      resubmissions_left: left,
      problem,
    };
  }
}
