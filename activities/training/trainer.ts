import type { JobNeeds } from '../../schemas/job.ts';
import type { StudentBase } from '../../schemas/student.ts';
import type { FailureSign } from '../jobs/failure-signs.ts';

/** Settings of a trainer, complete: as its own schema gave them back. They are plain JSON. */
export type TrainerSettings = Readonly<Record<string, unknown>>;

/** What is wrong with a setting; `path` begins within the settings. An empty path is the preset's. */
export interface SettingIssue {
  path: PropertyKey[];
  message: string;
}

/** What settings are judged against. */
export interface StudentToTrain {
  base: StudentBase;
  /** No row has more. */
  max_tokens: number;
  settings: TrainerSettings;
}

/** One run of a trainer. Every path is absolute, and the same for the job as for the worker. */
export interface TrainerPlan extends StudentToTrain {
  /** Of the run: everything that the job writes lies below it. */
  folder: string;
  /** Folder of the base model, or its name on a hub. */
  model: string;
  /** Training files in the trainer's profile, one JSON object a line. */
  files: readonly string[];
  rows: number;
  /** Chat template of the base, a file. */
  chat_template: string;
  /** What the job gets, which may be other than what the trainer asked for. */
  needs: JobNeeds;
  /** The interpreter that has the trainer's packages. */
  python: string;
}

/** What is to be run. */
export interface TrainerCommand {
  /** Text by path within the run folder; to be written before the job starts. */
  files: Readonly<Record<string, string>>;
  command: string[];
  environment: Readonly<Record<string, string>>;
  /** What it may take to write a checkpoint and to end. */
  grace_seconds: number;
}

/** How far a job is, by a part of its output. */
export interface OutputProgress {
  /** Newest step that it names, done since the beginning of the training. */
  step: number | null;
  total: number | null;
  /** In the order of the output. Steps that are done again after a resume come again; the later loss holds. */
  losses: { step: number; loss: number }[];
  /** What the trainer made of the training files; null where this part does not say it. */
  counted: { rows: number; tokens: number; trained_tokens: number } | null;
}

/** A checkpoint from which training can go on. */
export interface TrainerCheckpoint {
  step: number;
  folder: string;
}

export interface ProgramOptions {
  settings: TrainerSettings;
  /** Where the job runs: the packages of a Kubernetes image cannot be looked at from here. */
  backend: 'local' | 'slurm' | 'kubernetes';
  onProgress: (text: string) => void;
  signal: AbortSignal;
}

/** A trainer as a value: everything that Tracemill has to know of it. Nothing outside its folder names it. */
export interface Trainer {
  readonly name: string;
  /** Of the package that its configurations are written for, and of what is written. */
  readonly version: string;
  /** The profile of training files that it reads. */
  readonly profile: 'automodel' | 'openai-object' | 'swift';
  readonly presets: readonly string[];
  /** A preset with some settings replaced, or what is wrong with them. */
  settings(preset: string, replaced: Readonly<Record<string, unknown>>): { settings: TrainerSettings } | { issues: SettingIssue[] };
  /** What a job asks for, known before anything is submitted. */
  needs(student: StudentToTrain): JobNeeds;
  /** The interpreter that runs it; builds the pinned environment where that is the one. Throws `Problem` trainer_missing. */
  program(options: ProgramOptions): Promise<string>;
  /**
   * Complete configuration and command of a run. The same plan gives the same; run again on the same folder, the command
   * goes on from the newest complete checkpoint. USR1 asks it to write one and to end with 0.
   * Throws `Problem` bad_training when settings and needs do not go together.
   */
  configure(plan: TrainerPlan): TrainerCommand;
  /** What a part of its output says. Lines that are cut at its ends are passed over. */
  readOutput(text: string): OutputProgress;
  /** Asked before the signs that hold for any program. */
  readonly failureSigns: readonly FailureSign[];
  /** Complete checkpoints of a run folder, the newest last. */
  checkpoints(folder: string): Promise<TrainerCheckpoint[]>;
  /** The finished student in the form of Hugging Face, with tokenizer and chat template; null while there is none. */
  finalModel(folder: string): Promise<string | null>;
}
