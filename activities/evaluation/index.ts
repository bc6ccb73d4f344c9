/** What other rooms may use of this stage. Activities, which only workers/ puts together, are apart. */
export { calibrate, type Calibration } from './alarm/calibrate.ts';
export { seriesOf } from './alarm/series.ts';
export { alarmText, postAlarm } from './alarm/webhook.ts';
export { acceptEvaluation, checkEvaluation } from './check.ts';
export { compareRecords } from './figures/compare.ts';
export { differingPaths } from './figures/differing-paths.ts';
export { judge } from './alarm/judge.ts';
export { benchmarkNamed } from './benchmarks/registry.ts';
export { readEvaluationFile } from './evaluation-file.ts';
export type { EvaluationNeeds } from './evaluation-needs.ts';
export { readEvaluation } from './plan-evaluation.ts';
export { evaluationFigures } from './figures/evaluation-figures.ts';
export {
  baselineOf,
  type EvaluationStores,
  readEvaluationFigures,
  readEvaluationRecord,
  reportFiles,
  storedEvaluation,
  writeEvaluationReport,
} from './records.ts';
export { htmlReport } from './report/html.ts';
export { comparisonText, markdownReport } from './report/markdown.ts';
export type { BenchmarkInstance } from './benchmarks/benchmark.ts';
export { chooseInstances } from './benchmarks/choose-instances.ts';
export { bringImages, missingImages } from './benchmarks/missing-images.ts';
export { type BenchmarkSet, readBenchmark } from './benchmarks/read-benchmark.ts';
export { predictionName } from './predictions.ts';
export { type Comparison, compareVerdicts } from './comparison.ts';
export type { GradedInstance, Grader, GraderNeeds, Grading } from './graders/grader.ts';
export { instanceCommands } from './graders/instance-commands.ts';
export type { GraderName } from './graders/names.ts';
export { ourVerdict } from './graders/our-verdict.ts';
export { pro, type ProSettings } from './graders/pro.ts';
export { swebench4, swebench5 } from './graders/swebench.ts';
