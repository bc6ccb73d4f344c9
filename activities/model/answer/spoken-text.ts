import { textOf } from './text-of.ts';
import type { Block, WireMessage } from './wire.ts';

/** Content of a message, text and thinking told apart. */
export interface Spoken {
  text: string;
  /** Parts that hold thinking, as they came. */
  thinking: Block[];
}

/** Reads content that is a text or a list of parts; a refusal is said in place of content. */
export function spokenIn({ content, refusal }: WireMessage): Spoken {
  if (typeof content === 'string' || content === null || content === undefined) return { text: content || refusal || '', thinking: [] };
  const thinking: Block[] = [];
  let text = '';
  for (const part of content) {
    if (typeof part === 'string') text += part;
    else if (part['type'] === 'thinking' || part['type'] === 'reasoning') thinking.push(part);
    else text += textOf(part['text'] ?? part['refusal']);
  }
  return { text, thinking };
}
