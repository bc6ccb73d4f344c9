import { openTokenCounter } from '../../activities/filtering/token-counter.ts';

/** The student's own tokenizer, opened once for all tests of a process. */
export const countTokens = await openTokenCounter();
