import { sensesOf } from './lexicon.ts';
import { otherSoftware } from './other-software.ts';
import { clusterOf, clusters } from './vocabulary.ts';
import { firstHash, nextHash, WordTable } from './word-table.ts';

/** What tokens are, beyond their letters: names and numbers differ from claim to claim, their kinds do not. */
export const kinds = {
  word: 0,
  version: 1,
  ticket: 2,
  hash: 3,
  year: 4,
  own: 5,
  other: 6,
  name: 7,
  handle: 8,
  code: 9,
  identifier: 10,
  number: 11,
  foreign: 12,
  mark: 13,
} as const;

export interface Token {
  /** One of `kinds`. */
  kind: number;
  /** As written. */
  raw: string;
  /** In lower case. */
  text: string;
  /** The cluster of a common word; beyond the clusters, the kind and whether it is in the possessive. */
  form: number;
  /** Of the text in lower case. */
  hash: number;
  /** Numbers of the senses in the lexicon. */
  senses: readonly number[];
}

const pattern =
  /`[^`\n]+`|(?:https?:\/\/|www\.)\S+|(?:(?<![\w.])v)?\d+(?:\.(?:\d+|x|\?|X))+[\w.+-]*|(?<![\w&])#\d{2,6}\b|\b[A-Z][A-Z0-9]{1,9}-(?:\d{2,6}|x{2,})\b|\b(?:gh|GH)-\d+\b|\b(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{7,40}\b|(?:[\w$]+)(?:(?:\.|::|->|\/|#)[\w$*]+)+(?:\(\S*\))?|[\p{L}_$][\p{L}\p{N}_$]*(?:[-’'][\p{L}]+)*(?:\(\S{0,40}\))?|\d+(?:st|nd|rd|th)?|[^\s\p{L}\p{N}]/gu;
const ideograph = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u;
const scripts = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]+|[^\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]+/gu;
const ascii = /^[\x20-\x7e]*$/;

/** What an ASCII sign does to letters or digits in front of it, and what it is itself; signs of words and blanks do and are nothing. */
const signs = { ends: 1, endsBeforeBlank: 2, alone: 4 } as const;
const signOf = new Uint8Array(128);
for (const sign of '!"%&)*+,;<=>?@[\\]^{|}~') signOf[sign.charCodeAt(0)] = signs.ends | signs.alone;
for (const sign of '.:') signOf[sign.charCodeAt(0)] = signs.endsBeforeBlank | signs.alone;
for (const sign of "'(-/") signOf[sign.charCodeAt(0)] = signs.alone;
signOf[0x20] = signs.ends;
signOf[0x60] = signs.ends;

/** Common words, which are the same in every project unless it bears one as its name. */
const commonWords = new WordTable<Token>();
const noNames: ReadonlySet<string> = new Set();

/** Reads sentences of one project's trajectory; words that come again are looked up, not read again. */
export class Tokenizer {
  readonly #own: ReadonlySet<string>;
  /** Names of the project that are common words, too. */
  readonly #ownWords: ReadonlySet<string>;
  readonly #known = new Map<string, Token>();

  /** `own` are the names by which the task's project goes. */
  constructor(own: ReadonlySet<string>) {
    this.#own = own;
    this.#ownWords = new Set([...own].filter((name) => clusterOf(name) !== undefined));
  }

  /** The tokens of a sentence, by default all of the text. */
  tokens(text: string, start = 0, end = text.length): Token[] {
    const tokens: Token[] = [];
    let sentence: string | undefined;
    let common = 0;
    let uncommon = 0;
    let versions = 0;
    let at = start;
    while (at < end) {
      const code = text.charCodeAt(at);
      if (code <= 0x20) {
        at += 1;
        continue;
      }
      const from = at;
      let token: Token | undefined;
      // The usual cases are read by hand: an English word, digits, and a sign that can begin nothing longer.
      if (isAsciiLetter(code)) {
        let hash = firstHash;
        let next = code;
        do {
          hash = nextHash(hash, next);
          at += 1;
          next = at < end ? text.charCodeAt(at) : 0x20;
        } while (isAsciiLetter(next));
        if (endsWord(text, at, end, next)) token = this.#word(text, from, at, hash);
      } else if (isDigit(code)) {
        let next = code;
        do {
          at += 1;
          next = at < end ? text.charCodeAt(at) : 0x20;
        } while (isDigit(next));
        if (endsWord(text, at, end, next)) token = this.#token(text.slice(from, at));
      } else if (code < 0x80 && ((signOf[code] ?? 0) & signs.alone) !== 0) {
        at += 1;
        token = this.#token(text.charAt(from));
      }
      if (token === undefined) {
        // What stands around the sentence is none of the pattern's business.
        sentence ??= text.slice(start, end);
        pattern.lastIndex = from - start;
        const raw = pattern.exec(sentence)?.[0];
        if (raw === undefined) break;
        at = start + pattern.lastIndex;
        if (!ascii.test(raw) && ideograph.test(raw)) {
          versions += this.#inScripts(raw, tokens);
          continue;
        }
        token = this.#token(raw);
      }
      tokens.push(token);
      if (token.kind === kinds.word) common += 1;
      else if (token.kind === kinds.handle || token.kind === kinds.name || token.kind === kinds.foreign) uncommon += 1;
      else if (token.kind === kinds.version) versions += 1;
    }
    for (let place = 0; versions > 0 && place < tokens.length; place += 1) {
      const token = tokens[place];
      if (token?.kind === kinds.version && isAmount(token.raw, tokens[place - 1]?.raw, tokens[place + 1]?.text))
        tokens[place] = as(kinds.number, token);
    }
    // In other languages than English most words are uncommon; then they are no people's handles.
    return uncommon > 4 && uncommon > common
      ? tokens.map((token) => (token.kind === kinds.handle ? as(kinds.foreign, token) : token))
      : tokens;
  }

  /** Adds the tokens of text with ideographs in it; how many of them are versions. */
  #inScripts(raw: string, tokens: Token[]): number {
    let versions = 0;
    for (const part of raw.match(scripts) ?? []) {
      if (ideograph.test(part)) tokens.push(...ideographs(part));
      else {
        const token = this.#token(part);
        if (token.kind === kinds.version) versions += 1;
        tokens.push(token);
      }
    }
    return versions;
  }

  /** The token of letters alone, whose hash is known. */
  #word(text: string, from: number, to: number, hash: number): Token {
    let common = commonWords.find(text, from, to, hash);
    if (common === undefined) {
      const raw = text.slice(from, to);
      const known = this.#known.get(raw);
      if (known !== undefined) return known;
      // Of one case but for the first letter, such a word cannot be short for a project's name.
      if (!/^.[a-z]*$/.test(raw) || clusterOf(raw.toLowerCase()) === undefined) return this.#token(raw);
      common = tokenOf(raw, noNames);
      commonWords.add(common, hash);
    }
    return this.#ownWords.size > 0 && this.#ownWords.has(common.text) ? this.#token(common.raw) : common;
  }

  #token(raw: string): Token {
    const known = this.#known.get(raw);
    if (known !== undefined) return known;
    const token = tokenOf(raw, this.#own);
    if (this.#known.size < 50_000) this.#known.set(raw, token);
    return token;
  }
}

function as(kind: number, { raw, text, hash, senses }: Token): Token {
  return { kind, raw, text, hash, form: formOf(kind, text), senses };
}

const units =
  /^(?:%|s|ms|µs|us|ns|sec|secs|seconds?|min|mins|minutes?|h|hours?|days?|x|times|b|kb|mb|gb|tb|kib|mib|gib|bytes|req|ops|px|em|rem|pt|percent|points?)$/;

/** Whether digits around a point are an amount, as in `2.5 s` or `± 0.1`, and no version. */
function isAmount(raw: string, before: string | undefined, after: string | undefined): boolean {
  if (!/^\d+\.\d+$/.test(raw)) return false;
  return (
    /^0\.0|^\d{3,}\.|\.\d{3,}$/.test(raw) ||
    (before !== undefined && /^[±~≈<>=+$€*/-]$/.test(before)) ||
    (after !== undefined && units.test(after))
  );
}

function isAsciiLetter(code: number): boolean {
  return (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a);
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

/** Whether letters or digits are a token of their own before the sign that stands here, whatever follows it. */
function endsWord(text: string, at: number, end: number, code: number): boolean {
  if (code >= 0x80) return false;
  const sign = signOf[code] ?? 0;
  return (sign & signs.ends) !== 0 || ((sign & signs.endsBeforeBlank) !== 0 && (at + 1 === end || text.charCodeAt(at + 1) === 0x20));
}

/** Text without blanks between words: two signs a token, senses by the longest word that may begin there. */
function ideographs(text: string): Token[] {
  return Array.from({ length: text.length }, (_, at) => ({
    kind: kinds.foreign,
    raw: text.slice(at, at + 2),
    text: text.slice(at, at + 2),
    hash: hashOf(text.slice(at, at + 2)),
    form: formOf(kinds.foreign, ''),
    senses: sensesOf(text.slice(at, at + 6)),
  }));
}

function tokenOf(raw: string, own: ReadonlySet<string>): Token {
  const text = raw.toLowerCase();
  const first = raw.charCodeAt(0);
  const isLetter = first >= 0x61 && first <= 0x7a;
  // Most tokens are common words in lower case.
  const cluster = isLetter || (first >= 0x41 && first <= 0x5a) ? clusterOf(text) : undefined;
  if (cluster !== undefined && isLetter && !own.has(text) && !otherSoftware.has(text))
    return { kind: kinds.word, raw, text, hash: hashOf(text), form: cluster, senses: sensesOf(text) };
  const kind = kindOf(raw, text, first, cluster, own);
  if (kind !== kinds.word) return { kind, raw, text, hash: hashOf(text), form: formOf(kind, text), senses: sensesOf(text) };
  const stem = text.replace(/[’']s$/, '');
  const tail = text.slice(text.lastIndexOf('-') + 1);
  const senses = sensesOf(text);
  return {
    kind,
    raw,
    text,
    hash: hashOf(text),
    form: cluster ?? clusterOf(stem) ?? clusterOf(tail) ?? formOf(kind, text),
    senses: senses.length > 0 ? senses : sensesOf(tail),
  };
}

function kindOf(raw: string, text: string, first: number, cluster: number | undefined, own: ReadonlySet<string>): number {
  if (first === 0x60) return own.has(text.slice(1, -1)) ? kinds.own : kinds.code;
  if (/^v?\d+\.|^v\d+$/.test(text)) return kinds.version;
  if (first >= 0x30 && first <= 0x39) {
    if (/^(?:19|20)\d\d$/.test(text)) return kinds.year;
    return isHash(text) ? kinds.hash : kinds.number;
  }
  if (/^(?:#\d|gh-\d|[a-z][a-z0-9]+-(?:\d|xx))/.test(text)) return kinds.ticket;
  if (!/\p{L}/u.test(text)) return kinds.mark;
  if (isHash(text)) return kinds.hash;
  const stem = text.replace(/[’']s$/, '');
  if (own.has(stem) || own.has(stem.replaceAll('-', '')) || isShortFor(raw, own)) return kinds.own;
  if (otherSoftware.has(stem)) return kinds.other;
  if (/[._$/()#]|::|->|[a-z][A-Z]|^[A-Z]{2,}[a-z]/.test(raw)) return kinds.identifier;
  if ((cluster ?? clusterOf(stem)) !== undefined) return kinds.word;
  if (text.includes('-') && clusterOf(text.slice(text.lastIndexOf('-') + 1)) !== undefined) return kinds.word;
  if (/[^\x20-\x7e’]/.test(text)) return kinds.foreign;
  if (first >= 0x41 && first <= 0x5a) return kinds.name;
  return /\d/.test(text) ? kinds.identifier : kinds.handle;
}

function formOf(kind: number, text: string): number {
  return clusters() + 2 * kind + (/[’']s$/.test(text) ? 1 : 0);
}

function hashOf(text: string): number {
  let value = firstHash;
  for (let at = 0; at < text.length; at += 1) value = nextHash(value, text.charCodeAt(at));
  return value;
}

function isHash(text: string): boolean {
  return /^(?=.*\d)(?=.*[a-f])[0-9a-f]{7,40}$/.test(text);
}

/** Whether letters are a short form of the project's name, as ORT of onnxruntime. */
function isShortFor(raw: string, own: ReadonlySet<string>): boolean {
  if (!/^(?:[A-Z]{2,4}|[a-z]{2,3})$/.test(raw)) return false;
  const letters = raw.toLowerCase();
  if (letters === raw && clusterOf(raw) !== undefined) return false;
  for (const name of own) if (name.length > letters.length + 2 && beginsWithin(letters, name)) return true;
  return false;
}

/** Whether the letters stand in a name in their order, the first at its beginning. */
function beginsWithin(letters: string, name: string): boolean {
  if (letters[0] !== name[0]) return false;
  let at = 0;
  for (const letter of name) if (letter === letters[at]) at += 1;
  return at === letters.length;
}
