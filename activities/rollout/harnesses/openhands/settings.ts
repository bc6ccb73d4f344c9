import { z } from 'zod';
import { rolloutLimits, seconds } from '../limits.ts';

export const OpenHandsSettings = z.strictObject({
  ...rolloutLimits,
  /** Seconds without new output before a running command is reported as running. */
  no_change_timeout_seconds: seconds.default(30),
  /** Seconds that a command without its own timeout may be waited for. */
  command_timeout_seconds: seconds.default(300),
  /** A folder of template files, or one upstream .j2 file, instead of Tracemill's own. */
  templates: z.string().optional(),
});
export type OpenHandsSettings = z.infer<typeof OpenHandsSettings>;
