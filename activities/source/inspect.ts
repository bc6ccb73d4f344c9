import type { SourceFilters } from '../../schemas/source-filters.ts';
import { readCandidates } from './read-tasks.ts';
import type { StartedSourceRule } from './source-rules.ts';

interface Counts {
  kept: number;
  dropped: number;
}

interface RuleSummary extends Counts {
  rule: string;
  by_language: Record<string, Counts>;
  /** Kind of reason → rows. */
  reasons: Record<string, number>;
}

/** What the source rules make of sources. */
export interface Inspection {
  /** Rows that are tasks in form. */
  rows: number;
  /** Rows that are not, and the first of them with place, code and problems. */
  bad: number;
  bad_rows: { place: string; code: string; problems: string[] }[];
  rules: RuleSummary[];
  /** Rows that every rule keeps. */
  kept: number;
  by_language: Record<string, Counts>;
}

const shownBadRows = 20;

/** What no rule looks at: half of the bytes of a row, and most of its fields. */
const unread = [
  'interface',
  'pr_description',
  'created_at',
  'install_config.install',
  'install_config.base_image_name',
  'install_config.docker_specs',
  'meta.llm_metadata.reasoning',
  'meta.llm_metadata.detected_issues',
  'meta.llm_metadata.external_urls',
  'meta.llm_metadata.intent_completeness',
  'meta.llm_metadata.test_alignment_issues',
  'meta.pr_author',
  'meta.pr_labels',
  'meta.pr_url',
];

/** The kept tests, the longest lists of all, are read only where their number is limited. */
function unreadColumns({ size }: Pick<SourceFilters, 'size'>): string[] {
  return size.max_expected_tests === undefined ? [...unread, 'PASS_TO_PASS'] : unread;
}

/** Checks every row of the inputs by every rule and counts. `filters`: what the rules were started with. */
export async function inspectSources(
  inputs: readonly string[],
  rules: readonly StartedSourceRule[],
  filters: SourceFilters,
): Promise<Inspection> {
  const without = unreadColumns(filters);
  const summaries = rules.map(({ id }): RuleSummary => ({ rule: id, kept: 0, dropped: 0, by_language: {}, reasons: {} }));
  const inspection: Inspection = { rows: 0, bad: 0, bad_rows: [], rules: summaries, kept: 0, by_language: {} };
  for (const input of inputs) {
    for await (const reading of readCandidates(input, { without })) {
      if (!reading.ok) {
        inspection.bad += 1;
        const { place, code, problems } = reading;
        if (inspection.bad_rows.length < shownBadRows) inspection.bad_rows.push({ place, code, problems });
        continue;
      }
      inspection.rows += 1;
      const { candidate } = reading;
      let kept = true;
      for (const [index, { check }] of rules.entries()) {
        const outcome = check(candidate);
        const summary = summaries[index];
        if (summary === undefined) continue;
        count(summary, summary.by_language, candidate.language, outcome.keep);
        if (outcome.keep) continue;
        kept = false;
        summary.reasons[outcome.kind] = (summary.reasons[outcome.kind] ?? 0) + 1;
      }
      if (kept) inspection.kept += 1;
      countLanguage(inspection.by_language, candidate.language, kept);
    }
  }
  return inspection;
}

function count(total: Counts, byLanguage: Record<string, Counts>, language: string, kept: boolean): void {
  if (kept) total.kept += 1;
  else total.dropped += 1;
  countLanguage(byLanguage, language, kept);
}

function countLanguage(byLanguage: Record<string, Counts>, language: string, kept: boolean): void {
  const counts = (byLanguage[language] ??= { kept: 0, dropped: 0 });
  if (kept) counts.kept += 1;
  else counts.dropped += 1;
}
