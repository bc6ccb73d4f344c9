import type { Language } from '../../../schemas/names.ts';
import type { Task } from '../../../schemas/task.ts';
import type { GraderName } from '../../../schemas/grader-name.ts';

/** One instance of a benchmark: a task, and the row that it was made from. */
export interface BenchmarkInstance {
  instance_id: string;
  repo: string;
  language: Language;
  task: Task;
  /** Why our own verification cannot judge it; null where it can. */
  no_cross_check: string | null;
  /** As its file has it, for the benchmark's own grader. */
  row: Readonly<Record<string, unknown>>;
}

/** How an instance is tested, in the words of the package `swebench`. */
export interface InstanceCommands {
  eval_script: string;
  log_parser: string;
  eval_type: string;
}

export interface RowContext {
  /** Of the images on their registry, where not the benchmark's own is meant. */
  namespace: string | undefined;
  /** For rows of a form that does not say how they are tested: by instance id; a text says why it is not known. */
  commands: ReadonlyMap<string, InstanceCommands | string>;
}

export type RowReading = { ok: true; instance: BenchmarkInstance; form: GraderName } | { ok: false; problems: string[] };

/** A benchmark as a value: what its rows look like, and what they become. */
export interface Benchmark {
  name: string;
  title: string;
  /** Instances of the published set; null where there is no such number. */
  instances: number | null;
  /** Names of the columns, as messages list them. */
  columns: readonly string[];
  /** Rows of this kind say how they are tested only together with the package `swebench`. */
  needsCommands(row: Readonly<Record<string, unknown>>): boolean;
  /** `problems`: one line a field. `form` is the grader that reads such rows; all rows of a set need the same. */
  read(row: Readonly<Record<string, unknown>>, context: RowContext): RowReading;
}
