import { isUtf8 } from 'node:buffer';
import { decodeLegacy, encodeLegacy, legacyEncodingOf } from './legacy-encodings.ts';

/** A text file's content with what is needed to write it back unchanged where it was not edited. */
export interface TextFile {
  text: string;
  /** `utf8`, `damaged-utf8` (see {@link decodeText}), `utf16le`, `utf16be`, `latin1`, or a name of the Encoding standard. */
  encoding: string;
  /** Whether the bytes begin with a byte order mark; it is no part of `text`. */
  mark: boolean;
  /** Whether lines end in CR LF anywhere in the file. */
  crlf: boolean;
}

/**
 * Reads bytes as text; null when they are no text. Whatever the encoding is taken for, {@link encodeText} gives the same bytes for
 * the same text. In UTF-8 with single wrong bytes, these are lone surrogates from U+DC80 on, which no model can write.
 */
export function decodeText(bytes: Buffer): TextFile | null {
  const decoded = decode(bytes);
  if (decoded === null) return null;
  return { ...decoded, crlf: decoded.text.includes('\r\n') };
}

/** The file's bytes with other text, in its encoding; null when the encoding lacks one of the characters. */
export function encodeText(file: TextFile, text: string): Buffer | null {
  switch (file.encoding) {
    case 'utf8':
      if (!text.isWellFormed()) return null;
      return Buffer.concat([file.mark ? utf8Mark : Buffer.alloc(0), Buffer.from(text, 'utf8')]);
    case 'damaged-utf8':
      return encodeDamaged(text);
    case 'utf16le':
      return text.isWellFormed() ? Buffer.from(`${file.mark ? '\ufeff' : ''}${text}`, 'utf16le') : null;
    case 'utf16be':
      return text.isWellFormed() ? Buffer.from(`${file.mark ? '\ufeff' : ''}${text}`, 'utf16le').swap16() : null;
    case 'latin1':
      return /[^\0-\xff]/.test(text) ? null : Buffer.from(text, 'latin1');
    default:
      return encodeLegacy(file.encoding, text);
  }
}

const utf8Mark = Buffer.from([0xef, 0xbb, 0xbf]);

function decode(bytes: Buffer): Omit<TextFile, 'crlf'> | null {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return utf16(bytes, 'utf16le', true);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return utf16(bytes, 'utf16be', true);
  if (bytes.includes(0)) return utf16WithoutMark(bytes);
  if (isUtf8(bytes)) {
    const mark = bytes.subarray(0, 3).equals(utf8Mark);
    return { text: bytes.toString('utf8', mark ? 3 : 0), encoding: 'utf8', mark };
  }
  if (controlShare(bytes, isControl) > 0.1) return null;
  const damaged = decodeDamaged(bytes);
  if (damaged !== null) return { text: damaged, encoding: 'damaged-utf8', mark: false };
  const legacy = legacyEncodingOf(bytes);
  if (legacy !== undefined) return { text: decodeLegacy(legacy, bytes), encoding: legacy, mark: false };
  // Any bytes are Latin-1, so only those that look like writing are taken for it, or for what Windows makes of its controls.
  if (controlShare(bytes, (byte) => byte >= 0x80 && byte < 0xa0) === 0)
    return { text: bytes.toString('latin1'), encoding: 'latin1', mark: false };
  if (controlShare(bytes, (byte) => undefinedInWindows.has(byte)) > 0) return null;
  return { text: decodeLegacy('windows-1252', bytes), encoding: 'windows-1252', mark: false };
}

const undefinedInWindows = new Set([0x81, 0x8d, 0x8f, 0x90, 0x9d]);

/** UTF-8 in which at least three times as many characters are right as bytes are wrong; null where it is not that. */
function decodeDamaged(bytes: Buffer): string | null {
  let text = '';
  let right = 0;
  let wrong = 0;
  for (let at = 0; at < bytes.length; ) {
    const first = bytes[at] ?? 0;
    const length = first < 0x80 ? 1 : first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
    const sign = bytes.subarray(at, at + length);
    if (sign.length === length && isUtf8(sign)) {
      text += sign.toString('utf8');
      at += length;
      if (length > 1) right += 1;
    } else {
      text += String.fromCharCode(0xdc00 + first);
      at += 1;
      wrong += 1;
    }
  }
  return right >= 3 * wrong ? text : null;
}

function encodeDamaged(text: string): Buffer | null {
  const pieces: Buffer[] = [];
  for (const part of text.split(/([\udc80-\udcff])/)) {
    const code = part.length === 1 ? part.charCodeAt(0) : 0;
    if (code >= 0xdc80 && code <= 0xdcff) pieces.push(Buffer.from([code - 0xdc00]));
    else if (part.isWellFormed()) pieces.push(Buffer.from(part, 'utf8'));
    else return null;
  }
  return Buffer.concat(pieces);
}

function utf16(bytes: Buffer, encoding: 'utf16le' | 'utf16be', mark: boolean): Omit<TextFile, 'crlf'> | null {
  if (bytes.length % 2 !== 0) return null;
  const body = mark ? bytes.subarray(2) : bytes;
  const text = (encoding === 'utf16le' ? body : Buffer.from(body).swap16()).toString('utf16le');
  return text.isWellFormed() && !text.includes('\0') ? { text, encoding, mark } : null;
}

/** In mostly Latin writing every other byte is zero, and never one of the others; and writing holds no control characters. */
function utf16WithoutMark(bytes: Buffer): Omit<TextFile, 'crlf'> | null {
  const decoded = utf16ByZeros(bytes);
  // oxlint-disable-next-line no-control-regex -- they are what is looked for
  return decoded === null || /[\x01-\x08\x0b\x0e-\x1f]/.test(decoded.text) ? null : decoded;
}

function utf16ByZeros(bytes: Buffer): Omit<TextFile, 'crlf'> | null {
  let even = 0;
  let odd = 0;
  for (let index = 0; index < bytes.length; index++) {
    if (bytes[index] !== 0) continue;
    if (index % 2 === 0) even += 1;
    else odd += 1;
  }
  const enough = bytes.length / 2 / 2;
  if (odd >= enough && even === 0) return utf16(bytes, 'utf16le', false);
  if (even >= enough && odd === 0) return utf16(bytes, 'utf16be', false);
  return null;
}

function isControl(byte: number): boolean {
  return (byte < 32 && byte !== 9 && byte !== 10 && byte !== 12 && byte !== 13) || byte === 0x7f;
}

function controlShare(bytes: Buffer, control: (byte: number) => boolean): number {
  const sample = bytes.subarray(0, 8192);
  return sample.filter(control).length / Math.max(1, sample.length);
}
