/** What other rooms may use of this stage. Activities, which only workers/ puts together, are apart. */
export { openContents } from './contents.ts';
export { unitsOf } from './inputs.ts';
export { type BadPlace, ProblemTally } from './problem-tally.ts';
export { notUtf8Note, originOf } from './records.ts';
export { readRecord, readTrajectories, type TrajectoryInput, type TrajectoryReading } from './read-trajectories.ts';
