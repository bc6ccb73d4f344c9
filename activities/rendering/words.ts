import type { Tokenizer } from '@huggingface/tokenizers';

/** Ids of the pieces that a word falls into. */
export type WordIds = readonly number[];

/**
 * The expression by which Qwen3's tokenizer splits a text into words, none of which shares a token with another. `\s`
 * of the tokenizer is the Unicode property, which has other members than JavaScript's.
 */
export const wordPattern =
  /'(?:[sS]|[tT]|[rR][eE]|[vV][eE]|[mM]|[lL][lL]|[dD])|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\p{White_Space}\p{L}\p{N}]+[\r\n]*|\p{White_Space}*[\r\n]+|\p{White_Space}+(?!\P{White_Space})|\p{White_Space}+/gu;

/** Words seen before are looked up; the others go through the library's merges. */
export class Words {
  readonly #model: NonNullable<Tokenizer['model']>;
  readonly #known = new Map<string, WordIds>();

  constructor(model: NonNullable<Tokenizer['model']>) {
    this.#model = model;
  }

  ids(word: string): WordIds {
    const known = this.#known.get(word);
    if (known !== undefined) return known;
    const ids = this.#model.encode([asByteSigns(word)]).map((piece: string) => this.#idOf(piece));
    if (word.length <= longestKept) {
      if (this.#known.size >= mostKept) this.#known.clear();
      this.#known.set(word, ids);
    }
    return ids;
  }

  /** Bytes of text that a token stands for. */
  bytesOf(id: number): number {
    return this.#model.vocab[id]?.length ?? 0;
  }

  #idOf(piece: string): number {
    const id = this.#model.tokens_to_ids.get(piece);
    if (id === undefined) throw new Error(`the tokenizer has no id for ${JSON.stringify(piece)}`);
    return id;
  }
}

const longestKept = 40;
const mostKept = 200_000;

/** One printable character for each byte, the alphabet of byte-level vocabularies: printable bytes stand for themselves. */
const byteSigns = Array.from({ length: 256 }, (_, byte) => byte).reduce<{ signs: string[]; next: number }>(
  ({ signs, next }, byte) => {
    const printable = (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae;
    signs.push(String.fromCharCode(printable ? byte : next));
    return { signs, next: printable ? next : next + 1 };
  },
  { signs: [], next: 0x100 },
).signs;

function asByteSigns(word: string): string {
  let text = '';
  for (const byte of Buffer.from(word, 'utf8')) text += byteSigns[byte] ?? '';
  return text;
}
