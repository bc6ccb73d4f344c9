import { z } from 'zod';
import { FindingCategory, Severity } from './finding.ts';
import { ScanPreset } from './scan-preset.ts';

const pattern = z.string().refine((source) => {
  try {
    new RegExp(source);
    return source.length > 0;
  } catch {
    return false;
  }
}, 'a regular expression');

/** One way in which a command matches a rule: all that is given must hold. Patterns are regular expressions. */
export const ScanCondition = z
  .strictObject({
    /** The program's name, wherever it lies. */
    program: pattern.optional(),
    /** The words behind the program, joined by blanks. */
    words: pattern.optional(),
    /** None of the words. */
    without: pattern.optional(),
    /** Git's subcommand. */
    git: pattern.optional(),
    /** The second word of `git stash`, `git remote` and similar. */
    action: pattern.optional(),
    /** One of git's options, in full length. */
    flag: pattern.optional(),
    /** A revision of this standing is named. */
    revision: z.enum(['foreign', 'unknown']).optional(),
    address: z.enum(['upstream', 'unrelated', 'registry', 'blind', 'search', 'local', 'other', 'unknown']).optional(),
    package: z.strictObject({ action: z.enum(['install', 'fetch', 'look']).optional(), own: z.boolean().nullable().optional() }).optional(),
    file: z
      .enum([
        'git_history',
        'git_objects',
        'hidden_answer',
        'other_runs',
        'evaluation',
        'published_copy',
        'installed_copy',
        'process_memory',
        'harness',
        'image_layers',
        'shell_history',
        'left_behind',
        'leftover',
        'elsewhere',
      ])
      .optional(),
    /** Environment variables: those that may hold an answer, or all of them. */
    environment: z.enum(['hidden', 'all']).optional(),
    /** A search over the machine for what a task hides. */
    search: z.literal(true).optional(),
    /** What a change of files or programs does to the judgement of the result; asked of a run, not of one command. */
    change: z
      .enum([
        'outcome_forced',
        'tests_removed',
        'tests_disabled',
        'tests_loosened',
        'expectations_adopted',
        'failures_ignored',
        'program_replaced',
        'test_noticed',
        'expected_looked_up',
        'clock_faked',
        'report_forged',
        'harness_touched',
        'model_asked',
      ])
      .optional(),
  })
  .refine((condition) => Object.keys(condition).length > 0, 'at least one condition')
  .refine((condition) => condition.change === undefined || Object.keys(condition).length === 1, 'a change stands alone');
export type ScanCondition = z.infer<typeof ScanCondition>;

/** A rule of the scanner about one command: what it calls a finding, how severe, and when. */
export const ScanRule = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9-]*$/, 'lower-case words joined by hyphens'),
  category: FindingCategory,
  /** By preset; a preset that is not named does not use the rule. */
  severity: z.partialRecord(ScanPreset, Severity),
  /** A note becomes a violation when the observation shows that something was revealed. */
  graver_when_revealed: z.boolean().default(false),
  what: z.string(),
  /** Commands that it finds, and commands beside them that it does not. */
  finds: z.array(z.string()),
  leaves: z.array(z.string()),
  when: z.array(ScanCondition),
});
export type ScanRule = z.infer<typeof ScanRule>;
