import type { Voice } from './spoken-passages.ts';
import { kinds, type Token } from './tokens.ts';

/** What the classifier sees of a sentence besides its own words. */
export interface SentenceContext {
  where: Voice;
  before: readonly Token[];
  after: readonly Token[];
}

/** Features are places in a table of this many weights. */
export const tableSize = 1 << 17;

const voices: Record<Voice, number> = { reasoning: 0, reply: 1, think_call: 2, commit_message: 3, code_comment: 4 };
const anchorKinds =
  (1 << kinds.version) |
  (1 << kinds.ticket) |
  (1 << kinds.hash) |
  (1 << kinds.year) |
  (1 << kinds.own) |
  (1 << kinds.name) |
  (1 << kinds.handle) |
  (1 << kinds.other);
const namedKinds =
  (1 << kinds.version) | (1 << kinds.ticket) | (1 << kinds.hash) | (1 << kinds.year) | (1 << kinds.name) | (1 << kinds.handle);
const telling = anchorKinds | (1 << kinds.code) | (1 << kinds.identifier) | (1 << kinds.foreign);
/** Anchors are numbered behind the senses of the lexicon. */
const anchorSense = 64;

/** Takes places in the table as they are found. A place that comes again counts once. */
export interface Places {
  add(place: number): unknown;
}

/** More features than this a sentence never has; further ones are left out. */
export const mostFeatures = 8_192;

/** Places of a sentence's features in the table, each once: what the classifier learns from. */
export function featuresOf(tokens: readonly Token[], context: SentenceContext): Int32Array {
  const found = new Set<number>();
  addOwn(tokens, context, found);
  addNeighbours(context, found);
  return Int32Array.from(found).subarray(0, mostFeatures);
}

/** The features of a sentence by itself. */
export function addOwn(tokens: readonly Token[], context: SentenceContext, found: Places): void {
  addWords(tokens, found);
  addSenses(tokens, found);
  addWhole(tokens, context, found);
}

/** The features of the sentences before and after it. */
export function addNeighbours({ before, after }: SentenceContext, found: Places): void {
  for (const { form, senses } of before) {
    found.add(neighbourPlaces.before.form(form));
    for (const sense of senses) found.add(neighbourPlaces.before.sense(sense));
  }
  for (const { form, senses } of after) {
    found.add(neighbourPlaces.after.form(form));
    for (const sense of senses) found.add(neighbourPlaces.after.sense(sense));
  }
}

/** Where the forms and senses of neighbouring sentences stand in the table. */
export const neighbourPlaces = {
  before: { form: (form: number) => place(40, form, 0, 0), sense: (sense: number) => place(41, sense, 0, 0) },
  after: { form: (form: number) => place(42, form, 0, 0), sense: (sense: number) => place(43, sense, 0, 0) },
};

/** The kinds of names and numbers of which it counts whether they were shown before. */
export const kindsLookedUp: readonly number[] = Object.values(kinds).filter((kind) => has(namedKinds, kind));

/** Where it stands in the table whether names or numbers of a kind were shown before. */
export function knownPlace(kind: number, known: boolean): number {
  return place(50, kind, known ? 1 : 0, 0);
}

/**
 * Further features: of each kind of name and number, whether one of the sentence stands in the prompt, the task or earlier
 * outputs, and whether one does not. Apart, since looking takes long.
 */
export function knownFeatures(tokens: readonly Token[], isKnown: (text: string) => boolean): number[] {
  const found = new Set<number>();
  for (const { kind, raw } of tokens) if (has(namedKinds, kind)) found.add(knownPlace(kind, isKnown(bare(raw))));
  return [...found];
}

/** The features with those that {@link knownFeatures} adds. */
export function withKnown(features: Int32Array, tokens: readonly Token[], isKnown: (text: string) => boolean): Int32Array {
  return Int32Array.from([...features, ...knownFeatures(tokens, isKnown)]);
}

/** A name or number as other texts may hold it: without a possessive, a `v` in front, or stops behind. */
export function bare(text: string): string {
  return text
    .replace(/[’']s$/, '')
    .replace(/[.,+-]+$/, '')
    .replace(/^v(?=\d)/i, '');
}

/** Words, their forms, neighbouring forms, and what stands around names and versions. */
function addWords(tokens: readonly Token[], found: Places): void {
  let last = -1;
  for (let at = 0; at < tokens.length; at += 1) {
    const token = tokens[at];
    if (token === undefined) continue;
    const { hash, form, kind } = token;
    found.add(place(1, hash, 0, 0));
    found.add(place(2, form, 0, 0));
    found.add(place(3, last, form, 0));
    last = form;
    if (!has(anchorKinds, kind)) continue;
    for (let other = Math.max(0, at - 8); other < at + 9 && other < tokens.length; other += 1)
      if (other !== at) found.add(place(other < at ? 4 : 5, form, tokens[other]?.form ?? 0, 0));
  }
}

/** Meanings by the lexicon, with names, versions and the like among them: alone, in pairs and in threes. */
function addSenses(tokens: readonly Token[], found: Places): void {
  const said: { sense: number; at: number }[] = [];
  for (let at = 0; at < tokens.length; at += 1) {
    const token = tokens[at];
    if (token === undefined) continue;
    const { senses: meant, kind } = token;
    for (const sense of meant) said.push({ sense, at });
    if (has(anchorKinds, kind)) said.push({ sense: anchorSense + kind, at });
    if (said.length > 40) break;
  }
  for (let first = 0; first < said.length; first += 1) {
    const one = said[first];
    if (one === undefined) continue;
    found.add(place(10, one.sense, 0, 0));
    for (let second = first + 1; second < said.length; second += 1) {
      const two = said[second];
      if (two === undefined || two.at === one.at) continue;
      found.add(place(11, one.sense, two.sense, 0));
      if (two.at - one.at <= 3) found.add(place(12, one.sense, two.sense, 0));
      for (let third = second + 1; third < said.length; third += 1) {
        const three = said[third];
        if (three === undefined || three.at - one.at > 10) break;
        if (three.at !== two.at) found.add(place(13, one.sense, two.sense, three.sense));
      }
    }
  }
}

/** What the sentence is as a whole, and where it stands. */
function addWhole(tokens: readonly Token[], { where, before, after }: SentenceContext, found: Places): void {
  let present = 0;
  for (const { kind } of tokens) present |= 1 << kind;
  present &= telling;
  for (let one = 0; one < 14; one += 1) {
    if (!has(present, one)) continue;
    found.add(place(30, one, one, 0));
    for (let two = one + 1; two < 14; two += 1) if (has(present, two)) found.add(place(30, one, two, 0));
  }
  found.add(place(31, voices[where], 0, 0));
  found.add(place(32, Math.min(6, Math.floor(Math.sqrt(tokens.length))), 0, 0));
  found.add(place(33, tokens.at(-1)?.hash ?? 0, 0, 0));
  found.add(place(34, before.length === 0 ? 1 : 0, after.length === 0 ? 1 : 0, 0));
}

function has(set: number, kind: number): boolean {
  return (set & (1 << kind)) !== 0;
}

/** A place for up to three numbers of one group of features. */
function place(group: number, one: number, two: number, three: number): number {
  let value = Math.imul(group + 1, 0x9e3779b1);
  value = Math.imul(value ^ one ^ (value >>> 15), 0x85ebca6b);
  value = Math.imul(value ^ two ^ (value >>> 13), 0xc2b2ae35);
  value = Math.imul(value ^ three ^ (value >>> 16), 0x2c1b3c6d);
  return (value ^ (value >>> 15)) & (tableSize - 1);
}
