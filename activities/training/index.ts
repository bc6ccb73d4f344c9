/** What other rooms may use of this stage. Activities, which only workers/ puts together, are apart. */
export { readTrainingFiles } from './files/manifest.ts';
export { measureRetention, writeTrainingFiles } from './files/write-training-files.ts';
export { trainers } from './trainers/registry.ts';
export { readTrainingFile } from './training-file.ts';
export type { TrainingNeeds } from './training-needs.ts';
