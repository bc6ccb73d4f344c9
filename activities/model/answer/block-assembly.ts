import { textOf } from './text-of.ts';
import { TextPieces } from './text-pieces.ts';
import type { Block } from './wire.ts';

/** Fields of blocks whose text comes in pieces. */
const spoken = ['text', 'summary', 'thinking', 'reasoning', 'content'] as const;

interface OpenBlock {
  /** All but the spoken text; what came last, where it came again. */
  rest: Block;
  field: (typeof spoken)[number] | undefined;
  text: TextPieces;
}

/** A repeated text of so few characters is no chance in a list of reasoning. */
const telling = 5;

/** Puts blocks of reasoning together that a stream sends in pieces: those of one index, or one after the other of one kind. */
export class BlockAssembly {
  readonly #blocks: OpenBlock[] = [];

  add(blocks: readonly Block[]): void {
    for (const block of blocks) {
      const field = spoken.find((name) => block[name] !== undefined && block[name] !== null);
      const text = field === undefined ? '' : textOf(block[field]);
      const open = this.#open(block) ?? this.#begin();
      const { [field ?? '']: _, ...rest } = block;
      for (const [key, value] of Object.entries(rest)) {
        if ((value !== null && value !== undefined && value !== '') || !(key in open.rest)) open.rest[key] = value;
      }
      open.field ??= field;
      open.text.add(text);
    }
  }

  /** All that the blocks say; what is encrypted says nothing. */
  get text(): string {
    return this.#blocks.map(({ text }) => text.text).join('');
  }

  /** The blocks as a whole answer would hold them. */
  get blocks(): Block[] {
    return this.#blocks.map(({ rest, field, text }) => (field === undefined ? rest : { ...rest, [field]: text.text }));
  }

  /** The block that this one goes on with: a piece names the same kind, and neither another index nor another id. */
  #open(block: Block): OpenBlock | undefined {
    const candidates =
      typeof block['index'] === 'number' ? this.#blocks.filter(({ rest }) => rest['index'] === block['index']) : this.#blocks;
    const latest = candidates.at(-1);
    if (latest === undefined || latest.rest['type'] !== block['type'] || 'data' in block) return undefined;
    const [one, other] = [latest.rest['id'], block['id']];
    return one === other || isMissing(one) || isMissing(other) ? latest : undefined;
  }

  #begin(): OpenBlock {
    const block = { rest: {}, field: undefined, text: new TextPieces(telling) };
    this.#blocks.push(block);
    return block;
  }
}

function isMissing(value: unknown): boolean {
  return value === undefined || value === null || value === '';
}
