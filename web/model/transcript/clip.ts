import type { Clip } from '../../../schemas/transcript.ts';

/** Longest text shown whole, and what is shown of each end of a longer one; in bytes of UTF-8. */
const wholeBytes = 64 * 1024;
const endCharacters = 8 * 1024;

/** A text as pages show it: whole, or its two ends with its size; the rest lies under `blob`. */
export function clip(text: string, blob: string): Clip {
  if (text.length * 3 <= wholeBytes) return { text };
  const bytes = byteLength(text);
  if (bytes <= wholeBytes) return { text };
  return { head: text.slice(0, boundary(text, endCharacters)), tail: text.slice(boundary(text, text.length - endCharacters)), bytes, blob };
}

/** Whether only a part of a text is shown. */
export function isCut(body: Clip): boolean {
  return 'blob' in body;
}

/** Bytes that a text has in UTF-8; a lone surrogate counts as the replacement character that it becomes. */
export function byteLength(text: string): number {
  let bytes = text.length;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code < 0x80) continue;
    if (code < 0x800) bytes += 1;
    else if (code >= 0xd800 && code < 0xdc00 && isLowSurrogate(text.charCodeAt(index + 1))) {
      bytes += 2;
      index += 1;
    } else bytes += 2;
  }
  return bytes;
}

/** The next place at or before `index` that does not part a pair of surrogates. */
function boundary(text: string, index: number): number {
  return isLowSurrogate(text.charCodeAt(index)) ? index - 1 : index;
}

function isLowSurrogate(code: number): boolean {
  return code >= 0xdc00 && code < 0xe000;
}
