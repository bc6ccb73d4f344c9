import { z } from 'zod';
import type { Mode } from '../../../schemas/names.ts';
import { messageOf } from '../../../schemas/problem.ts';
import type { Reply } from '../../../schemas/turn.ts';
import type { SettingNames } from './settings-names.ts';

/** What is wrong with an answer, as the code of the problem that it becomes. */
export interface Fault {
  code:
    | 'endpoint_without_tools'
    | 'endpoint_tool_parser'
    | 'endpoint_argument_types'
    | 'endpoint_without_reasoning'
    | 'endpoint_reasons_unasked'
    | 'endpoint_drops_reasoning';
  detail: string;
  hint: string;
}

const Arguments = z.object({ path: z.string(), first: z.int(), last: z.int(), numbered: z.boolean() });

/** How a call looks that the server left in the text. */
const callInText = /<tool_call>|<function=|<minimax:tool_call>|<\|tool_calls?_|<｜tool▁calls?|\[TOOL_CALLS\]|"name"\s*:\s*"read_lines"/;

const wrongParser =
  'give the server the tool-call parser of the model (vLLM, SGLang: --tool-call-parser; for students hermes, or qwen3_coder for the Coder)';

/** The first thing wrong with the answer to the question; null when it is as it should be. */
export function judgeCall({ tool_calls, content }: Pick<Reply, 'tool_calls' | 'content'>): Fault | null {
  const [call, second] = tool_calls;
  if (call === undefined) {
    if (callInText.test(content)) {
      return { code: 'endpoint_tool_parser', detail: `the call came as text: ${shortened(content)}`, hint: wrongParser };
    }
    return {
      code: 'endpoint_without_tools',
      detail: `it answered without a tool call: ${shortened(content)}`,
      hint: 'serve with tool calls switched on (vLLM: --enable-auto-tool-choice --tool-call-parser …) and with the chat template of the model',
    };
  }
  if (call.function.name !== 'read_lines') {
    return { code: 'endpoint_tool_parser', detail: `it called ${shortened(call.function.name)}, which was not offered`, hint: wrongParser };
  }
  // Several whole calls are the model's own; an empty one beside it is what a parser made of a piece.
  if (second !== undefined && second.function.name === '') {
    return { code: 'endpoint_tool_parser', detail: 'a second call without a name came with it', hint: wrongParser };
  }
  const wrong = argumentFault(call.function.arguments);
  if (wrong === null) return null;
  return {
    code: 'endpoint_argument_types',
    detail: `the arguments are not of the types that the tool asks for: ${shortened(call.function.arguments)}: ${wrong}`,
    hint: 'the tool-call parser has to convert values by the schema of the tool; try another one, or a newer server',
  };
}

/** Whether the reply reasons as its mode asks. */
export function judgeReasoning(
  { reasoning_content = '' }: Pick<Reply, 'reasoning_content'>,
  mode: Mode,
  { thinking }: Pick<SettingNames, 'thinking'>,
): Fault | null {
  const reasons = reasoning_content.trim() !== '';
  if (mode === 'think' && !reasons) {
    return {
      code: 'endpoint_without_reasoning',
      detail: 'it gave no reasoning in mode think',
      hint: `give the server the reasoning parser and the chat template of the model; see that ${thinking} asks for reasoning in the way that the model knows`,
    };
  }
  if (mode === 'no_think' && reasons) {
    return {
      code: 'endpoint_reasons_unasked',
      detail: `it reasoned in mode no_think: ${shortened(reasoning_content)}`,
      hint: `see that ${thinking} switches reasoning off in the way that the model knows; leave the mode out for a model that always reasons`,
    };
  }
  return null;
}

/**
 * Whether a server that counted these prompts saw the reasoning of an earlier turn, of so many characters. Nearly all of a
 * short text may be one token; of a long one some twenty tokens tell it from chance.
 */
export function judgeReplay(
  { withThought, without, characters }: { withThought: number; without: number; characters: number },
  sentAs: string,
  { resend }: Pick<SettingNames, 'resend'>,
): Fault | null {
  const least = Math.min(20, Math.max(1, Math.floor(characters / 16)));
  if (withThought >= without + least) return null;
  return {
    code: 'endpoint_drops_reasoning',
    detail: `the prompt has ${withThought} tokens with the reasoning of the turn before, sent as ${sentAs}, and ${without} without: it is not read`,
    hint: `set ${resend} to what the server reads (reasoning, reasoning_content for older servers, or inline), and serve with a chat template that keeps reasoning; none if the model is to work without`,
  };
}

/** A sentence for what is wrong with the arguments; null when nothing is. */
function argumentFault(text: string): string | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return messageOf(error);
  }
  const read = Arguments.safeParse(value);
  return read.success ? null : z.prettifyError(read.error).replaceAll('\n', ' ');
}

function shortened(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length <= 200 ? `"${line}"` : `"${line.slice(0, 199).toWellFormed()}…"`;
}
