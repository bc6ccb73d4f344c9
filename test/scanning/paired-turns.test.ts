import { describe, expect, it } from 'vitest';
import { type Pairing, pairedTurns } from '../../activities/scanning/paired-turns.ts';

interface Spoken {
  role: string;
  text?: string;
  calls?: (string | undefined)[];
  tool_call_id?: string | null;
}

const reply = (...calls: (string | undefined)[]): Spoken => ({ role: 'assistant', calls });
const result = (text: string, tool_call_id?: string | null): Spoken => ({
  role: 'tool',
  text,
  ...(tool_call_id !== undefined && { tool_call_id }),
});
const user = (text: string): Spoken => ({ role: 'user', text });

/** The texts that answer the calls of each reply. */
function paired(messages: Spoken[], rules: Partial<Pairing<Spoken>> = {}): (string | undefined)[][] {
  const turns = pairedTurns(messages, { callIds: ({ calls }) => calls ?? [], byOrder: false, fromUser: false, ...rules });
  return turns.map(({ results }) => results.map((message) => message?.text));
}

describe('calls and their results', () => {
  it('pair by id, in whatever order the results come', () => {
    expect(paired([user('fix it'), reply('a', 'b'), result('2', 'b'), result('1', 'a'), reply('c')])).toEqual([['1', '2'], [undefined]]);
  });

  it('do not pair across replies, twice, or with an id that no call has', () => {
    expect(
      paired([result('0', 'a'), reply('a'), result('x', 'z'), result('1', 'a'), result('2', 'a'), reply('b'), result('3', 'a')]),
    ).toEqual([['1'], [undefined]]);
  });

  it('pair by order where ids are missing or unknown, if that is wanted', () => {
    const messages = [reply(undefined, undefined), result('1'), result('2', null), reply('a', 'b'), result('4', 'b'), result('3', 'z')];
    expect(paired(messages, { byOrder: true })).toEqual([
      ['1', '2'],
      ['3', '4'],
    ]);
    expect(paired(messages)).toEqual([
      [undefined, undefined],
      [undefined, '4'],
    ]);
  });

  it('pair with what users say where actions stand in the text', () => {
    const messages = [user('fix it'), reply(undefined), user('out'), user('more')];
    expect(paired(messages, { byOrder: true, fromUser: true })).toEqual([['out']]);
  });
});
