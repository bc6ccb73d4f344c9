import { z } from 'zod';

/** What the worker passes to the process that it starts for releases; the server comes from the environment. */
export const ReleaseWorkerSettings = z.object({
  task_queue: z.string(),
  host: z.string(),
  /** After this time without work it ends by itself. */
  idle_seconds: z.number().positive(),
});
export type ReleaseWorkerSettings = z.infer<typeof ReleaseWorkerSettings>;

/** What it says to its worker: that it takes work, or that it takes no more. */
export const ReleaseWorkerReport = z.enum(['ready', 'ending']);
export type ReleaseWorkerReport = z.infer<typeof ReleaseWorkerReport>;
