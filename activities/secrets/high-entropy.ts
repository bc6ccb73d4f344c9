import type { Hit, OnLeftOut } from './hit.ts';
import { entropyOf, isPlaceholder } from './placeholders.ts';

/** Fewest bits a character; English words have about 3, hexadecimal digits at most 4, base64 at most 6. */
const leastBits = { hex: 3, other: 3.6 };
const leastLength = { hex: 32, other: 20 };

/** A name that says that its value is secret, and the value. */
const named =
  /(?:api|access|auth|secret|private|signing|encryption|client|session|token|passw(?:or)?d|passwd|pwd|credential)[A-Za-z0-9_-]{0,30}["'\]]{0,2}[ \t]{0,3}(?::=|=>|=|:)[ \t]{0,3}["'`]?([A-Za-z0-9+/_=.~-]{20,200})/gi;

const uniqueId = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/**
 * Strings of high entropy beside a name of a secret (`api_key = …`, `"password": "…"`). Without such a name nothing is a hit: commit
 * hashes, checksums, lock files and images in base64 have the same entropy.
 */
export function findHighEntropy(text: string, onLeftOut: OnLeftOut): Hit[] {
  const hits: Hit[] = [];
  for (const { index, 0: whole, 1: value = '' } of text.matchAll(named)) {
    if (!isDense(value)) continue;
    if (uniqueId.test(value)) onLeftOut('unique id');
    else if (isPlaceholder(value)) onLeftOut('placeholder');
    else
      hits.push({
        kind: 'high_entropy',
        what: 'high-entropy string',
        start: index + whole.length - value.length,
        end: index + whole.length,
      });
  }
  return hits;
}

function isDense(value: string): boolean {
  if (/^[0-9a-f]+$/i.test(value)) return value.length >= leastLength.hex && entropyOf(value) >= leastBits.hex;
  // Names, paths and calls of a program are written in words; keys have digits among their letters.
  const digits = value.replaceAll(/\D/g, '').length;
  const parts = value.split(/[._/~-]+/).filter((part) => part !== '');
  if (digits < 2 || (parts.length > 1 && parts.every(isWord))) return false;
  return value.length >= leastLength.other && entropyOf(value) >= leastBits.other;
}

/** A part of a name or path: short, and with few digits. */
function isWord(part: string): boolean {
  return part.length <= 20 && part.replaceAll(/\D/g, '').length <= 4;
}
