export { evaluationFigures } from './figures/evaluation-figures.ts';
