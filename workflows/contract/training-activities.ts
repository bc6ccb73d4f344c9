import type { JobRef } from '../../schemas/job.ts';
import type {
  FinishInput,
  JobEnd,
  JobInput,
  PreparedTraining,
  SubmitInput,
  SuperviseInput,
  TrainingFilesResult,
  TrainingInput,
  TrainingJobInput,
  TrainingPlan,
  TrainingResult,
  TrainingStart,
} from '../../schemas/training-run.ts';

/** Programs on a job backend, from the host whose processes and folders they use. Every one may be done again at any time. */
export interface JobActivities {
  /** Starts the job unless it exists, whoever submitted it. */
  submitJob(input: SubmitInput): Promise<JobRef>;
  /** Ends every job of this name and resolves once they are gone. */
  cancelJob(input: JobInput): Promise<void>;
}

/** A student's training, step by step, on the host that has its folder. */
export interface TrainingActivities {
  /** Reads everything that a variant names, asks the backend whether it can run it, and finds a finished run of the same inputs. */
  checkTraining(input: TrainingStart): Promise<TrainingPlan>;
  /** Writes the trainer's configuration, and finds what earlier starts of the same training left of its job. */
  prepareTraining(input: TrainingJobInput): Promise<PreparedTraining>;
  /** Watches a submitted job to its end; never submits. When it is cancelled, so is the job, by way of a checkpoint. */
  superviseJob(input: SuperviseInput): Promise<JobEnd>;
  /** What a finished training of the same inputs made, where nothing is left to do. */
  finishedTraining(input: TrainingInput): Promise<TrainingResult>;
  /** Checks the final model, and puts its record and loss curve into the store and on the ledger. */
  finishTraining(input: FinishInput): Promise<TrainingResult>;
}

/** Writing training files keeps cores busy for minutes to hours: done in the process that builds releases. */
export interface TrainingFilesActivities {
  writeTrainingFiles(input: TrainingInput): Promise<TrainingFilesResult>;
}
