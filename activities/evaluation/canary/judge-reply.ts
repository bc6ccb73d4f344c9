import { z } from 'zod';
import type { Mode } from '../../../schemas/names.ts';
import { messageOf } from '../../../schemas/problem.ts';
import type { Reply } from '../../../schemas/turn.ts';

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
const callInText = /<tool_call>|<function=|"name"\s*:\s*"read_lines"/;

/** The first thing wrong with the answer to the canary's question; null when it is as it should be. */
export function judgeCall({ tool_calls, content }: Pick<Reply, 'tool_calls' | 'content'>): Fault | null {
  const [call] = tool_calls;
  if (call === undefined) {
    if (callInText.test(content)) {
      return {
        code: 'endpoint_tool_parser',
        detail: `the call came as text: ${shortened(content)}`,
        hint: 'give the server the tool-call parser of the model: hermes, or qwen3_coder for the Coder',
      };
    }
    return {
      code: 'endpoint_without_tools',
      detail: `it answered without a tool call: ${shortened(content)}`,
      hint: 'serve with tool calls switched on (vLLM: --enable-auto-tool-choice --tool-call-parser …) and with the chat template of the student',
    };
  }
  if (call.function.name !== 'read_lines') {
    return {
      code: 'endpoint_tool_parser',
      detail: `it called ${shortened(call.function.name)}, which was not offered`,
      hint: 'give the server the tool-call parser of the model: hermes, or qwen3_coder for the Coder',
    };
  }
  const read = parsed(call.function.arguments);
  if (typeof read !== 'string') return null;
  return {
    code: 'endpoint_argument_types',
    detail: `the arguments are not of the types that the tool asks for: ${shortened(call.function.arguments)}: ${read}`,
    hint: 'the tool-call parser has to convert values by the schema of the tool; try another one, or a newer server',
  };
}

/** Whether the reply reasons as its mode asks. */
export function judgeReasoning({ reasoning_content = '' }: Pick<Reply, 'reasoning_content'>, mode: Mode): Fault | null {
  const reasons = reasoning_content.trim() !== '';
  if (mode === 'think' && !reasons) {
    return {
      code: 'endpoint_without_reasoning',
      detail: 'it gave no reasoning in mode think',
      hint: 'give the server a reasoning parser and the chat template of the student; see that modes.think.thinking asks for reasoning in the way that the model knows',
    };
  }
  if (mode === 'no_think' && reasons) {
    return {
      code: 'endpoint_reasons_unasked',
      detail: `it reasoned in mode no_think: ${shortened(reasoning_content)}`,
      hint: 'see that modes.no_think.thinking switches reasoning off in the way that the model knows; leave the mode out for a model that always reasons',
    };
  }
  return null;
}

/** Whether a server that counted these prompts saw the reasoning of an earlier turn. */
export function judgeReplay(withThought: number, without: number): Fault | null {
  if (withThought > without + 20) return null;
  return {
    code: 'endpoint_drops_reasoning',
    detail: `the prompt has ${withThought} tokens with the reasoning of the turn before and ${without} without: it is not read`,
    hint: 'set modes.think.thinking.resend to what the server reads (reasoning, or reasoning_content for older servers), and serve with a chat template that keeps reasoning',
  };
}

/** A sentence for what is wrong with the arguments; the arguments themselves when nothing is. */
function parsed(text: string): z.infer<typeof Arguments> | string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return messageOf(error);
  }
  const read = Arguments.safeParse(value);
  return read.success ? read.data : z.prettifyError(read.error).replaceAll('\n', ' ');
}

function shortened(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length <= 200 ? `"${line}"` : `"${line.slice(0, 199).toWellFormed()}…"`;
}
