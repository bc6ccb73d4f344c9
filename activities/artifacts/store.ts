import type { z } from 'zod';
import type { ArtifactRef } from '../../schemas/artifact-ref.ts';
import { Problem, messageOf } from '../../schemas/problem.ts';

/**
 * Immutable bytes under their sha256. Any backend that keeps these promises will do: a local folder is one,
 * an object store another.
 */
export interface ArtifactStore {
  /** The store's own name, made once and kept in it: lower-case hexadecimal digits. It separates the work on one store from the work on another. */
  id(): Promise<string>;
  /**
   * Durable when it resolves. The same bytes may be put any number of times, also at once from several processes; where
   * a torn or foreign object of another size stands in their place, it is replaced.
   */
  put(bytes: Uint8Array, contentType: string): Promise<ArtifactRef>;
  /** The bytes, checked against size and sha256. Throws `Problem` artifact_missing, artifact_damaged or artifact_inaccessible. */
  get(ref: ArtifactRef): Promise<Buffer>;
  /** The bytes as they lie in the store, packed (zstd) and unchecked: for `unpackNow` in another thread. Throws as `get`, but never artifact_damaged. */
  getPacked(ref: ArtifactRef): Promise<Buffer>;
  /** Whether the artifact is there; its content is not checked. Throws `Problem` artifact_inaccessible when the store does not say. */
  has(ref: ArtifactRef): Promise<boolean>;
  /** `intact`, or the problem that `get` would throw. */
  verify(ref: ArtifactRef): Promise<'intact' | 'missing' | 'damaged'>;
  /** Where the artifact lies, for people: a path or a URL. */
  location(ref: ArtifactRef): string;
}

const jsonType = 'application/json';

/** Stores a value as JSON. Equal values with equal key order give the same reference. */
export function putJson(store: ArtifactStore, value: unknown): Promise<ArtifactRef> {
  return store.put(Buffer.from(JSON.stringify(value)), jsonType);
}

/** Reads JSON back through its schema. Throws `Problem` artifact_unreadable when it has another shape. */
export async function getJson<T extends z.ZodType>(store: ArtifactStore, ref: ArtifactRef, schema: T): Promise<z.infer<T>> {
  const bytes = await store.get(ref);
  try {
    return schema.parse(JSON.parse(bytes.toString('utf8')));
  } catch (error) {
    throw new Problem('artifact_unreadable', `artifact ${ref.sha256} is not of the expected shape: ${messageOf(error)}`, {
      hint: 'it was written by another version of Tracemill, or the reference points to something else',
      cause: error,
    });
  }
}
