import { type Spoken, type SpokenForm, spoken } from './form.ts';
import { callsOfJson, jsonAt } from './json-in-text.ts';

/** Mistral: a list of calls, or a name with its arguments, behind its token. */
export const mistral: SpokenForm = {
  mark: '[TOOL_CALLS]',
  find: (text) =>
    [...text.matchAll(/\[TOOL_CALLS\]\s*(?:([\w.-]+)\s*(?:\[CALL_ID\][^[]*)?(?:\[ARGS\])?)?\s*(?=[[{]|$)/g)].map((match): Spoken => {
      const json = jsonAt(text, match.index + match[0].length);
      const name = match[1];
      const calls = json === undefined ? [] : name === undefined ? callsOfJson(json.value) : [spoken(name, json.value)];
      return { start: match.index, end: json?.end ?? text.length, calls };
    }),
};

/** DeepSeek: the kind, the name and a fenced object, since 3.1 the name and a bare one. */
export const deepSeek: SpokenForm = {
  mark: '<｜tool▁call▁begin｜>',
  find: (text) =>
    each(
      text,
      /(?:<｜tool▁calls▁begin｜>\s*)?<｜tool▁call▁begin｜>([\s\S]*?)(?:<｜tool▁call▁end｜>(?:\s*<｜tool▁calls▁end｜>)?|$)/g,
      (body) => {
        const [first = '', second = ''] = body.split('<｜tool▁sep｜>', 2);
        const fenced = /^\s*([\w.-]+)\s*```(?:json)?\s*/.exec(second);
        const json = jsonAt(second, fenced?.[0].length ?? 0);
        return json === undefined ? [] : [spoken(fenced?.[1] ?? first, json.value)];
      },
    ),
};

/** Kimi: `functions.NAME:INDEX` and an object. */
export const kimi: SpokenForm = {
  mark: '<|tool_call_begin|>',
  find: (text) =>
    each(
      text,
      /(?:<\|tool_calls_section_begin\|>\s*)?<\|tool_call_begin\|>([\s\S]*?)(?:<\|tool_call_end\|>(?:\s*<\|tool_calls_section_end\|>)?|$)/g,
      (body) => {
        const [id = '', values = ''] = body.split('<|tool_call_argument_begin|>', 2);
        const name = id
          .trim()
          .replace(/^functions\./, '')
          .replace(/:\d+$/, '');
        const json = jsonAt(values, 0);
        return json === undefined || name === '' ? [] : [spoken(name, json.value)];
      },
    ),
};

/** Llama: calls as JSON behind its token, else code. */
export const llama: SpokenForm = {
  mark: '<|python_tag|>',
  find: (text) =>
    each(text, /<\|python_tag\|>([\s\S]*?)(?:<\|eom_id\|>|<\|eot_id\|>|$)/g, (body) => {
      const calls: Spoken['calls'] = [];
      for (let at = 0, json = jsonAt(body, at); json !== undefined; json = jsonAt(body, at)) {
        calls.push(...callsOfJson(json.value));
        at = json.end + (/^\s*;/.exec(body.slice(json.end))?.[0].length ?? 0);
      }
      return calls.length > 0 || body.trim() === '' ? calls : [spoken('ipython', { code: body.trim() })];
    }),
};

/** The channels of gpt-oss: the tool's name in the header, an object as the message. */
export const harmony: SpokenForm = {
  mark: '<|message|>',
  find: (text) =>
    [
      ...text.matchAll(
        /(?:<\|start\|>assistant)?(?:<\|channel\|>\w+)?\s*to=(?:functions\.)?([\w.-]+)[^<]*(?:<\|channel\|>[^<]*)?(?:<\|constrain\|>\w+)?<\|message\|>([\s\S]*?)(?:<\|call\|>|<\|end\|>|$)/g,
      ),
    ].map((match): Spoken => {
      const [name = '', body = ''] = match.slice(1);
      const json = jsonAt(body, 0);
      return {
        start: match.index,
        end: match.index + match[0].length,
        calls: [spoken(name, json === undefined ? { code: body } : json.value)],
      };
    }),
};

/** Cohere: a list of calls between its tokens. */
export const cohere: SpokenForm = {
  mark: '<|START_ACTION|>',
  find: (text) => each(text, /<\|START_ACTION\|>([\s\S]*?)(?:<\|END_ACTION\|>|$)/g, (body) => callsOfJson(jsonAt(body, 0)?.value)),
};

function each(text: string, pattern: RegExp, calls: (body: string) => Spoken['calls']): Spoken[] {
  return [...text.matchAll(pattern)].map((match) => ({
    start: match.index,
    end: match.index + match[0].length,
    calls: calls(match[1] ?? ''),
  }));
}
