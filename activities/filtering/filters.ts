import type { Filter } from './filter.ts';
import { ambiguousVerdict } from './filters/ambiguous-verdict.ts';
import { concurrentCalls } from './filters/concurrent-calls.ts';
import { contextOverflow } from './filters/context-overflow.ts';
import { earlyTermination } from './filters/early-termination.ts';
import { generatedOnly } from './filters/generated-only.ts';
import { gitHack } from './filters/git-hack.ts';
import { highEntropy } from './filters/high-entropy.ts';
import { length } from './filters/length.ts';
import { licence } from './filters/licence.ts';
import { limits } from './filters/limits.ts';
import { malformedCalls } from './filters/malformed-calls.ts';
import { noPatch } from './filters/no-patch.ts';
import { observationCorruption } from './filters/observation-corruption.ts';
import { personalData } from './filters/personal-data.ts';
import { reasoningMode } from './filters/reasoning-mode.ts';
import { repetition } from './filters/repetition.ts';
import { replayDivergence } from './filters/replay-divergence.ts';
import { replyLanguage } from './filters/reply-language.ts';
import { secrets } from './filters/secrets.ts';
import { testPatchOverlap } from './filters/test-patch-overlap.ts';
import { testTampering } from './filters/test-tampering.ts';
import { testsOnly } from './filters/tests-only.ts';
import { truncatedReply } from './filters/truncated-reply.ts';
import { unpairedResults } from './filters/unpaired-results.ts';
import { unparsed } from './filters/unparsed.ts';
import { unparsedCommands } from './filters/unparsed-commands.ts';
import { unverified } from './filters/unverified.ts';

/**
 * Every filter that looks at a row by itself. Their order is that of the funnel: of several that say drop, the first
 * is the one that counts. First what could not be read, then what went wrong around the rollout, then how it behaved, then what it produced,
 * then what the scanner saw, last what should not be published.
 */
export const filters: Filter[] = [
  unparsed,
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
  ambiguousVerdict,
  gitHack,
  unparsedCommands,
  secrets,
  highEntropy,
  personalData,
];
