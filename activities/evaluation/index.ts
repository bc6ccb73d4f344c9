export { calibrate, type Calibration } from './alarm/calibrate.ts';
export { judge } from './alarm/judge.ts';
export { evaluationFigures } from './figures/evaluation-figures.ts';
export { htmlReport } from './report/html.ts';
export { markdownReport } from './report/markdown.ts';
