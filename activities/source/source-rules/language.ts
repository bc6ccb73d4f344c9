import type { SourceFilters } from '../../../schemas/source-filters.ts';
import { drop, keep, type SourceRule } from '../source-rule.ts';

/** Keeps rows in the given languages. A repository of several counts by its label. */
export const language: SourceRule<SourceFilters['language']> = {
  id: 'language',
  version: 1,
  start({ allow }) {
    const allowed = new Set<string>(allow);
    return (candidate) => (allowed.has(candidate.language) ? keep : drop(`language ${candidate.language}`));
  },
};
