import { createHash } from 'node:crypto';
import type { RolloutKey } from './names.ts';
import { rolloutId } from './rollout-id.ts';

/** The name space of trajectory ids: an arbitrary UUID that must never change. */
const nameSpace = Buffer.from('6f1c9d2e4a7b5c3d8e0f1a2b3c4d5e6f', 'hex');

/**
 * The id of a rollout's trajectory: a UUID of version 5 (RFC 9562) made from the rollout's id, so that it is the same
 * wherever it is computed. Apart from `rolloutId` because workflows cannot import `node:crypto`.
 */
export function trajectoryId(key: RolloutKey): string {
  const digest = createHash('sha1').update(nameSpace).update(rolloutId(key)).digest().subarray(0, 16);
  digest.writeUInt8((digest.readUInt8(6) & 0x0f) | 0x50, 6);
  digest.writeUInt8((digest.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = digest.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
