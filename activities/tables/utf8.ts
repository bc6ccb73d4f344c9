import { isUtf8 } from 'node:buffer';

/** Bytes as text, and what is wrong with them: bytes that are not UTF-8 stand in the text as U+FFFD. */
export interface DecodedText {
  text: string;
  /** The first bad byte and what stands before it; null where there is none. */
  notUtf8: string | null;
}

export function decodeUtf8(bytes: Uint8Array): DecodedText {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const text = buffer.toString('utf8');
  return { text, notUtf8: isUtf8(buffer) ? null : firstBadByte(buffer, text) };
}

function firstBadByte(buffer: Buffer, text: string): string {
  let at = text.indexOf('\uFFFD');
  // The character itself may stand in the text as well.
  while (at !== -1 && isUtf8(buffer.subarray(0, Buffer.byteLength(text.slice(0, at + 1))))) at = text.indexOf('\uFFFD', at + 1);
  const before = text.slice(0, Math.max(0, at));
  const value = buffer[Buffer.byteLength(before)] ?? 0;
  return `byte 0x${value.toString(16).padStart(2, '0')} behind ${JSON.stringify(before.slice(-20))}`;
}

/** The fields of a value whose text has U+FFFD, as paths: `meta.pr_author`, `FAIL_TO_PASS.0`. */
export function replacedFields(value: unknown, path: string[] = []): string[] {
  if (typeof value === 'string') return value.includes('\uFFFD') ? [path.join('.')] : [];
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) => replacedFields(inner, [...path, key]));
}
