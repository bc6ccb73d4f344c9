import { describe, expect, it } from 'vitest';
import { unifyMessages } from '../../activities/ingestion/unify-messages.ts';
import { readMessages } from '../../activities/ingestion/message-list.ts';
import { Oddities } from '../../activities/ingestion/oddities.ts';
import { outline } from './collect.ts';

function read(...list: unknown[]) {
  const oddities = new Oddities();
  const messages = unifyMessages(readMessages(list, oddities), oddities);
  return { messages, lines: outline(messages), reported: oddities.lines(), lost: oddities.losses() };
}

const call = (name: string, id?: string) => ({
  type: 'function',
  function: { name, arguments: '{}' },
  ...(id === undefined ? {} : { id }),
});
const asks = (...tool_calls: unknown[]) => ({ role: 'assistant', content: null, tool_calls });
const result = (content: string, tool_call_id?: string) => ({ role: 'tool', content, tool_call_id });

describe('pairing', () => {
  it('goes by order where there are no ids', () => {
    const { lines, reported } = read(asks(call('a'), call('b')), result('A'), result('B'), asks(call('c')), result('C'));
    expect(lines).toEqual([
      'assistant:  → call_0_0 a → call_0_1 b',
      'tool call_0_0: A',
      'tool call_0_1: B',
      'assistant:  → call_3_0 c',
      'tool call_3_0: C',
    ]);
    expect(reported).toEqual([]);
  });

  it('does not let a call without a result take the result of a later one', () => {
    const { lines, reported } = read(asks(call('a')), { role: 'user', content: 'Go on.' }, asks(call('b')), result('B'));
    expect(lines.at(-1)).toBe('tool call_2_0: B');
    expect(reported).toEqual(['calls without a result (message 0)']);
  });

  it('keeps results that belong to no call, and says so; one whose call was never read tells that it was lost', () => {
    const { lines, reported, lost } = read(asks(call('a', 'x')), result('A', 'x'), result('?', 'y'), result('??'));
    expect(lines.slice(2)).toEqual(['tool y: ?', 'tool result_3: ??']);
    expect(reported).toEqual(['results that belong to no call (message 3)']);
    expect(lost).toEqual([{ what: 'call', reason: 'a result whose call is not on record', message: 2 }]);
  });

  it('distinguishes ids that a server uses again', () => {
    const { lines, reported } = read(asks(call('a', 'x')), result('A', 'x'), asks(call('b', 'x')), result('B', 'x'));
    expect(lines.slice(2)).toEqual(['assistant:  → x~2 b', 'tool x~2: B']);
    expect(reported).toEqual(['call ids used again: made unique (message 2)']);
  });

  it.each(['finish', 'submit'])('needs no result of the last %s', (name) => {
    expect(read(asks(call(name))).reported).toEqual([]);
    expect(read(asks(call('bash'))).reported).toEqual(['calls without a result (message 0)']);
  });
});

describe('calls', () => {
  it('are kept as they came, also when malformed', () => {
    const { messages } = read(
      asks({ function: { arguments: '{"half' } }, { id: 'x', function: { name: 'bash', arguments: { command: 'ls' } } }),
    );
    expect(messages[0]).toMatchObject({
      tool_calls: [
        { id: 'call_0_0', function: { name: '', arguments: '{"half' } },
        { id: 'x', function: { name: 'bash', arguments: '{"command":"ls"}' } },
      ],
    });
  });

  it('of the old kind are calls too', () => {
    expect(read({ role: 'assistant', function_call: { name: 'ls', arguments: '{}' } }, { role: 'function', content: 'a' }).lines).toEqual([
      'assistant:  → call_0_0 ls',
      'tool call_0_0: a',
    ]);
  });
});

describe('thinking', () => {
  const said = (content: unknown, more: object = {}) => {
    const { messages, reported } = read({ role: 'assistant', content, ...more });
    return { message: messages[0], reported };
  };

  it.each([
    ['in its own field', 'Hi.', { reasoning_content: 'Hm.' }],
    ['under its other name', 'Hi.', { reasoning: 'Hm.' }],
    ['inline', '<think>\nHm.\n</think>\n\nHi.', {}],
    ['inline without the opening tag', 'Hm.\n</think>\n\nHi.', {}],
    ['in both places', '<think>Hm.</think>\nHi.', { reasoning_content: 'Hm.' }],
    ['in blocks', [{ type: 'text', text: 'Hi.' }], { thinking_blocks: [{ type: 'thinking', thinking: 'Hm.' }] }],
    [
      'as a part of the content',
      [
        { type: 'thinking', thinking: 'Hm.' },
        { type: 'text', text: 'Hi.' },
      ],
      {},
    ],
  ])('%s is read once', (_where, content, more) => {
    expect(said(content, more)).toEqual({ message: { role: 'assistant', content: 'Hi.', reasoning_content: 'Hm.' }, reported: [] });
  });

  it('that differs between text and field is kept in both', () => {
    const { message, reported } = said('<think>One.</think>Hi.', { reasoning_content: 'Two.' });
    expect(message).toEqual({ role: 'assistant', content: '<think>One.</think>Hi.', reasoning_content: 'Two.' });
    expect(reported).toEqual([expect.stringContaining('differs: both are kept')]);
  });

  it('is not mistaken for words about its tags', () => {
    const text = 'The template closes with `</think>` too early.';
    expect(said(text).message).toEqual({ role: 'assistant', content: text });
  });

  it.each([null, '', undefined])('that is %j is none', (reasoning_content) => {
    expect(said('Hi.', { reasoning_content }).message).toEqual({ role: 'assistant', content: 'Hi.' });
  });
});

describe('parts that are no text', () => {
  it('are left out and noted', () => {
    const { lines, reported, lost } = read({ role: 'user', content: [{ type: 'image_url' }, { type: 'text', text: 'See.' }] });
    expect(lines).toEqual(['user: See.']);
    expect(reported).toEqual(['parts left out that are no text: image_url (message 0)']);
    expect(lost).toEqual([]);
  });
});
