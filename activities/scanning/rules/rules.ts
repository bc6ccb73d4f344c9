import { hiddenInformationRules } from './hidden-information.ts';
import { localGitRules } from './local-git.ts';
import { otherRules } from './other-routes.ts';
import type { Rule } from './rule.ts';
import { upstreamRules } from './upstream.ts';

/** Changes whenever a rule judges differently; stored with each decision that rests on it. */
export const RULES_VERSION = 1;

/** Every rule about commands, in the order in which findings are listed. */
export const commandRules: readonly Rule[] = [...upstreamRules, ...localGitRules, ...hiddenInformationRules, ...otherRules];
