type Encoding = 'utf8' | 'utf16le' | 'utf16be' | 'latin1';

/** A text file's content with what is needed to write it back unchanged where it was not edited. */
export interface TextFile {
  text: string;
  encoding: Encoding;
  /** Whether the bytes begin with a byte order mark; it is no part of `text`. */
  mark: boolean;
  /** Whether lines end in CR LF anywhere in the file. */
  crlf: boolean;
}

/** Reads bytes as text; null when they are no text. */
export function decodeText(bytes: Buffer): TextFile | null {
  const decoded = decode(bytes);
  if (decoded === null) return null;
  return { ...decoded, crlf: decoded.text.includes('\r\n') };
}

/** The file's bytes with other text, in its encoding; null when the encoding lacks one of the characters. */
export function encodeText(file: TextFile, text: string): Buffer | null {
  switch (file.encoding) {
    case 'utf8':
      return Buffer.concat([file.mark ? Buffer.from([0xef, 0xbb, 0xbf]) : Buffer.alloc(0), Buffer.from(text, 'utf8')]);
    case 'utf16le':
      return Buffer.from(`${file.mark ? '\ufeff' : ''}${text}`, 'utf16le');
    case 'utf16be':
      return Buffer.from(`${file.mark ? '\ufeff' : ''}${text}`, 'utf16le').swap16();
    case 'latin1':
      return /[^\0-\xff]/.test(text) ? null : Buffer.from(text, 'latin1');
  }
}

function decode(bytes: Buffer): Omit<TextFile, 'crlf'> | null {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return utf16(bytes, 'utf16le', true);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return utf16(bytes, 'utf16be', true);
  if (bytes.includes(0)) return utf16WithoutMark(bytes);
  const mark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(mark ? bytes.subarray(3) : bytes);
    return { text, encoding: 'utf8', mark };
  } catch {
    // Not UTF-8: any bytes are Latin-1, so only those that look like writing are taken for it.
    return controlShare(bytes) > 0.1 ? null : { text: bytes.toString('latin1'), encoding: 'latin1', mark: false };
  }
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

function controlShare(bytes: Buffer): number {
  const sample = bytes.subarray(0, 8192);
  let control = 0;
  for (const byte of sample)
    if ((byte < 32 && byte !== 9 && byte !== 10 && byte !== 12 && byte !== 13) || (byte >= 0x7f && byte < 0xa0)) control += 1;
  return control / Math.max(1, sample.length);
}
