/** What other rooms may use of this stage. Activities, which only workers/ puts together, are apart. */
export { inputFiles } from './inputs/input-files.ts';
export { pairedTurns } from './paired-turns.ts';
export { scanInputs } from './pool/scan-inputs.ts';
export type { UnitResult } from './pool/unit.ts';
export { sarifLog } from './sarif.ts';
export { scanCommand } from './scan-command.ts';
export { scanForCampaign } from './scan-for-campaign.ts';
export { readRuleFile } from './scan-rule-file.ts';
export { judgingSum } from './second-judge/judging-sum.ts';
export { openSecondJudge } from './second-judge/open-second-judge.ts';
export { reviewResults } from './second-judge/review-results.ts';
export type { SecondJudge } from './second-judge/second-judge.ts';
export { scannerVersion } from './scanner-version.ts';
export { scanRules } from './scan-rules.ts';
