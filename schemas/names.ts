import { z } from 'zod';

/**
 * The name of a harness, as users write it in a campaign file; a registry lists them. It becomes part of workflow ids and
 * file names.
 */
export const HarnessName = z
  .string()
  .regex(/^[a-z][a-z0-9_-]{0,31}$/, 'lower-case letters, digits, "_" and "-", 1 to 32 characters, starting with a letter');
export type HarnessName = z.infer<typeof HarnessName>;

/** Whether the teacher reasons before it answers. */
export const Mode = z.enum(['think', 'no_think']);
export type Mode = z.infer<typeof Mode>;

/** Language codes of SWE-rebench-V2 that the published dataset keeps. */
export const datasetLanguages = ['python', 'go', 'ts', 'js', 'rust', 'java', 'php', 'c', 'cpp'] as const;

/** Those, and the one that a benchmark has beside them. */
export const Language = z.enum([...datasetLanguages, 'ruby']);
export type Language = z.infer<typeof Language>;

/** Of a row of another tool that need not be known. */
export const RowLanguage = z.enum([...Language.options, 'unknown']);
export type RowLanguage = z.infer<typeof RowLanguage>;

/** A git commit by its full name: 40 digits, or 64 in repositories with SHA-256. */
export const CommitHash = z
  .string()
  .regex(/^[0-9a-f]{40}(?:[0-9a-f]{24})?$/, 'a full commit hash: 40 (or, for SHA-256, 64) lower-case hexadecimal digits');

/**
 * The name of a campaign. It becomes part of workflow ids (255 bytes in all), file names and
 * container labels, which allow few characters.
 */
export const CampaignName = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9._-]{0,62}$/,
    'lower-case letters, digits, ".", "_" and "-", 1 to 63 characters, starting with a letter or digit',
  );

/** `owner__repo-number`, lower case in SWE-rebench-V2; it too becomes part of workflow ids. */
export const InstanceId = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._+-]{0,127}$/, 'letters, digits, ".", "_", "+" and "-", 1 to 128 characters');

/** What identifies one rollout: task × harness × mode × sample within a campaign. */
export const RolloutKey = z.object({
  campaign: CampaignName,
  instance_id: InstanceId,
  harness: HarnessName,
  mode: Mode,
  sample: z.int().min(0),
});
export type RolloutKey = z.infer<typeof RolloutKey>;
