import type { LooseCall } from '../loose-message.ts';
import { fieldsOf, listOf, textOf } from '../loose-values.ts';
import { isRecord } from '../../../schemas/is-record.ts';
import { type Spoken, type SpokenForm, spoken } from './form.ts';
import { callsOfJson, jsonAt } from './json-in-text.ts';

/** Terminus: a reply is an object with the keys to be typed into a terminal, perhaps with words before it. */
export const terminus: SpokenForm = {
  mark: '"commands"',
  find(text) {
    const found = objectIn(text);
    const commands = listOf(fieldsOf(found?.value)['commands']).filter((item) => textOf(fieldsOf(item)['keystrokes']) !== null);
    return found === undefined || commands.length === 0 ? [] : [{ ...found, calls: [spoken('terminal', { commands })] }];
  },
};

/** A reply that is nothing but JSON calls: xLAM's lists, agents that answer with an action and its input. */
export const jsonReply: SpokenForm = {
  mark: '{',
  find(text) {
    if (!/^\s*(?:[[{]|```)/.test(text)) return [];
    const found = objectIn(text);
    if (found === undefined || text.slice(0, found.start).trim() !== '' || text.slice(found.end).trim() !== '') return [];
    const items = Array.isArray(found.value) ? found.value : [found.value];
    const calls: LooseCall[] = items.every((item) => isRecord(item) && hasBoth(item)) ? callsOfJson(found.value) : [];
    return calls.length === 0 ? [] : [{ ...found, calls }];
  },
};

function hasBoth(item: Record<string, unknown>): boolean {
  const named = ['name', 'tool', 'tool_name', 'function', 'action'].some((key) => typeof item[key] === 'string');
  return named && ['arguments', 'args', 'parameters', 'input', 'action_input', 'tool_input'].some((key) => key in item);
}

/** The first object or list of a text, in a fence or bare. */
function objectIn(text: string): { start: number; end: number; value: unknown } | undefined {
  const fence = /```(?:json)?\s*(?=[[{])/.exec(text);
  const from = fence === null ? text.search(/[[{]/) : fence.index + fence[0].length;
  const json = from === -1 ? undefined : jsonAt(text, from);
  if (json === undefined) return undefined;
  const closing = fence === null ? 0 : (/^\s*```/.exec(text.slice(json.end))?.[0].length ?? 0);
  return { start: fence?.index ?? from, end: json.end + closing, value: json.value };
}

/** ReAct: `Action: NAME` and `Action Input:` on lines of their own; the input is an object or a text. */
export const reAct: SpokenForm = {
  mark: 'Action Input:',
  find: (text) =>
    [...text.matchAll(/^Action:[ \t]*([\w.-]+)[ \t]*\n+Action Input:[ \t]*([\s\S]*?)(?=^Observation:|^Action:|$(?![\s\S]))/gm)].map(
      (match): Spoken => {
        const [name = '', input = ''] = match.slice(1);
        const json = jsonAt(input, 0);
        return {
          start: match.index,
          end: match.index + match[0].length,
          calls: [spoken(name, json === undefined ? { input: input.trim() } : json.value)],
        };
      },
    ),
};
