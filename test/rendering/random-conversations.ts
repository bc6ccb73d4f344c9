import type { Conversation } from '../../activities/rendering/conversation.ts';
import type { Message, ToolCall, ToolDefinition } from '../../schemas/message.ts';
import { oneOf, randomText } from './random-texts.ts';

type Random = () => number;

/**
 * A conversation that any base can learn: of one mode, long and short, with parallel calls, odd JSON, empty contents and
 * control tokens in what others say; what the assistant says has none.
 */
export function randomConversation(random: Random): Conversation {
  const mode = random() < 0.5 ? 'think' : 'no_think';
  const tools = random() < 0.1 ? [] : Array.from({ length: 1 + Math.floor(random() * 3) }, (_, index) => randomTool(random, index));
  const messages: Message[] = random() < 0.9 ? [{ role: 'system', content: randomText(random, 20) }] : [];
  messages.push({ role: 'user', content: randomText(random, 40) });
  const turns = 1 + Math.floor(random() * (random() < 0.1 ? 60 : 6));
  for (let turn = 0; turn < turns; turn += 1) messages.push(...randomTurn(random, mode === 'think', turn === turns - 1));
  return { mode, tools, messages };
}

function randomTurn(random: Random, thinks: boolean, last: boolean): Message[] {
  const calls = last ? [] : Array.from({ length: oneOf(random, [0, 1, 1, 1, 2, 3]) }, (_, index) => randomCall(random, index));
  const reasoning = thinks && random() < 0.85 ? randomText(random, 30, false) : '';
  const said: Message = {
    role: 'assistant',
    content: random() < 0.2 ? '' : `${padding(random)}${randomText(random, 30, false)}${padding(random)}`,
    ...(reasoning === '' ? {} : { reasoning_content: `${padding(random)}${reasoning}${padding(random)}` }),
    ...(calls.length === 0 ? {} : { tool_calls: calls }),
  };
  const answers: Message[] = calls.map(({ id }) => ({
    role: 'tool',
    tool_call_id: id,
    content: random() < 0.1 ? '' : randomText(random, 60),
  }));
  return [said, ...answers, ...(calls.length === 0 && !last ? [nudge(random)] : [])];
}

function nudge(random: Random): Message {
  return { role: random() < 0.9 ? 'user' : 'system', content: randomText(random, 10) };
}

function padding(random: Random): string {
  return random() < 0.8 ? '' : oneOf(random, ['\n', '\n\n', ' ', ' \n', '\r\n', '\n \n', '\u00a0', '\ufeff', '\u001f', '\u0085']);
}

function randomCall(random: Random, index: number): ToolCall {
  const members = Object.fromEntries(
    Array.from({ length: Math.floor(random() * 4) }, () => [
      oneOf(random, ['command', 'path', 'view_range', 'new str', 'ключ', '"', '\\']),
      randomValue(random, 0),
    ]),
  );
  const text = random() < 0.05 ? '' : oddlySpaced(random, withNumber(random, JSON.stringify(members)));
  return {
    id: `call-${index}`,
    type: 'function',
    function: { name: oneOf(random, ['bash', 'str_replace_editor', 'a"b']), arguments: text },
  };
}

function randomValue(random: Random, depth: number): unknown {
  const kind = Math.floor(random() * (depth > 3 ? 6 : 8));
  if (kind <= 2) return randomText(random, 25, false);
  if (kind === 3) return oneOf(random, [0, -1, 42, 2 ** 53, 123_456]);
  if (kind === 4) return oneOf(random, [true, false, null, '', 'null', '5']);
  if (kind === 5) return oneOf(random, ['{"a": [1, "b"]}', '\\"', '\\\\', '\\n', 'a\\', '"', '"]}', ', "x": ', '\\u00e9', '\\u0001\u0001']);
  const items = Array.from({ length: Math.floor(random() * 4) }, () => randomValue(random, depth + 1));
  return kind === 6 ? items : Object.fromEntries(items.map((item, index) => [oneOf(random, ['a', 'b:', '{', ',', `k${index}`]), item]));
}

/** JSON with one member more, a number that can be written in several ways. */
function withNumber(random: Random, json: string): string {
  if (random() < 0.7 || json === '{}') return json;
  const number = oneOf(random, ['1.0', '1.50', '1e5', '-0', '-0.0', '0.00001', '1E-7', '1e16', '12345678901234567890123', '0.1', '5e-324']);
  return `${json.slice(0, -1)},"number":${number}}`;
}

/** The same JSON as other writers have it. */
function oddlySpaced(random: Random, json: string): string {
  const dice = random();
  if (dice < 0.6) return json;
  if (dice < 0.8) return json.replaceAll(/"(?:[^"\\]|\\.)*"|[,:{}[\]]/gs, (part) => (part.startsWith('"') ? part : ` ${part}\n\t`));
  return json
    .replaceAll(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`)
    .replaceAll('/', '\\/');
}

function randomTool(random: Random, index: number): ToolDefinition {
  const properties = Object.fromEntries(
    Array.from({ length: Math.floor(random() * 4) }, (_, number) => [`p${number}`, random() < 0.9 ? randomSchema(random) : true]),
  );
  const schema =
    random() < 0.1
      ? {}
      : { type: 'object', properties, ...(random() < 0.5 ? { required: Object.keys(properties), additionalProperties: false } : {}) };
  return { type: 'function', function: { name: `tool_${index}`, description: randomText(random, 15), parameters: schema } };
}

function randomSchema(random: Random): Record<string, unknown> {
  return {
    ...(random() < 0.8 ? { type: oneOf<unknown>(random, ['string', 'integer', ['string', 'null']]) } : {}),
    ...(random() < 0.8 ? { description: randomText(random, 10) } : {}),
    ...(random() < 0.3 ? { enum: ['a', 1, null, 2.5], default: null, minimum: 0.5 } : {}),
    ...(random() < 0.3 ? { items: { type: 'integer' }, title: '<think>' } : {}),
  };
}
