import { z } from 'zod';

/** What a page needs to know of what serves it; the first thing it asks for. */
export const Site = z.object({
  /** `live`: a server over a home and Temporal; `files`: a server over files; `bundle`: plain files on any web server. */
  kind: z.enum(['live', 'files', 'bundle']),
  title: z.string(),
  /** Version of Tracemill that serves or wrote it. */
  tracemill: z.string(),
  /** False: no page offers to steer, and the server refuses to. */
  steering: z.boolean(),
  /** Collections of rows that stand here: campaigns, a release, files. */
  collections: z.array(z.object({ id: z.string(), title: z.string(), kind: z.string(), rows: z.int().min(0).nullable() })),
  /** Whether a file that a reader drops on a page is taken and shown. */
  takes_files: z.boolean().optional(),
  /** What a bundle left out, one reason each. */
  limits: z.array(z.string()),
});
export type Site = z.infer<typeof Site>;
