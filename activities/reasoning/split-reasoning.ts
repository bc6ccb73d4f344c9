import type { Mode } from '../../schemas/names.ts';

/** The visible text of a reply and its reasoning. */
export interface SplitReply {
  content: string;
  reasoning: string;
  /** The text held reasoning other than that of the field. */
  differs: boolean;
}

/**
 * Separates reasoning from the visible text of a reply, whichever way it came: in a field of its own, inline between
 * `<think>` tags, with only the closing tag (the opening one was in the prompt), or as field and inline copy. Tags later
 * in the text are the model's words about tags and stay.
 *
 * With a mode it is a reply just received: all reasoning is put together, and a block that was never closed counts.
 * `unknown` is for replies that other tools recorded: a copy is dropped, two texts that differ stay where they are, and
 * a lone closing tag must stand on a line of its own.
 */
export function splitReasoning(content: string, field: string, mode: Mode | 'unknown'): SplitReply {
  return mode === 'unknown' ? splitRecorded(content, field) : splitReceived(content, field.trim(), mode);
}

function splitReceived(content: string, field: string, mode: Mode): SplitReply {
  const block = inlineBlock(content);
  if (block === undefined || (block.opening === 'left out' && !isReasoning(block.thought.trim(), field, mode))) {
    return { content, reasoning: field, differs: false };
  }
  const thought = block.thought.trim();
  const visible = { content: block.rest };
  if (thought === '' || field.includes(thought)) return { ...visible, reasoning: field, differs: false };
  if (field === '' || thought.includes(field)) return { ...visible, reasoning: thought, differs: field !== '' };
  return { ...visible, reasoning: `${field}\n\n${thought}`, differs: true };
}

/** Whether the text before a lone closing tag is reasoning, and not a sentence that names the tag. */
function isReasoning(before: string, field: string, mode: Mode): boolean {
  return field === '' ? mode === 'think' || before === '' : field.endsWith(before);
}

function splitRecorded(content: string, field: string): SplitReply {
  // Converters without a reasoning field at hand fill it with the text.
  if (field !== '' && field.trim() === content.trim()) return { content, reasoning: '', differs: false };
  const block = inlineBlock(content);
  const stays = block === undefined || !block.closed || (block.opening === 'left out' && !block.closesOnOwnLine);
  if (stays) return { content, reasoning: field, differs: false };
  const thought = block.thought.trim();
  if (field.trim() === '') return { content: block.rest, reasoning: thought, differs: false };
  return field.trim() === thought
    ? { content: block.rest, reasoning: field, differs: false }
    : { content, reasoning: field, differs: true };
}

interface InlineBlock {
  thought: string;
  /** What follows, without the blank lines in between; its indentation stays. */
  rest: string;
  opening: 'there' | 'left out';
  closed: boolean;
  closesOnOwnLine: boolean;
}

const closingTag = '</think>';

/** The reasoning at the beginning of a text. */
function inlineBlock(content: string): InlineBlock | undefined {
  const opened = /^\s*<think>/.exec(content);
  const start = opened?.[0].length ?? 0;
  const end = content.indexOf(closingTag);
  if (end === -1) {
    if (opened === null) return undefined;
    return { thought: content.slice(start), rest: '', opening: 'there', closed: false, closesOnOwnLine: false };
  }
  const thought = content.slice(start, end);
  if (opened === null && thought.includes('<think>')) return undefined;
  return {
    thought,
    rest: content.slice(end + closingTag.length).replace(/^\s*\n/, ''),
    opening: opened === null ? 'left out' : 'there',
    closed: true,
    closesOnOwnLine: /^\n?<\/think>[ \t]*(\n|$)/.test(content.slice(Math.max(0, end - 1))),
  };
}
