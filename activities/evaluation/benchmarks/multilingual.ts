import { languageOfRepository } from './languages.ts';
import { sweBenchSet } from './swe-bench-rows.ts';

export const multilingual = sweBenchSet({
  name: 'multilingual',
  title: 'SWE-bench Multilingual',
  instances: 300,
  languageOf: languageOfRepository,
});
