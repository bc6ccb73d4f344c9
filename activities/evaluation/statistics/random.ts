/**
 * Whole numbers from 0 to 2^32 - 1 that depend on the seed alone, the same on every machine (sfc32). Resampling draws
 * millions of them; `Math.random` could not be repeated.
 */
export function randomIntegers(seed: number): () => number {
  let a = 0x9e3779b9;
  let b = 0x243f6a88;
  let c = 0xb7e15162;
  let counter = seed >>> 0;
  const next = () => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    c |= 0;
    return sum >>> 0;
  };
  // Seeds that differ in one bit give unlike numbers only after a few rounds.
  for (let round = 0; round < 16; round++) next();
  return next;
}

/** A seed from any text, such as the name of a cell (FNV-1a). */
export function seedOf(text: string): number {
  let hash = 0x811c9dc5;
  for (const character of text) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  return hash >>> 0;
}
