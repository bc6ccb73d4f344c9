export { calibrate, type Calibration } from './alarm/calibrate.ts';
export { seriesOf } from './alarm/series.ts';
export { postAlarm } from './alarm/webhook.ts';
export { acceptEvaluation, checkEvaluation } from './check.ts';
export { differingPaths } from './figures/differing-paths.ts';
export { readBenchmark } from './benchmarks/read-benchmark.ts';
export { benchmarkNamed } from './benchmarks/registry.ts';
export { readEvaluationFile, readEvaluationsOf } from './evaluation-file.ts';
export type { EvaluationNeeds } from './evaluation-needs.ts';
export { readEvaluation } from './plan-evaluation.ts';
export { evaluationFigures } from './figures/evaluation-figures.ts';
export {
  acceptanceOf,
  baselineOf,
  readEvaluationFigures,
  readEvaluationRecord,
  reportFiles,
  storedEvaluation,
  writeEvaluationReport,
} from './records.ts';
export { type Block, type Section, table, text } from './report/blocks.ts';
export { htmlPage, htmlReport } from './report/html.ts';
export { comparisonText, markdownPage, markdownReport } from './report/markdown.ts';
export { amount, percent, range, signed, signedRange } from './report/numbers.ts';
export { instanceCommands } from './graders/instance-commands.ts';
export { evaluationGraders } from './graders/evaluation-graders.ts';
