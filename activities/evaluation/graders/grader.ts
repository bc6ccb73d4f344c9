import { Problem } from '../../../schemas/problem.ts';
import type { EvaluationVerdict } from '../../../schemas/evaluation-record.ts';
import type { Engine } from '../../engine/engine.ts';
import type { BenchmarkInstance } from '../benchmarks/benchmark.ts';
import type { Patches } from '../predictions.ts';
import type { GraderName } from '../../../schemas/grader-name.ts';

/** What a grader said of one instance. */
export interface GradedInstance {
  verdict: EvaluationVerdict;
  /** Why, in a sentence; empty where the tests decided. */
  detail: string;
  /** Names as the grader gives them; null where it read no tests. */
  tests: { passed: string[]; failed: string[] } | null;
  /** File with what the tests printed; null where none was kept. */
  log: string | null;
}

export interface Grading {
  grader: { name: GraderName; version: string };
  /** Names the grader's own files and containers. */
  run_id: string;
  /** An entry for each instance that was asked for. */
  instances: ReadonlyMap<string, GradedInstance>;
}

export interface GradeRequest {
  instances: readonly BenchmarkInstance[];
  /** `gold`: the patches of the instances themselves, which should all pass. */
  patches: Patches | 'gold';
  /** Names the predictions; see `predictionName`. */
  model: string;
  /** Where the grader works. Asked again with the same folder and patches, it goes on where it was ended. */
  folder: string;
  /** Instances at the same time. */
  workers: number;
  /** For the tests of one instance. */
  timeoutSeconds: number;
  signal: AbortSignal;
  /** Called when an instance is finished, and every few seconds: the process lives. */
  onProgress?: ((finished: number, of: number) => void) | undefined;
}

/** A benchmark's own grader: a program that is run beside Tracemill. */
export interface Grader {
  name: GraderName;
  /**
   * Whether it can be used, before anything is spent. Gives its version. Throws `Problem` grader_not_ready, or
   * benchmark_images_missing with what is missing.
   */
  check(instances: readonly BenchmarkInstance[], signal: AbortSignal): Promise<string>;
  /**
   * Verdicts on all instances. Throws `Problem` grader_failed with its last lines, grader_timed_out, grader_incomplete naming the
   * instances that it lost, and those of `check`. An abort ends it together with its containers.
   */
  grade(request: GradeRequest): Promise<Grading>;
}

export interface GraderNeeds {
  engine: Engine;
  /** The interpreter of an environment that has the package, made on first use, and the versions in it. */
  python: (signal: AbortSignal) => Promise<{ python: string; versions: Readonly<Record<string, string>> }>;
}

/** Instances of the set that the patches say nothing about. */
export function notRun(detail = 'the rollout handed nothing in'): GradedInstance {
  return { verdict: 'not_run', detail, tests: null, log: null };
}

/** A grader that says less than it was asked for: what it lost is no verdict on anybody's patch. */
export function incomplete(lost: readonly string[], asked: number, folder: string): Problem {
  const more = lost.length > 10 ? ` and ${lost.length - 10} more` : '';
  return new Problem(
    'grader_incomplete',
    `the grader says nothing of ${lost.length} of ${asked} instances: ${lost.slice(0, 10).join(', ')}${more}`,
    {
      hint: `look at grader.log in ${folder}`,
    },
  );
}
