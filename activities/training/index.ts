/** What other rooms may use of this stage. Activities, which only workers/ puts together, are apart. */
export { countTrainingRows } from './count-rows.ts';
export { readTrainingFiles } from './files/manifest.ts';
export { measureRetention, writeTrainingFiles } from './files/write-training-files.ts';
export { curveOf } from './finish-training.ts';
export { lossesOf } from './supervise.ts';
export { commandOf, planTraining, resolveTraining } from './plan-training.ts';
export { trainers } from './trainers/registry.ts';
export { readTrainingFile } from './training-file.ts';
export type { TrainingNeeds } from './training-needs.ts';
