import { Template } from '@huggingface/jinja';
import type { Message } from '../../schemas/message.ts';
import type { StudentBase } from '../../schemas/student.ts';
import { canonicalArguments } from './canonical-arguments.ts';
import { chatTemplate } from './chat-template.ts';
import type { Conversation, Rendered } from './conversation.ts';
import { withModeTrigger } from './mode-trigger.ts';

/**
 * A conversation as the student reads it in training, whole and with the trigger of its mode. Throws `Problem`
 * arguments_not_object for a call whose arguments cannot be read; `textFaults` names such rows beforehand.
 */
export function renderConversation(base: StudentBase, { messages, tools, mode }: Conversation): Rendered {
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

/** A lone surrogate: no text of a row may have one, so it cannot be taken for anything else. */
const mark = '\ud800';

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
