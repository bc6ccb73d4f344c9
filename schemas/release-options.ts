import { z } from 'zod';
import { RowForm } from './dataset-row.ts';
import { PrivateKind } from './private-text.ts';
import { ReleaseQuery } from './release-query.ts';

/** How the release at a campaign's end is made, where it is not as `tracemill release build` makes one without options. */
export const ReleaseOptions = z.object({
  form: RowForm.optional(),
  /** Kinds of things that are replaced in rows and ledger. */
  redact: z.array(PrivateKind).optional(),
  licences: ReleaseQuery.shape.licences,
});
export type ReleaseOptions = z.infer<typeof ReleaseOptions>;
