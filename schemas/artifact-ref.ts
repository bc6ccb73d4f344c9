import { z } from 'zod';

/** A sha256 in hexadecimal. */
export const Sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'a sha256: 64 lower-case hexadecimal digits');

/** Points to immutable bytes in the artifact store; what stages pass instead of the bytes. */
export const ArtifactRef = z.object({
  /** Of the bytes as given, before compression. */
  sha256: Sha256,
  /** Size in bytes before compression. */
  size_bytes: z.int().min(0),
  content_type: z.string(),
});
export type ArtifactRef = z.infer<typeof ArtifactRef>;
