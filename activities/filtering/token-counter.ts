import { once } from '../../platform/once.ts';
import type { TokenCounter } from './filter.ts';

/** Counts by the student's own tokenizer. It is opened with the first row that is decided, in a second and 60 MB. */
export const openTokenCounter = once(async (): Promise<TokenCounter> => {
  const [{ openStudentTokenizer }, { countTokens }] = await Promise.all([
    import('../rendering/student-tokenizer.ts'),
    import('../rendering/count-tokens.ts'),
  ]);
  const tokenizer = await openStudentTokenizer();
  return (base, conversation) => countTokens(tokenizer, base, conversation);
});
