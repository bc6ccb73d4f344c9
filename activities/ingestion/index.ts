/** What other rooms may use of this stage. Activities, which only workers/ puts together, are apart. */
export { unitsOf } from './inputs.ts';
export { originOf } from './records.ts';
export { readRecord, readTrajectories, type TrajectoryInput, type TrajectoryReading } from './read-trajectories.ts';
