import type { ArtifactRef } from '../../schemas/artifact-ref.ts';
import { messageOf, Problem } from '../../schemas/problem.ts';
import { Trajectory } from '../../schemas/trajectory.ts';
import { unpackNow } from '../artifacts/unpack.ts';
import { type Shingles, shinglesOf } from './shingles.ts';

const Messages = Trajectory.pick({ messages: true });

/** The word sequences of a packed trajectory. Throws `Problem` artifact_damaged or artifact_unreadable. */
export function trajectoryShingles(packed: Uint8Array, ref: ArtifactRef): Shingles {
  const bytes = unpackNow(packed, ref);
  try {
    return shinglesOf(Messages.parse(JSON.parse(bytes.toString())));
  } catch (error) {
    throw new Problem('artifact_unreadable', `artifact ${ref.sha256} is not of the expected shape: ${messageOf(error)}`, {
      hint: 'it was written by another version of Tracemill, or the reference points to something else',
      cause: error,
    });
  }
}
