/** A reply's visible text and reasoning, and whether an inline copy of the reasoning differed from the field. */
export interface SeparatedThinking {
  content: string;
  reasoning: string;
  differed: boolean;
}

/**
 * Takes a leading `<think>` block out of a reply's text: servers leave it there instead of, or beside, the reasoning
 * field. An equal copy is dropped, a lone one moved; two that differ are both kept where they are.
 */
export function separateThinking(content: string, field: string): SeparatedThinking {
  // Converters without a reasoning field at hand fill it with the text.
  if (field !== '' && field.trim() === content.trim()) return { content, reasoning: '', differed: false };
  const inline = inlineBlock(content);
  if (inline === null) return { content, reasoning: field, differed: false };
  const thought = inline.thought.trim();
  if (field.trim() !== '' && field.trim() !== thought) return { content, reasoning: field, differed: true };
  return { content: inline.rest, reasoning: field.trim() === '' ? thought : field, differed: false };
}

function inlineBlock(content: string): { thought: string; rest: string } | null {
  const end = content.indexOf('</think>');
  if (end === -1) return null;
  const opened = /^\s*<think>/.exec(content);
  // Without the opening tag the closing one may just be quoted, unless it stands on a line of its own.
  if (
    opened === null &&
    (content.slice(0, end).includes('<think>') || !/^\n?<\/think>[ \t]*(\n|$)/.test(content.slice(Math.max(0, end - 1))))
  ) {
    return null;
  }
  return {
    thought: content.slice(opened?.[0].length ?? 0, end),
    rest: content.slice(end + '</think>'.length).replace(/^\s*\n/, ''),
  };
}
