import { createHash } from 'node:crypto';

/** A number in [0, 1) that only depends on the text. */
export function draw(text: string): number {
  return createHash('sha256').update(text).digest().readUInt32BE(0) / 2 ** 32;
}
