import type { ScanRule } from '../../schemas/scan-rule.ts';
import { hiddenInformationRules } from './scan-rules/hidden-information.ts';
import { localGitRules } from './scan-rules/local-git.ts';
import { otherRules } from './scan-rules/other-routes.ts';
import { upstreamRules } from './scan-rules/upstream.ts';

/** Every rule about commands, in the order in which findings are listed. */
export const scanRules: readonly ScanRule[] = [...upstreamRules, ...localGitRules, ...hiddenInformationRules, ...otherRules];
