import type { AssistantMessage, Message, ToolDefinition } from '../../schemas/message.ts';
import { Problem } from '../../schemas/problem.ts';
import type { StudentBase } from '../../schemas/student.ts';
import type { BaseForm } from './base-form.ts';
import { baseForms } from './base-forms.ts';
import type { Conversation, Rendered } from './conversation.ts';
import { harmless } from './harmless-text.ts';
import { withModeTrigger } from './mode-trigger.ts';

/**
 * A conversation as the student reads it in training, whole and with the trigger of its mode: the text that the base's
 * chat template gives. This is the template once more as functions, since interpreting it costs more than counting its
 * tokens; tests hold the two together, here and with Python's. Throws `Problem`
 * arguments_not_object for a call whose arguments cannot be read, lone_surrogate for text that has no bytes; `textFaults`
 * names such rows beforehand.
 */
export function renderConversation(base: StudentBase, { messages: said, tools, mode }: Conversation): Rendered {
  const form = baseForms[base];
  const messages = withModeTrigger(said, mode);
  const prompt = messages[0]?.role === 'system' ? messages[0] : undefined;
  const trained: [number, number][] = [];
  let text = system(prompt?.content, tools, form);
  messages.forEach((message, index) => {
    if (message === prompt) return;
    if (message.role === 'assistant') {
      const { masked, learned } = assistantTurn(message, form);
      text += masked;
      trained.push([text.length, text.length + learned.length]);
      text += `${learned}\n`;
    } else if (message.role === 'tool') {
      text += observation(message.content, form, messages[index - 1], messages[index + 1]);
    } else {
      text += `<|im_start|>${message.role}\n${harmless(message.content)}<|im_end|>\n`;
    }
  });
  if (!text.isWellFormed()) {
    throw new Problem('lone_surrogate', 'a message holds half a character (a lone surrogate), which has no bytes', {
      hint: 'leave the row out of training',
    });
  }
  return { text, trained };
}

function system(prompt: string | undefined, tools: readonly ToolDefinition[], form: BaseForm): string {
  if (prompt === undefined && tools.length === 0) return '';
  const before = prompt === undefined ? '' : harmless(prompt);
  if (tools.length === 0) return `<|im_start|>system\n${before}<|im_end|>\n`;
  return `<|im_start|>system\n${before}${before === '' ? '' : '\n\n'}${form.tools(tools)}<|im_end|>\n`;
}

function assistantTurn(message: AssistantMessage, form: BaseForm & { opensThinking: boolean }): { masked: string; learned: string } {
  const reasoning = unpadded(message.reasoning_content ?? '');
  const said = unpadded(message.content);
  let learned = reasoning === '' ? '' : `${form.opensThinking ? '' : '<think>\n'}${reasoning}\n</think>\n\n`;
  learned += said;
  message.tool_calls?.forEach((call, index) => {
    if (index > 0) learned += '\n';
    else if (said !== '') learned += form.beforeCalls;
    learned += form.call(call.function);
  });
  const masked = `<|im_start|>assistant\n${reasoning !== '' && form.opensThinking ? '<think>\n' : ''}`;
  return { masked, learned: `${learned}<|im_end|>` };
}

function observation(content: string, form: BaseForm, before: Message | undefined, after: Message | undefined): string {
  const start = before?.role === 'tool' ? '' : form.observations.start;
  const end = after?.role === 'tool' ? '' : form.observations.end;
  return `${start}${form.observation(harmless(content))}${end}`;
}

/** A text without the line ends around it, of which the template takes off so many at most. */
function unpadded(text: string): string {
  let start = 0;
  while (start < mostLineEnds && text[start] === '\n') start += 1;
  let end = text.length;
  while (end > start && text.length - end < mostLineEnds - start && text[end - 1] === '\n') end -= 1;
  return text.slice(start, end);
}

const mostLineEnds = 1000;
