import type { LooseCall } from '../loose-message.ts';
import { type Spoken, type SpokenForm, spoken } from './form.ts';
import { parameterTags, trimBreaks } from './function-tags.ts';

const opening = /<(antml:|｜DSML｜)?invoke(?:\s+name=["']([^"']+)["'])?\s*>/g;
const wrapping = /<(?:antml:|｜DSML｜|minimax:)?(?:function_calls|tool_call)>\s*$/;
const unwrapping = /^\s*<\/(?:antml:|｜DSML｜|minimax:)?(?:function_calls|tool_call)>/;

/** Characters that a wrapper may have, blanks included. */
const wrapperLength = 200;

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
      const whole = text.slice(inside, limit);
      const closed = whole.indexOf(closing);
      const at = closed === -1 ? limit : inside + closed;
      const body = text.slice(inside, at).replaceAll('｜DSML｜', '');
      const near = Math.max(0, match.index - wrapperLength);
      const before = wrapping.exec(text.slice(near, match.index));
      const end = Math.min(limit, at + closing.length);
      const after = unwrapping.exec(text.slice(end, end + wrapperLength))?.[0].length ?? 0;
      return {
        start: before === null ? match.index : near + before.index,
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
