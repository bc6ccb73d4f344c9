/** What other rooms may use of this stage. Activities, which only workers/ puts together, are apart. */
export { recordNearDuplicates } from './compare-rows.ts';
export { malformedCount } from './filters/malformed-calls.ts';
export type { JudgedRow } from './judging/judged-row.ts';
export { judgeRows } from './judging/judge-rows.ts';
export { readLicences, type StatedFacts } from './judging/stated-facts.ts';
export { decideAgain, type FateChange } from './decide-again.ts';
