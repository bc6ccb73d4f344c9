import { Problem } from '../../../schemas/problem.ts';
import type { Benchmark } from './benchmark.ts';
import { multilingual } from './multilingual.ts';
import { pro } from './pro.ts';
import { sweBench } from './swe-bench.ts';
import { sweRebench } from './swe-rebench.ts';
import { tasks } from './tasks.ts';
import { verified } from './verified.ts';

const benchmarks: readonly Benchmark[] = [verified, multilingual, pro, sweBench, sweRebench, tasks];

const benchmarkNames: readonly string[] = benchmarks.map(({ name }) => name);

/** Throws `Problem` unknown_benchmark. */
export function benchmarkNamed(name: string): Benchmark {
  const found = benchmarks.find((benchmark) => benchmark.name === name);
  if (found !== undefined) return found;
  throw new Problem('unknown_benchmark', `no benchmark is called "${name}"`, { hint: `use one of ${benchmarkNames.join(', ')}` });
}
