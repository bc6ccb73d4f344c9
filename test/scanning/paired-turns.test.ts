import { describe, expect, it } from 'vitest';
import { pairedTurns } from '../../activities/scanning/paired-turns.ts';
import type { Message, ToolCall } from '../../schemas/message.ts';

const call = (id: string): ToolCall => ({ id, type: 'function', function: { name: 'bash', arguments: '{}' } });
const reply = (...ids: string[]): Message => ({ role: 'assistant', content: '', ...(ids.length > 0 && { tool_calls: ids.map(call) }) });
const result = (content: string, tool_call_id: string): Message => ({ role: 'tool', content, tool_call_id });
const user = (content: string): Message => ({ role: 'user', content });

/** The texts that answer the calls of each reply. */
function paired(messages: Message[], late = false): (string | undefined)[][] {
  return pairedTurns(messages, { late }).map(({ results }) => results.map((message) => message?.content));
}

describe('calls and their results', () => {
  it('pair by id, in whatever order the results come', () => {
    expect(paired([user('fix it'), reply('a', 'b'), result('2', 'b'), result('1', 'a'), reply('c')])).toEqual([['1', '2'], [undefined]]);
  });

  it('do not pair across replies, twice, or with an id that no call has', () => {
    const messages = [result('0', 'a'), reply('a'), result('x', 'z'), result('1', 'a'), result('2', 'a'), reply('b'), result('3', 'a')];
    expect(paired(messages)).toEqual([['1'], [undefined]]);
  });

  it('pair across replies where results may be late', () => {
    const messages = [reply('a', 'b'), result('2', 'b'), reply(), result('1', 'a'), reply('c'), result('3', 'c')];
    expect(paired(messages, true)).toEqual([['1', '2'], [], ['3']]);
    expect(paired(messages)).toEqual([[undefined, '2'], [], ['3']]);
  });

  it.each([false, true])('of one id again belong to the latest reply, within it in order', (late) => {
    const messages = [reply('a'), result('1', 'a'), reply('a', 'a'), result('2', 'a'), result('3', 'a')];
    expect(paired(messages, late)).toEqual([['1'], ['2', '3']]);
  });
});
