import { z } from 'zod';
import { Budget } from './budget.ts';
import { FilterPresetName } from './filter-preset.ts';
import { RowForm } from './dataset-row.ts';
import { CampaignName, HarnessName, Mode } from './names.ts';
import { PrivateKind } from './private-text.ts';
import { ReasoningForm } from './reasoning-form.ts';
import { ReleaseQuery } from './release-query.ts';
import { ScanPreset, usualScanPreset } from './scan-preset.ts';
import { CampaignJudge } from './second-judge.ts';
import { SourceFilters } from './source-filters.ts';
import { TeacherCheckWish } from './teacher-check.ts';

const seconds = z.number().positive();

/** How a teacher is asked to reason or not, and what it needs to see of its earlier reasoning. */
const ThinkingProfile = z.object({
  /**
   * `chat_template_kwargs`: `enable_thinking` as a top-level body field. `always`: the model always reasons.
   * `never`: it never does. `suffix`: `/think` or `/no_think` at the end of the first user message.
   * `suffix_and_kwargs`: both; the words are for the model, the field for the server's parser of reasoning.
   */
  control: z.enum(['chat_template_kwargs', 'always', 'never', 'suffix', 'suffix_and_kwargs']).default('chat_template_kwargs'),
  /** How earlier reasoning goes back on later turns: `auto` as the server itself sends it, `none` not at all. */
  resend: z.enum(['auto', ...ReasoningForm.options, 'none']).default('auto'),
});

/** A model behind an OpenAI-compatible server. */
export const Teacher = z.strictObject({
  model: z.string().min(1).describe('name sent to the server'),
  // `localhost:8000` is a URL too, of the scheme localhost.
  base_url: z.url({ protocol: /^https?$/, error: 'an address that begins with http:// or https://' }).describe('ends in /v1'),
  api_key_env: z
    .string()
    .regex(/^[A-Z_][A-Z0-9_]*$/, 'the NAME of an environment variable of the worker, never the key itself')
    .optional(),
  thinking: ThinkingProfile.prefault({}),
  streaming: z.boolean().default(true),
  /** Sent verbatim at the top level of the body: temperature, top_p, top_k, min_p, max_tokens… */
  sampling: z.record(z.string(), z.union([z.number(), z.string(), z.boolean()])).default({}),
  prices: z
    .strictObject({
      prompt_usd_per_million: z.number().min(0).default(0),
      completion_usd_per_million: z.number().min(0).default(0),
    })
    .prefault({}),
  /** Requests in flight to this teacher for the whole campaign on one host. */
  concurrency: z.int().min(1).max(4096).default(32),
  retries: z
    .strictObject({
      attempts: z.int().min(1).default(10),
      initial_seconds: seconds.default(1),
      maximum_seconds: seconds.default(120),
    })
    .prefault({}),
  /** Silence after which a stream counts as lost. */
  idle_timeout_seconds: seconds.default(300),
});
export type Teacher = z.infer<typeof Teacher>;

/** Settings of one harness, by a schema of its own. */
export const HarnessSettings = z.record(z.string(), z.unknown());
export type HarnessSettings = z.infer<typeof HarnessSettings>;

/** What one container may use. */
export const SandboxLimits = z.strictObject({
  memory_mb: z.int().min(16).default(4096),
  cpus: z.number().positive().default(1),
  pids: z.int().min(16).default(1024),
  /** Bytes of output kept of one command; the rest is thrown away in the container. */
  output_bytes: z.int().min(1024).default(1_048_576),
});
export type SandboxLimits = z.infer<typeof SandboxLimits>;

/** Pull requests in work at the same time. The campaign workflow, which loads no schema, checks the same bounds. */
export const CampaignConcurrency = z.int().min(1).max(500);

/**
 * What the rollouts of a campaign are for. Those of an evaluation are all counted: the gate only flags a task, no filter
 * drops a row.
 */
export const CampaignPurpose = z.literal('evaluation');
export type CampaignPurpose = z.infer<typeof CampaignPurpose>;

/** A campaign file (YAML). Relative paths are taken from the file's folder. */
export const Campaign = z.strictObject({
  name: CampaignName,
  /** Set by evaluations, whose campaigns have no file of their own. */
  purpose: CampaignPurpose.optional(),
  tasks: z.array(z.string()).min(1).describe('files, folders or http(s) addresses with tasks: Parquet, JSONL, JSON, YAML'),
  /** Which of their rows are used; without this section all that are tasks. */
  source: SourceFilters.optional(),
  /** Only these instance ids. */
  only: z.array(z.string()).optional(),
  /** Harness → its settings, which planning checks and completes by the schema that the harness brings. */
  harnesses: z.record(HarnessName, HarnessSettings).refine((chosen) => Object.keys(chosen).length > 0, 'no harness chosen'),
  /** Mode → name of the teacher that produces it. */
  modes: z.partialRecord(Mode, z.string()).refine((modes) => Object.keys(modes).length > 0, 'no mode chosen'),
  teachers: z.record(z.string(), Teacher),
  samples: z.int().min(1).max(64).default(1),
  concurrency: CampaignConcurrency.default(8),
  prefetch: z.int().min(0).max(500).default(2).describe('pull requests whose image is made and gated ahead of their turn'),
  budget: Budget.prefault({}),
  rollout: z
    .strictObject({
      timeout_hours: z.number().positive().default(6),
      heartbeat_seconds: seconds.default(30).describe('silence after which a worker counts as dead'),
      on_change: z
        .enum(['refuse', 'restart'])
        .default('refuse')
        .describe('what becomes of an unfinished rollout that was begun by a version or under settings whose requests may differ'),
      host_minutes: z.number().positive().default(60).describe('after which work that no worker of its host takes moves to another host'),
    })
    .prefault({}),
  sandbox: SandboxLimits.prefault({}),
  verification: z
    .strictObject({
      timeout_seconds: seconds.default(1800).describe('all test commands of one run'),
      gate_runs: z.int().min(1).max(20).default(3).describe('times that the gold patch has to pass before any rollout'),
    })
    .prefault({}),
  filtering: z.strictObject({ preset: FilterPresetName.default('open-swe-traces') }).prefault({}),
  scanning: z
    .strictObject({
      preset: ScanPreset.default(usualScanPreset),
      judge: CampaignJudge.optional().describe('a teacher that decides on what the scanner marks; none without this section'),
    })
    .prefault({}),
  teacher_check: TeacherCheckWish.optional().describe('whether the teachers are asked before the campaign begins'),
  release: z
    .strictObject({
      build: z.boolean().default(true).describe('build the release when the campaign ends'),
      version: z
        .string()
        .regex(/^[A-Za-z0-9._-]+$/)
        .default('v1'),
      form: RowForm.optional().describe('name of the column with the messages; trajectory without it'),
      redact: z
        .union([z.enum(['all', 'none']), z.array(PrivateKind)])
        .optional()
        .describe('kinds of things that are replaced in rows and ledger; none without it'),
      licences: ReleaseQuery.shape.licences.describe('licences that rows may have; those with an SPDX name without it'),
    })
    .prefault({}),
});
export type Campaign = z.infer<typeof Campaign>;

/** Which harness runs in which mode with which teacher: the cells of a campaign. */
export const Cell = z.object({ harness: HarnessName, mode: Mode, teacher: z.string(), sample: z.int().min(0) });
export type Cell = z.infer<typeof Cell>;
