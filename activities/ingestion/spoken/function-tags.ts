import type { LooseCall } from '../loose-message.ts';
import { type Spoken, type SpokenForm, spoken } from './form.ts';
import { jsonAt } from './json-in-text.ts';

const opening = /<function=["']?([\w.:-]+)["']?\s*>/g;

/**
 * `<function=NAME>` with `<parameter=KEY>` tags, as OpenHands asks models without an interface for calls and as Qwen3-Coder writes
 * them, or with a JSON object, as Llama 3.1 does. The last one may lack its end, where a stop word ended the reply.
 */
export const functionTags: SpokenForm = {
  mark: '<function=',
  find: (text) => [...text.matchAll(opening)].map((match) => readTag(text, match.index, match[1] ?? '', match.index + match[0].length)),
};

function readTag(text: string, start: number, name: string, inside: number): Spoken {
  const closed = closingOf(text, inside);
  const body = text.slice(inside, closed.at);
  return { start, end: closed.end, calls: [callOf(name, body)] };
}

/** The end of a tag's text: its closing tag behind the last parameter, else the next opening one, else the end. */
function closingOf(text: string, inside: number): { at: number; end: number } {
  const next = text.indexOf('<function=', inside);
  const limit = next === -1 ? text.length : next;
  const body = text.slice(inside, limit);
  const at = body.indexOf('</function>', Math.max(0, body.lastIndexOf('</parameter>')));
  return at === -1 ? { at: limit, end: limit } : { at: inside + at, end: inside + at + '</function>'.length };
}

function callOf(name: string, body: string): LooseCall {
  const values = parameterTags(body);
  const json = Object.keys(values).length === 0 ? jsonAt(body, 0) : undefined;
  return spoken(name, json === undefined ? values : json.value);
}

const parameter =
  /<parameter(?:=|\s+name=)["']?([\w.-]+)["']?[^>]*>([\s\S]*?)(?:<\/parameter>|(?=<parameter[=\s])|<\/function>|<\/invoke>|$)/g;

/** The values of parameter tags, without the line breaks next to the tags. */
export function parameterTags(body: string): Record<string, string> {
  return Object.fromEntries([...body.matchAll(parameter)].map((match) => [match[1] ?? '', trimBreaks(match[2] ?? '')]));
}

/** Without one line break at either end. */
export function trimBreaks(text: string): string {
  return text.replace(/^\r?\n/, '').replace(/\r?\n$/, '');
}
