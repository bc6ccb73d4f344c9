import { sweBenchSet } from './swe-bench-rows.ts';

export const verified = sweBenchSet({ name: 'verified', title: 'SWE-bench Verified', instances: 500, languageOf: () => 'python' });
