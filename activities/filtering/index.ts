/** What other rooms may use of this stage. Activities, which only workers/ puts together, are apart. */
export { recordNearDuplicates } from './compare-rows.ts';
export { malformedCount } from './filters/malformed-calls.ts';
export { type IngestedRow, type RecordedIngested, recordIngested } from './record-ingested.ts';
export { decideAgain, type FateChange } from './decide-again.ts';
