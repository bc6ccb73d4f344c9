import { z } from 'zod';
import { ScanPreset, usualScanPreset } from './scan-preset.ts';

/** What is known of a trajectory's task, apart from its messages. Everything but the preset may be missing. */
export const ScanContext = z.object({
  preset: ScanPreset.default(usualScanPreset),
  /** False leaves out the text classifier of the category MEMORY. */
  memory_model: z.boolean().optional(),
  base_commit: z.string().optional(),
  /** Hashes of ancestors of the base commit, where a commit graph is at hand. */
  known_ancestors: z.array(z.string()).optional(),
  /** Hashes of commits after the base: the fix and what came later. */
  future_commits: z.array(z.string()).optional(),
  /** The branch that is checked out when the run starts. */
  head_branch: z.string().optional(),
  /** Whether history beyond the base was removed from the image. */
  image_cleaned: z.boolean().optional(),
  /** `none` when the sandbox had no network. */
  network: z.enum(['none', 'open']).optional(),
  repo: z.string().optional(),
  instance_id: z.string().optional(),
  /** Names under which the project is published. */
  package_names: z.array(z.string()).optional(),
  gold_patch: z.string().optional(),
  test_patch: z.string().optional(),
  problem_statement: z.string().optional(),
});
export type ScanContext = z.infer<typeof ScanContext>;
