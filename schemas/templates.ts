import { z } from 'zod';
import { HarnessName } from './names.ts';

/** Every text that a harness says, as template sources by name: values, so that they travel with a campaign. */
export const HarnessTemplates = z.object({
  harness: HarnessName,
  /** Name of the text → Nunjucks source. */
  texts: z.record(z.string(), z.string()),
  /** Keys or files of the user's templates that Tracemill has no use for, to be reported. */
  unused: z.array(z.string()),
});
export type HarnessTemplates = z.infer<typeof HarnessTemplates>;
