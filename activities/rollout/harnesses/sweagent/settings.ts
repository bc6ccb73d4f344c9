import { z } from 'zod';
import { rolloutLimits, seconds } from '../limits.ts';

export const SweAgentSettings = z.strictObject({
  ...rolloutLimits,
  execution_timeout_seconds: seconds.default(300),
  max_consecutive_execution_timeouts: z.int().min(1).default(3),
  total_execution_timeout_seconds: seconds.default(1800),
  max_requeries: z.int().min(0).default(3),
  /** Expand tabs in edited files as SWE-agent 1.1 does; off, because it rewrites whole files. */
  expand_tabs: z.boolean().default(false),
  /** An upstream SWE-agent YAML configuration, or a folder of template files, instead of Tracemill's own. */
  templates: z.string().optional(),
});
export type SweAgentSettings = z.infer<typeof SweAgentSettings>;
