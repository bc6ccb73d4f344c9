import type { LooseCall } from '../loose-message.ts';
import { type Spoken, type SpokenForm, spoken } from './form.ts';
import { parameterTags, trimBreaks } from './function-tags.ts';

const opening = /<(antml:|｜DSML｜)?invoke(?:\s+name=["']([^"']+)["'])?\s*>/g;
const wrapping = /<(?:antml:|｜DSML｜|minimax:)?(?:function_calls|tool_call)>\s*$/;
const unwrapping = /^\s*<\/(?:antml:|｜DSML｜|minimax:)?(?:function_calls|tool_call)>/;

/**
 * `<invoke name="NAME">` with `<parameter name="KEY">` tags, as Claude, MiniMax and DeepSeek 3.2 write calls, with whatever stands
 * around them; and Claude's older form with `<tool_name>` and a tag for each parameter.
 */
export const invokeTags: SpokenForm = {
  mark: 'invoke',
  find: (text) =>
    [...text.matchAll(opening)].map((match): Spoken => {
      const [prefix = '', name] = match.slice(1);
      const inside = match.index + match[0].length;
      const next = text.indexOf(`<${prefix}invoke`, inside);
      const limit = next === -1 ? text.length : next;
      const closing = `</${prefix}invoke>`;
      const closed = text.indexOf(closing, inside);
      const at = closed === -1 || closed > limit ? limit : closed;
      const body = text.slice(inside, at).replaceAll('｜DSML｜', '');
      const before = wrapping.exec(text.slice(0, match.index));
      const end = Math.min(limit, at + closing.length);
      const after = unwrapping.exec(text.slice(end))?.[0].length ?? 0;
      return {
        start: before?.index ?? match.index,
        end: end + after,
        calls: name === undefined ? olderCall(body) : [spoken(name, parameterTags(body))],
      };
    }),
};

function olderCall(body: string): LooseCall[] {
  const name = /<tool_name>([\s\S]*?)<\/tool_name>/.exec(body)?.[1]?.trim() ?? '';
  const inner = /<parameters>([\s\S]*?)(?:<\/parameters>|$)/.exec(body)?.[1] ?? '';
  return name === '' ? [] : [spoken(name, childTags(inner))];
}

/** Tags beside each other, a value by each name. */
export function childTags(body: string): Record<string, string> {
  return Object.fromEntries([...body.matchAll(/<(\w+)>([\s\S]*?)<\/\1>/g)].map((match) => [match[1] ?? '', trimBreaks(match[2] ?? '')]));
}
