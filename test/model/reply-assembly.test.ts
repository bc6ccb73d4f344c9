import { describe, expect, it } from 'vitest';
import { BrokenAnswer, ReplyAssembly } from '../../activities/model/reply-assembly.ts';

function assemble(deltas: object[], finish_reason: string | null = 'stop', exchange = 7) {
  const assembly = new ReplyAssembly();
  for (const delta of deltas) assembly.add({ choices: [{ index: 0, delta, finish_reason: null }] });
  assembly.add({ choices: [{ index: 0, delta: {}, finish_reason }] });
  assembly.add({ choices: [], usage: { prompt_tokens: 3, completion_tokens: 4 } });
  return assembly.finish(exchange, 'think', 'asked-model').reply;
}

const called = (index: number | undefined, id: string | undefined, name?: string, args?: unknown) => ({
  tool_calls: [{ index, id, function: { name, arguments: args } }],
});

describe('a streamed reply', () => {
  it.each(['reasoning_content', 'reasoning'])('collects all pieces of %s', (field) => {
    const reply = assemble([{ [field]: 'one ' }, { [field]: 'two' }, { content: 'and ' }, { content: 'done' }]);
    expect(reply).toMatchObject({ reasoning_content: 'one two', content: 'and done', model: 'asked-model' });
  });

  it('takes reasoning once when the server fills both fields', () => {
    expect(assemble([{ reasoning_content: 'a', reasoning: 'a' }])).toMatchObject({ reasoning_content: 'a' });
  });

  it('keeps interleaved calls apart by index and in its order', () => {
    const reply = assemble(
      [
        called(1, 'b', 'second', ''),
        called(0, 'a', 'first', '{"x'),
        called(1, undefined, undefined, '{}'),
        called(0, undefined, undefined, '":1}'),
      ],
      'tool_calls',
    );
    expect(reply.tool_calls.map((call) => [call.id, call.function.name, call.function.arguments])).toEqual([
      ['a', 'first', '{"x":1}'],
      ['b', 'second', '{}'],
    ]);
  });

  it('gives calls without an id, or with one taken, an id that depends on exchange and place alone', () => {
    const reply = assemble([called(0, undefined, 'f', '{}'), called(1, 'same', 'f', '{}'), called(2, 'same', 'f', '{}')]);
    expect(reply.tool_calls.map(({ id }) => id)).toEqual(['call_7_0', 'same', 'call_7_2']);
  });

  it('distinguishes calls without an index by id, or by a new name', () => {
    const reply = assemble([called(undefined, 'a', 'f', '{}'), called(undefined, 'b', 'g', '{}'), called(undefined, undefined, 'h', '{}')]);
    expect(reply.tool_calls.map((call) => call.function.name)).toEqual(['f', 'g', 'h']);
  });

  it('takes a name that is repeated in every piece once, and arguments sent as an object', () => {
    const reply = assemble([called(0, 'a', 'run', { command: 'ls' }), called(0, 'a', 'run')]);
    expect(reply.tool_calls[0]?.function).toEqual({ name: 'run', arguments: '{"command":"ls"}' });
  });

  it.each([
    ['stop', 'stop', 'tool_calls'],
    ['tool_calls', 'stop', 'tool_calls'],
    ['length', 'length', 'length'],
    ['content_filter', 'content_filter', 'content_filter'],
    ['eos', 'stop', 'tool_calls'],
  ])('ends with finish reason %s as %s, or %s with calls', (sent, plain, withCalls) => {
    expect(assemble([{ content: 'x' }], sent).finish_reason).toBe(plain);
    expect(assemble([called(0, 'a', 'f', '{}')], sent).finish_reason).toBe(withCalls);
  });

  it.each([null, '', 'abort', 'error'])('is broken with finish reason %j', (sent) => {
    expect(() => assemble([{ content: 'x' }], sent)).toThrow(BrokenAnswer);
  });

  it('is broken by something that is no completion', () => {
    expect(() => new ReplyAssembly().add('<html>')).toThrow(BrokenAnswer);
    expect(() => new ReplyAssembly().add({ choices: 'none' })).toThrow(BrokenAnswer);
  });
});
