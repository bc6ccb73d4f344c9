/** What other rooms may use of this stage. Activities, which only workers/ puts together, are apart. */
export { readLog } from './ambiguity/read-log.ts';
export { findExpectedTests } from './find-expected-tests.ts';
export { gateProblem, gateRemarks } from './gate-findings.ts';
export { runGate } from './gate.ts';
export { parseLog, parserNames } from './parse-log.ts';
export { normaliseStatuses } from './parsers/test-name.ts';
