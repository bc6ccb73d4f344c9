import { z } from 'zod';

/** An image that Tracemill brought to the engine, and may remove again to make room. */
export const CachedImage = z.object({
  /** Name with tag, as the engine knows it. */
  name: z.string().min(1),
  /** The image behind the name when it was noted: a name that now means another image is not removed. */
  id: z.string().min(1),
  kind: z.enum(['derived', 'pulled']),
  /** Milliseconds since 1970. */
  last_use: z.int().min(0),
  /** Pull requests that asked for it. While one of them runs it stays. */
  owners: z.array(z.object({ campaign: z.string(), instance_id: z.string() })),
});
export type CachedImage = z.infer<typeof CachedImage>;
