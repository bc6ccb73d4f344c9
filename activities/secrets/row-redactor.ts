import type { PrivateKind } from '../../schemas/private-text.ts';
import { findPrivate } from './find-private.ts';
import type { Hit } from './hit.ts';
import { mapJsonStrings } from './json-strings.ts';

/**
 * Replaces what should not be published in the texts of one row, by kind. The same thing gets the same replacement all over the row, so
 * that what an agent read and what it then wrote still fit each other. Replacements are made of the order in which things come, never of
 * the things themselves, and none of them is found again.
 */
export class RowRedactor {
  readonly #kinds: ReadonlySet<PrivateKind>;
  readonly #replacements = new Map<string, string>();
  readonly #numbers = new Map<string, number>();
  readonly #replaced = new Map<PrivateKind, number>();

  constructor(kinds: readonly PrivateKind[]) {
    this.#kinds = new Set(kinds);
  }

  /** How many places of each kind were replaced by now. */
  get replaced(): ReadonlyMap<PrivateKind, number> {
    return this.#replaced;
  }

  text(text: string): string {
    const hits = findPrivate(text).filter(({ kind }) => this.#kinds.has(kind));
    if (hits.length === 0) return text;
    let [redacted, from] = ['', 0];
    for (const hit of hits) {
      redacted += text.slice(from, hit.start) + this.#replacementOf(hit, text.slice(hit.start, hit.end));
      from = hit.end;
      this.#replaced.set(hit.kind, (this.#replaced.get(hit.kind) ?? 0) + 1);
    }
    return redacted + text.slice(from);
  }

  json(text: string): string {
    return mapJsonStrings(text, (string) => this.text(string));
  }

  #replacementOf({ kind, what }: Hit, value: string): string {
    const name = `${kind} ${what} ${value}`;
    const known = this.#replacements.get(name);
    if (known !== undefined) return known;
    const sort = kind === 'secrets' ? what : kind;
    const number = (this.#numbers.get(sort) ?? 0) + 1;
    this.#numbers.set(sort, number);
    const replacement = sameLines(value, nameless(kind, what, number));
    this.#replacements.set(name, replacement);
    return replacement;
  }
}

/** A word that stands for the thing and keeps what surrounds it readable: addresses stay addresses, paths stay paths. */
function nameless(kind: PrivateKind, what: string, number: number): string {
  switch (kind) {
    case 'emails':
      return `redacted-${number}@example.com`;
    case 'home_folders':
      return number === 1 ? 'user' : `user-${number}`;
    case 'high_entropy':
      return `REDACTED_value_${number}`;
    case 'secrets':
      return `REDACTED_${what}_${number}`;
  }
}

/** As many lines as before, each with the sign of a diff that it had, so that the numbers of a patch stay right. */
function sameLines(value: string, word: string): string {
  const [, ...rest] = value.split('\n');
  return [word, ...rest.map((line) => /^[+\- ]/.exec(line)?.[0] ?? '')].join('\n');
}
