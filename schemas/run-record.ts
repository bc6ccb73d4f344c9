import { z } from 'zod';
import { ArtifactRef } from './artifact-ref.ts';

/**
 * What is run after a release. `acceptance` is the evaluation that others of its series are compared with, by the name of
 * the series; `check` is such a comparison, by series and evaluation.
 */
export const RunKind = z.enum(['training', 'evaluation', 'pipeline', 'acceptance', 'check']);
export type RunKind = z.infer<typeof RunKind>;

/** Names joined by "/", such as `coder-study/python-only`: a training and its variant. */
const RunPath = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9-]{0,39}(\/[a-z0-9][a-z0-9-]{0,39})*$/,
    'names of lower-case letters, digits and "-", 1 to 40 characters each, joined by "/"',
  );

/** One finished run, by kind and name; the full record lies in the store. */
export const RunRecord = z.object({
  type: z.literal('run'),
  kind: RunKind,
  name: RunPath,
  /** The record as JSON, of the shape that belongs to the kind. */
  record: ArtifactRef,
  recorded_at: z.iso.datetime(),
});
export type RunRecord = z.infer<typeof RunRecord>;
