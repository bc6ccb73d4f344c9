import { languageOfRepository } from './languages.ts';
import { sweBenchSet } from './swe-bench-rows.ts';

/** Rows of one's own in the form of SWE-bench. */
export const sweBench = sweBenchSet({
  name: 'swe-bench',
  title: 'tasks in the form of SWE-bench',
  instances: null,
  languageOf: languageOfRepository,
});
