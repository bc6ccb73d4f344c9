import { sensesOf } from './lexicon.ts';
import { otherSoftware } from './other-software.ts';
import { clusterOf, clusters } from './vocabulary.ts';

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

/** Reads sentences of one project's trajectory; words that come again are looked up, not read again. */
export class Tokenizer {
  readonly #own: ReadonlySet<string>;
  readonly #known = new Map<string, Token>();

  /** `own` are the names by which the task's project goes. */
  constructor(own: ReadonlySet<string>) {
    this.#own = own;
  }

  tokens(sentence: string): Token[] {
    const tokens: Token[] = [];
    const plain = ascii.test(sentence);
    let common = 0;
    let uncommon = 0;
    let versions = 0;
    for (const raw of rawTokens(sentence)) {
      if (!plain && ideograph.test(raw)) {
        for (const part of raw.match(scripts) ?? []) {
          if (ideograph.test(part)) tokens.push(...ideographs(part));
          else {
            const token = this.#token(part);
            if (token.kind === kinds.version) versions += 1;
            tokens.push(token);
          }
        }
        continue;
      }
      const token = this.#token(raw);
      tokens.push(token);
      if (token.kind === kinds.word) common += 1;
      else if (token.kind === kinds.handle || token.kind === kinds.name || token.kind === kinds.foreign) uncommon += 1;
      else if (token.kind === kinds.version) versions += 1;
    }
    for (let at = 0; versions > 0 && at < tokens.length; at += 1) {
      const token = tokens[at];
      if (token?.kind === kinds.version && isAmount(token.raw, tokens[at - 1]?.raw, tokens[at + 1]?.text))
        tokens[at] = as(kinds.number, token);
    }
    // In other languages than English most words are uncommon; then they are no people's handles.
    return uncommon > 4 && uncommon > common
      ? tokens.map((token) => (token.kind === kinds.handle ? as(kinds.foreign, token) : token))
      : tokens;
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

/** What the pattern finds, with the usual case, an English word and what ends it, read by hand. */
function rawTokens(sentence: string): string[] {
  const found: string[] = [];
  let at = 0;
  while (at < sentence.length) {
    const code = sentence.charCodeAt(at);
    if (code <= 0x20) {
      at += 1;
      continue;
    }
    let end = at;
    while (end < sentence.length && isAsciiLetter(sentence.charCodeAt(end))) end += 1;
    if (end > at && endsWord(sentence, end)) {
      found.push(sentence.slice(at, end));
      at = end;
      continue;
    }
    pattern.lastIndex = at;
    const match = pattern.exec(sentence);
    if (match === null) break;
    found.push(match[0]);
    at = pattern.lastIndex;
  }
  return found;
}

function isAsciiLetter(code: number): boolean {
  return (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a);
}

/** Whether a blank, or a comma, colon, stop and the like before a blank, stands here. */
function endsWord(text: string, at: number): boolean {
  if (at === text.length) return true;
  const code = text.charCodeAt(at);
  if (code === 0x20 || code === 0x2c || code === 0x3b || code === 0x21 || code === 0x3f || code === 0x29) return true;
  return (code === 0x2e || code === 0x3a) && (at + 1 === text.length || text.charCodeAt(at + 1) === 0x20);
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

/** FNV-1a. */
function hashOf(text: string): number {
  let value = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193);
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
