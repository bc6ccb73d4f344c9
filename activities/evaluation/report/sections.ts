import type { EvaluationFigures } from '../../../schemas/evaluation-figures.ts';
import type { Section } from './blocks.ts';
import { comparison } from './sections/comparison.ts';
import { effort, endings } from './sections/effort.ts';
import { origin, overview, paper } from './sections/origin.ts';
import { scores } from './sections/scores.ts';
import { languages, repositories } from './sections/slices.ts';
import { crossCheck, findings, health } from './sections/trust.ts';

/** The whole report in reading order, from its figures alone. */
export function reportSections(figures: EvaluationFigures): Section[] {
  return [
    overview(figures),
    scores(figures),
    ...comparison(figures),
    languages(figures),
    endings(figures),
    effort(figures),
    findings(figures),
    crossCheck(figures),
    health(figures),
    ...paper(figures),
    repositories(figures),
    origin(figures),
  ];
}
