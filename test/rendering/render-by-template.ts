import { Template } from '@huggingface/jinja';
import type { Message } from '../../schemas/message.ts';
import type { StudentBase } from '../../schemas/student.ts';
import { canonicalArguments } from '../../activities/rendering/canonical-arguments.ts';
import { chatTemplate } from '../../activities/rendering/chat-template.ts';
import type { Conversation, Rendered } from '../../activities/rendering/conversation.ts';
import { withModeTrigger } from '../../activities/rendering/mode-trigger.ts';

/** A conversation by the template file itself, interpreted; the templates' generation tags say what is trained. */
export function renderByTemplate(base: StudentBase, { messages, tools, mode }: Conversation): Rendered {
  const marked = compiled(base).render({ messages: withModeTrigger(messages, mode).map(forTemplate), tools, add_generation_prompt: false });
  return withoutMarks(marked);
}

const templates = new Map<StudentBase, Template>();

/** The template with its generation tags as marks in the text, which say what is trained. */
function compiled(base: StudentBase): Template {
  const known = templates.get(base);
  if (known !== undefined) return known;
  const { text } = chatTemplate(base);
  const template = new Template(text.replaceAll(/\{%- (?:end)?generation -%\}/g, `{{- '${mark}' -}}`));
  templates.set(base, template);
  return template;
}

/** Two first halves of characters: no well-formed text has them. */
const mark = '\ud800\ud800';

function withoutMarks(marked: string): Rendered {
  const parts = marked.split(mark);
  const trained: [number, number][] = [];
  let length = 0;
  parts.forEach((part, index) => {
    if (index % 2 === 1) trained.push([length, length + part.length]);
    length += part.length;
  });
  return { text: parts.join(''), trained };
}

function forTemplate(message: Message): object {
  if (message.role !== 'assistant' || message.tool_calls === undefined) return message;
  const calls = message.tool_calls.map(({ function: called }) => ({
    function: { name: called.name, arguments: canonicalArguments(called.arguments) },
  }));
  return { ...message, tool_calls: calls };
}
