/** What other rooms may use of this stage. Activities, which only workers/ puts together, are apart. */
export { trainers } from './trainers/registry.ts';
export type { TrainingNeeds } from './training-needs.ts';
