import type { FilterRule } from './rule.ts';
import { concurrentCalls } from './rules/concurrent-calls.ts';
import { contextOverflow } from './rules/context-overflow.ts';
import { earlyTermination } from './rules/early-termination.ts';
import { generatedOnly } from './rules/generated-only.ts';
import { gitHack } from './rules/git-hack.ts';
import { length } from './rules/length.ts';
import { licence } from './rules/licence.ts';
import { limits } from './rules/limits.ts';
import { malformedCalls } from './rules/malformed-calls.ts';
import { noPatch } from './rules/no-patch.ts';
import { observationCorruption } from './rules/observation-corruption.ts';
import { reasoningMode } from './rules/reasoning-mode.ts';
import { repetition } from './rules/repetition.ts';
import { replayDivergence } from './rules/replay-divergence.ts';
import { replyLanguage } from './rules/reply-language.ts';
import { testPatchOverlap } from './rules/test-patch-overlap.ts';
import { testTampering } from './rules/test-tampering.ts';
import { testsOnly } from './rules/tests-only.ts';
import { truncatedReply } from './rules/truncated-reply.ts';
import { unpairedResults } from './rules/unpaired-results.ts';
import { unparsedCommands } from './rules/unparsed-commands.ts';
import { unverified } from './rules/unverified.ts';

/**
 * Every rule that judges a row by itself. Their order is that of the funnel: of several that say drop, the first
 * is the one that counts. First what went wrong around the rollout, then how it behaved, then what it produced,
 * last what the scanner saw.
 */
export const rules: FilterRule[] = [
  licence,
  replayDivergence,
  limits,
  contextOverflow,
  repetition,
  earlyTermination,
  malformedCalls,
  unpairedResults,
  concurrentCalls,
  truncatedReply,
  noPatch,
  testsOnly,
  testPatchOverlap,
  generatedOnly,
  testTampering,
  reasoningMode,
  replyLanguage,
  observationCorruption,
  length,
  unverified,
  gitHack,
  unparsedCommands,
];
