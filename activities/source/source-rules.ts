import type { SourceFilters } from '../../schemas/source-filters.ts';
import type { Candidate } from './candidate.ts';
import { readExclusionList } from './exclusion-list.ts';
import type { SourceOutcome, SourceRule } from './source-rule.ts';
import { duplicate } from './source-rules/duplicate.ts';
import { evaluationTask } from './source-rules/evaluation-task.ts';
import { language } from './source-rules/language.ts';
import { licence } from './source-rules/licence.ts';
import { metadata } from './source-rules/metadata.ts';
import { runnable } from './source-rules/runnable.ts';
import { size } from './source-rules/size.ts';

/** A rule with its parameters, ready to check rows. */
export interface StartedSourceRule {
  id: string;
  check: (candidate: Candidate) => SourceOutcome;
}

/**
 * All source rules in the order of their counts. Each checks every row by itself, so that counts do not
 * depend on the order. Reads the exclusion lists; throws `Problem` bad_exclusion_list.
 */
export function startSourceRules(filters: SourceFilters, knowsParser: (name: string) => boolean): StartedSourceRule[] {
  return [
    started(language, filters.language),
    started(licence, filters.licence),
    started(runnable, { enabled: filters.runnable, knowsParser }),
    started(metadata, filters.metadata),
    started(size, filters.size),
    started(evaluationTask, filters.exclude.map(readExclusionList)),
    started(duplicate, filters.duplicates),
  ];
}

function started<Parameters>(rule: SourceRule<Parameters>, parameters: Parameters): StartedSourceRule {
  return { id: rule.id, check: rule.start(parameters) };
}
