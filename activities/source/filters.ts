import type { SourceFilters } from '../../schemas/source-filters.ts';
import type { Candidate } from './candidate.ts';
import { readExclusionList } from './exclusion-list.ts';
import type { RuleOutcome, SourceRule } from './rule.ts';
import { duplicate } from './rules/duplicate.ts';
import { evaluationTask } from './rules/evaluation-task.ts';
import { language } from './rules/language.ts';
import { licence } from './rules/licence.ts';
import { metadata } from './rules/metadata.ts';
import { runnable } from './rules/runnable.ts';
import { size } from './rules/size.ts';

/** A rule with its parameters, ready to judge. */
export interface StartedRule {
  id: string;
  judge: (candidate: Candidate) => RuleOutcome;
}

/**
 * All stage-1 rules in the order in which they are told. Each judges every row by itself, so that counts do not
 * depend on the order. Reads the exclusion lists; throws `Problem` bad_exclusion_list.
 */
export function startFilters(filters: SourceFilters, knowsParser: (name: string) => boolean): StartedRule[] {
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

function started<Parameters>(rule: SourceRule<Parameters>, parameters: Parameters): StartedRule {
  return { id: rule.id, judge: rule.start(parameters) };
}
