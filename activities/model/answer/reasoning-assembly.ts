import type { ReasoningBlocks, ReasoningForm } from '../../../schemas/reasoning-form.ts';
import { BlockAssembly } from './block-assembly.ts';
import { TextPieces } from './text-pieces.ts';
import type { Block, WireMessage } from './wire.ts';

/** Puts the reasoning of a reply together, from whichever fields the server fills. Those that fill several fill them with the same text. */
export class ReasoningAssembly {
  readonly #texts = {
    reasoning_content: new TextPieces(),
    reasoning: new TextPieces(),
    reasoning_text: new TextPieces(),
    thinking: new TextPieces(),
  };
  readonly #lists = { reasoning_details: new BlockAssembly(), thinking_blocks: new BlockAssembly(), thinking_parts: new BlockAssembly() };

  /** `parts`: the parts of the message's content that hold thinking. */
  add(message: WireMessage, parts: readonly Block[]): void {
    this.#texts.reasoning_content.add(message.reasoning_content);
    this.#texts.reasoning.add(message.reasoning);
    this.#texts.reasoning_text.add(message.reasoning_text);
    this.#texts.thinking.add(message.thinking);
    this.#lists.reasoning_details.add(message.reasoning_details ?? []);
    this.#lists.thinking_blocks.add(message.thinking_blocks ?? []);
    this.#lists.thinking_parts.add(parts);
  }

  get text(): string {
    const said = [...Object.values(this.#texts), ...Object.values(this.#lists)].find(({ text }) => text !== '');
    return said?.text.toWellFormed() ?? '';
  }

  /**
   * The richest form in which it came: blocks may hold signatures beside their text. `inline` where no field has any, so that it
   * stood in the content.
   */
  get form(): ReasoningForm {
    const list = this.#list;
    if (list !== undefined) return list;
    const { reasoning_content, reasoning } = this.#texts;
    if (reasoning_content.joined !== '' && reasoning.joined !== '') return 'both_fields';
    if (reasoning.joined !== '') return 'reasoning';
    return this.text === '' ? 'inline' : 'reasoning_content';
  }

  /** The blocks of that form put together; undefined where they hold nothing but their text. */
  get blocks(): ReasoningBlocks | undefined {
    const list = this.#list;
    const blocks = list === undefined || list === 'thinking_parts' ? [] : this.#lists[list].blocks;
    return blocks.some((block) => Object.entries(block).some(([key, value]) => !plain.has(key) && value !== null)) ? blocks : undefined;
  }

  get #list(): (typeof listNames)[number] | undefined {
    return listNames.find((name) => this.#lists[name].blocks.length > 0);
  }
}

const listNames = ['reasoning_details', 'thinking_blocks', 'thinking_parts'] as const;

/** Fields of a block that its text tells. */
const plain: ReadonlySet<string> = new Set(['type', 'index', 'text', 'summary', 'thinking', 'reasoning', 'content']);
