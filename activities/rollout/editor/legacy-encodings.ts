/** An encoding of the time before Unicode, told from others by what its text looks like. */
interface Legacy {
  /** Name in the Encoding standard. */
  label: string;
  /** Whether characters have two bytes. */
  pairs: boolean;
  /** Stretches of its usual characters, and the share of the other characters than ASCII that these have to cover. */
  typical: RegExp;
  share: number;
}

/**
 * In the order in which they are tried: the surer signs first. Where bytes of Latin-1 would pass for such characters as well, only
 * several in a row count, since letters with accents stand alone.
 */
const encodings: readonly Legacy[] = [
  { label: 'shift_jis', pairs: true, typical: /[ぁ-んァ-ヶー]+/g, share: 0.2 },
  { label: 'euc-jp', pairs: true, typical: /[ぁ-んァ-ヶー]+/g, share: 0.2 },
  { label: 'euc-kr', pairs: true, typical: /[가-힣]{2,}/g, share: 0.8 },
  { label: 'windows-1251', pairs: false, typical: /[А-ЯЁ]?[а-яё]{3,}/g, share: 0.6 },
  { label: 'koi8-r', pairs: false, typical: /[А-ЯЁ]?[а-яё]{3,}/g, share: 0.6 },
  { label: 'gb18030', pairs: true, typical: /[一-龥，。、；：？！“”（）《》]{3,}/g, share: 0.7 },
  { label: 'big5', pairs: true, typical: /[一-龥，。、；：？！「」（）《》]{3,}/g, share: 0.7 },
];

/** Fewer characters than these say nothing about a language. */
const fewest = 3;

/** The name of the encoding in which the bytes are a text that can be written back as it is; undefined where none is sure. */
export function legacyEncodingOf(bytes: Buffer): string | undefined {
  return encodings.find(
    (encoding) => looksLike(encoding, bytes) && encodeLegacy(encoding.label, decodeLegacy(encoding.label, bytes))?.equals(bytes),
  )?.label;
}

export function decodeLegacy(label: string, bytes: Buffer): string {
  return new TextDecoder(label).decode(bytes);
}

/** The bytes of a text; null where the encoding lacks one of its characters. */
export function encodeLegacy(label: string, text: string): Buffer | null {
  const codes = codesOf(label);
  const pieces: number[] = [];
  for (const sign of text) {
    const code = codes.get(sign);
    if (code === undefined) return null;
    if (code > 0xff) pieces.push(code >> 8);
    pieces.push(code & 0xff);
  }
  return Buffer.from(pieces);
}

function looksLike({ label, typical, share }: Legacy, bytes: Buffer): boolean {
  const others = decodeLegacy(label, bytes.subarray(0, 64 * 1024)).replaceAll(/[\0-\x7f]+/g, ' ');
  const count = others.replaceAll(' ', '').length;
  // The end of a sample may lie within a character.
  const bad = others.slice(0, -1).includes('\uFFFD');
  const covered = (others.match(typical) ?? []).reduce((sum, run) => sum + run.length, 0);
  return !bad && count >= fewest && covered >= share * count;
}

const tables = new Map<string, Map<string, number>>();

/** Character → its byte, or its two bytes as one number. */
function codesOf(label: string): Map<string, number> {
  const known = tables.get(label);
  if (known !== undefined) return known;
  const decoder = new TextDecoder(label);
  const codes = new Map<string, number>();
  const note = (code: number, bytes: Uint8Array) => {
    const text = decoder.decode(bytes);
    // The first of several codes of a character is the usual one.
    if ([...text].length === 1 && text !== '\uFFFD' && !codes.has(text)) codes.set(text, code);
  };
  for (let byte = 0; byte < 0x100; byte += 1) note(byte, Uint8Array.of(byte));
  if (encodings.find((encoding) => encoding.label === label)?.pairs === true) {
    for (let lead = 0x81; lead < 0xff; lead += 1) {
      for (let trail = 0x40; trail < 0xff; trail += 1) note((lead << 8) | trail, Uint8Array.of(lead, trail));
    }
  }
  tables.set(label, codes);
  return codes;
}
