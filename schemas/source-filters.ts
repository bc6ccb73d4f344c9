import { z } from 'zod';
import { datasetLanguages, Language } from './names.ts';

/** The licences that the published dataset holds, as SPDX identifiers. */
export const publishedLicences = ['MIT', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause'] as const;

const limit = z.int().min(0).optional();

/**
 * Which rows of the sources become tasks of a campaign: the section `source` of a campaign file. Paths are
 * taken from the file's folder.
 */
export const SourceFilters = z.strictObject({
  licence: z
    .strictObject({
      /** SPDX identifiers; empty allows any licence. */
      allow: z.array(z.string()).default([...publishedLicences]),
    })
    .prefault({}),
  language: z.strictObject({ allow: z.array(Language).default([...datasetLanguages]) }).prefault({}),
  /** Decides by `meta.llm_metadata`; a row without it passes. Off unless something is set. */
  metadata: z
    .strictObject({
      codes: z.array(z.string()).optional().describe('solvability codes to keep, e.g. [A]'),
      difficulties: z.array(z.enum(['easy', 'medium', 'hard'])).optional(),
      categories: z.array(z.string()).optional().describe('keep rows with one of these pr_categories'),
      min_confidence: z.number().min(0).max(1).optional(),
    })
    .prefault({}),
  /** Upper limits on the gold patch, the problem statement (characters) and the expected tests. */
  size: z
    .strictObject({
      max_modified_files: limit,
      max_modified_lines: limit,
      max_patch_bytes: limit,
      max_problem_characters: limit,
      min_problem_characters: limit,
      max_expected_tests: limit,
    })
    .prefault({}),
  duplicates: z
    .boolean()
    .default(true)
    .describe('keep the first of rows with the same id, or the same repository, base commit and gold patch'),
  /** Files with the ids of evaluation tasks that must not be trained on. */
  exclude: z.array(z.string()).default([]),
  runnable: z.boolean().default(true).describe('image, test commands, a known log parser and a fail-to-pass test are there'),
});
export type SourceFilters = z.infer<typeof SourceFilters>;
