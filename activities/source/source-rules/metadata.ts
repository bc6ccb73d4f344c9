import { z } from 'zod';
import type { SourceFilters } from '../../../schemas/source-filters.ts';
import { drop, keep, type SourceRule } from '../source-rule.ts';

const LlmMetadata = z.looseObject({
  code: z.string().nullish(),
  confidence: z.number().nullish(),
  difficulty: z.string().nullish(),
  pr_categories: z.array(z.string()).nullish(),
});

/** Keeps rows by what a model said of the task. A row without metadata passes. */
export const metadata: SourceRule<SourceFilters['metadata']> = {
  id: 'metadata',
  version: 1,
  start({ codes, difficulties, categories, min_confidence }) {
    return ({ meta }) => {
      const said = statementOf(meta?.['llm_metadata']);
      if (said === null) return keep;
      const { code, difficulty, confidence, pr_categories } = said;
      if (stated(code) && codes?.includes(code) === false) return drop(`code ${code}`);
      if (stated(difficulty) && difficulties?.some((level) => level === difficulty) === false) return drop(`difficulty ${difficulty}`);
      if (stated(pr_categories) && categories?.some((category) => pr_categories.includes(category)) === false) {
        return drop('category', `categories ${pr_categories.join(', ') || 'none'}`);
      }
      if (stated(confidence) && min_confidence !== undefined && confidence < min_confidence)
        return drop('confidence', `confidence ${confidence}`);
      return keep;
    };
  },
};

function stated<T>(value: T | null | undefined): value is T {
  return value !== null && value !== undefined;
}

/** An object, or a list of one. */
function statementOf(value: unknown): z.infer<typeof LlmMetadata> | null {
  const parsed = LlmMetadata.safeParse(Array.isArray(value) ? value[0] : value);
  return parsed.success ? parsed.data : null;
}
