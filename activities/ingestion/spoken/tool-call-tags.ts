import type { LooseCall } from '../loose-message.ts';
import { unfolded } from '../loose-values.ts';
import { type Spoken, type SpokenForm, spoken } from './form.ts';
import { functionTags, trimBreaks } from './function-tags.ts';
import { callsOfJson, jsonAt } from './json-in-text.ts';

/**
 * `<tool_call>` around JSON (Hermes, Qwen), around function tags (Qwen3-Coder) or around a name with pairs of keys and values (GLM).
 * The same around a list: Granite's and Phi's tokens, Nemotron's tag. The last one may lack its end.
 */
export const toolCallTags: SpokenForm = tags('<tool_call>', ['</tool_call>']);
export const toolCallTokens: SpokenForm = tags('<|tool_call|>', ['<|/tool_call|>', '<|end|>', '<|end_of_text|>']);
export const nemotronTags: SpokenForm = tags('<TOOLCALL>', ['</TOOLCALL>']);

function tags(open: string, closings: string[]): SpokenForm {
  return {
    mark: open,
    find(text) {
      const found: Spoken[] = [];
      for (let start = text.indexOf(open); start !== -1; start = text.indexOf(open, found.at(-1)?.end ?? start + 1)) {
        const inside = start + open.length;
        const next = text.indexOf(open, inside);
        const limit = next === -1 ? text.length : next;
        const whole = text.slice(inside, limit);
        const from = jsonAt(whole, 0)?.end ?? 0;
        const closing = closings.map((word) => ({ word, at: whole.indexOf(word, from) })).find(({ at }) => at !== -1);
        const body = whole.slice(0, closing?.at ?? whole.length);
        // A mark that is only named in a sentence says nothing.
        const calls = closing === undefined && !/^\s*[[{<]/.test(body) ? null : callsIn(body);
        found.push({
          start,
          end: closing === undefined ? limit : inside + closing.at + closing.word.length,
          calls: calls ?? [],
          named: calls === null,
        });
      }
      return found;
    },
  };
}

function callsIn(body: string): LooseCall[] {
  const json = jsonAt(body, 0);
  if (json !== undefined) return callsOfJson(json.value);
  if (body.includes(functionTags.mark)) return functionTags.find(body).flatMap(({ calls }) => calls);
  return withPairs(body);
}

const pair = /<arg_key>([\s\S]*?)<\/arg_key>\s*<arg_value>([\s\S]*?)(?:<\/arg_value>|$)/g;

/** GLM writes the name first, and values that are no text as JSON. */
function withPairs(body: string): LooseCall[] {
  const name = /^\s*([\w.:-]+)\s*(?=<arg_key>|$)/.exec(body)?.[1];
  if (name === undefined) return [];
  const values = [...body.matchAll(pair)].map((match) => [(match[1] ?? '').trim(), unfolded(trimBreaks(match[2] ?? ''))]);
  return [spoken(name, Object.fromEntries(values))];
}
