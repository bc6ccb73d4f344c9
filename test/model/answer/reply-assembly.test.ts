import { describe, expect, it } from 'vitest';
import { BrokenAnswer } from '../../../activities/model/answer/broken-answer.ts';
import { ReplyAssembly } from '../../../activities/model/answer/reply-assembly.ts';

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

  it.each([null, '', 'abort', 'error', 'network_error', 'insufficient_system_resource', 'MALFORMED_FUNCTION_CALL'])(
    'is broken with finish reason %j',
    (sent) => {
      expect(() => assemble([{ content: 'x' }], sent)).toThrow(BrokenAnswer);
    },
  );

  it('ends with its last finish reason, and with none while servers write the word for nothing', () => {
    const assembly = new ReplyAssembly();
    for (const word of ['null', 'None', '']) assembly.add({ choices: [{ delta: { content: 'x' }, finish_reason: word }] });
    expect(assembly.isFinished).toBe(false);
    expect(() => assembly.finish(0, 'think', 'm')).toThrow('without a finish reason');
    assembly.add({ choices: [{ delta: {}, finish_reason: 'length' }] });
    expect(assembly.finish(0, 'think', 'm').reply).toMatchObject({ content: 'xxx', finish_reason: 'length' });
  });

  it.each([
    ['MAX_TOKENS', 'length'],
    ['model_context_window_exceeded', 'length'],
    ['sensitive', 'content_filter'],
    ['SAFETY', 'content_filter'],
    ['end_turn', 'stop'],
    ['COMPLETE', 'stop'],
  ])('ends with the finish reason %s of other protocols as %s', (sent, reason) => {
    expect(assemble([{ content: 'x' }], sent).finish_reason).toBe(reason);
  });

  it.each([
    ['a field of another type', { reasoning_content: { text: 'x' }, refusal: 3, content: 'hi' }],
    ['a list of calls that is null', { tool_calls: null, function_call: null, content: 'hi' }],
    ['an entry of it that is null', { tool_calls: [null], content: 'hi' }],
    ['content that is one part', { content: { type: 'text', text: 'hi' } }],
    ['a role that is empty', { role: '', content: 'hi' }],
  ])('does not break at %s', (_what, delta) => {
    expect(assemble([delta])).toMatchObject({ content: 'hi', tool_calls: [] });
  });

  it('takes the first of several choices', () => {
    const assembly = new ReplyAssembly();
    const choice = (index: unknown, content: string) => ({ index, delta: { content }, finish_reason: 'stop' });
    assembly.add({ choices: [choice('1', 'a'), choice(2, 'x')] });
    assembly.add({ choices: [null, choice(2, 'y'), choice(1, 'b')] });
    expect(assembly.finish(0, 'think', 'm').reply.content).toBe('ab');
  });

  it('replaces half a surrogate pair, but not one that two pieces share', () => {
    const reply = assemble([{ content: 'a\ud83d', reasoning_content: '\udc00b' }, { content: '\ude00 \ud83d' }]);
    expect(reply).toMatchObject({ content: 'a\ud83d\ude00 \ufffd', reasoning_content: '\ufffdb' });
  });

  it('is broken by something that is no completion', () => {
    expect(() => new ReplyAssembly().add('<html>')).toThrow(BrokenAnswer);
    expect(() => new ReplyAssembly().add({ choices: 'none' })).toThrow(BrokenAnswer);
  });
});

describe('reasoning', () => {
  const detail = (text: string, more: object = {}) => ({ reasoning_details: [{ type: 'reasoning.text', index: 0, text, ...more }] });
  const part = (text: string) => ({ content: [{ type: 'thinking', thinking: [{ type: 'text', text }] }] });

  it.each([
    ['reasoning_details in pieces', [detail('Let me ', { id: 'r' }), detail('look.')]],
    ['reasoning_details that hold all so far', [detail('Let me '), detail('Let me lo'), detail('Let me look.')]],
    [
      'reasoning_details beside reasoning',
      [
        { reasoning: 'Let me ', ...detail('Let me ') },
        { reasoning: 'look.', ...detail('look.') },
      ],
    ],
    [
      'summaries of reasoning',
      [
        {
          reasoning_details: [
            { type: 'reasoning.summary', summary: 'Let me look.' },
            { type: 'reasoning.encrypted', data: 'AAA' },
          ],
        },
      ],
    ],
    ['thinking parts of the content', [part('Let me '), part('look.')]],
    ['a thinking part that is a text', [{ content: [{ type: 'thinking', thinking: 'Let me look.' }] }]],
    [
      'thinking_blocks',
      [
        { thinking_blocks: [{ type: 'thinking', thinking: 'Let me look.', signature: null }] },
        { thinking_blocks: [{ type: 'thinking', thinking: '', signature: 'S' }] },
      ],
    ],
    ['the field thinking', [{ thinking: 'Let me ' }, { thinking: 'look.' }]],
    ['the field reasoning_text', [{ reasoning_text: 'Let me ' }, { reasoning_text: 'look.' }]],
    ['an object in a field', [{ reasoning: { content: 'Let me ' } }, { reasoning: { content: [{ text: 'look.' }] } }]],
    ['parts called reasoning', [{ content: [{ type: 'reasoning', reasoning: 'Let me look.' }] }]],
    ['tags in parts of the content', [{ content: [{ type: 'text', text: '<think>Let me look.</think>' }] }]],
  ])('is taken from %s', (_where, deltas) => {
    expect(assemble([...deltas, { content: [{ type: 'text', text: 'hi' }] }])).toMatchObject({
      content: 'hi',
      reasoning_content: 'Let me look.',
    });
  });

  it('is kept with the form in which it came, and with blocks that hold more than text', () => {
    const signed = { thinking_blocks: [{ type: 'thinking', thinking: 'Hm', signature: null }] };
    const signature = { thinking_blocks: [{ type: 'thinking', thinking: '.', signature: 'S' }] };
    expect(
      assemble([
        { reasoning_content: 'Hm', ...signed },
        { reasoning_content: '.', ...signature },
      ]),
    ).toMatchObject({
      reasoning_content: 'Hm.',
      reasoning_form: 'thinking_blocks',
      reasoning_blocks: [{ type: 'thinking', thinking: 'Hm.', signature: 'S' }],
    });
    const details = [detail('Hm'), detail('.'), { reasoning_details: [{ type: 'reasoning.encrypted', data: 'AAA', index: 1 }] }];
    expect(assemble(details).reasoning_blocks).toEqual([
      { type: 'reasoning.text', index: 0, text: 'Hm.' },
      { type: 'reasoning.encrypted', data: 'AAA', index: 1 },
    ]);
    expect(assemble([detail('Hm.')])).not.toHaveProperty('reasoning_blocks');
    expect(assemble([part('Hm.')]).reasoning_form).toBe('thinking_parts');
    expect(assemble([{ content: '<think>Hm.</think>hi' }]).reasoning_form).toBe('inline');
    expect(assemble([{ reasoning: 'Hm.' }]).reasoning_form).toBe('reasoning');
  });

  it('of two details stays in their order', () => {
    const details = [
      { type: 'reasoning.text', index: 0, text: 'One.' },
      { type: 'reasoning.text', index: 1, text: ' Two.' },
    ];
    expect(assemble([{ reasoning_details: details }]).reasoning_content).toBe('One. Two.');
  });

  it('that repeats itself is not taken for one that holds all so far', () => {
    expect(assemble(Array.from({ length: 30 }, () => detail('wait '))).reasoning_content).toBe('wait '.repeat(30).trim());
    expect(assemble(Array.from({ length: 30 }, () => ({ reasoning: 'wait ' }))).reasoning_content).toBe('wait '.repeat(30).trim());
  });
});

describe('an answer with whole messages', () => {
  const whole = (message: object, more: object = {}) => ({
    object: 'chat.completion',
    choices: [{ index: 0, message, finish_reason: 'stop' }],
    ...more,
  });
  const made = (...chunks: object[]) => {
    const assembly = new ReplyAssembly();
    for (const chunk of chunks) assembly.add(chunk);
    return assembly.finish(7, 'think', 'asked-model');
  };
  const call = { id: 'a', type: 'function', function: { name: 'bash', arguments: '{}' } };

  it('has content, reasoning and calls of it', () => {
    const { reply } = made(
      whole({ content: 'hi', reasoning_details: [{ type: 'reasoning.text', text: 'Hm.' }], tool_calls: [call, call] }),
    );
    expect(reply).toMatchObject({ content: 'hi', reasoning_content: 'Hm.', finish_reason: 'tool_calls' });
    expect(reply.tool_calls.map(({ id }) => id)).toEqual(['a', 'call_7_1']);
  });

  it('takes a message that closes a stream for a repetition of its pieces', () => {
    const piece = (delta: object) => ({ object: 'chat.completion.chunk', choices: [{ index: 0, delta }] });
    const { reply, usage } = made(
      piece({ reasoning_content: 'Hm.' }),
      piece({ content: 'h' }),
      piece({ content: 'i', tool_calls: [{ index: 0, ...call }] }),
      whole({ content: 'hi', reasoning_content: 'Hm.', tool_calls: [call] }, { usage: { prompt_tokens: 5, completion_tokens: 2 } }),
    );
    expect(reply).toMatchObject({ content: 'hi', reasoning_content: 'Hm.' });
    expect(reply.tool_calls).toHaveLength(1);
    expect(usage).toEqual({ prompt_tokens: 5, completion_tokens: 2 });
  });

  it('takes messages that are pieces under another name as pieces', () => {
    const piece = (content: string, finish_reason: string | null = null) => ({
      choices: [{ index: 0, message: { content }, finish_reason }],
    });
    expect(made(piece('one '), piece('two '), piece('three', 'stop')).reply.content).toBe('one two three');
  });

  it.each([
    ['without the function around it', [{ id: 'a', name: 'bash', arguments: '{}' }]],
    ['alone in place of a list', { id: 'a', function: { name: 'bash', arguments: {} } }],
    ['without arguments', [{ id: 'a', function: { name: 'bash' } }]],
  ])('has a call %s', (_how, tool_calls) => {
    const { reply } = made(JSON.parse(JSON.stringify(whole({ content: null, tool_calls }))));
    expect(reply.tool_calls).toMatchObject([{ id: 'a', function: { name: 'bash' } }]);
  });

  it('has a call in the form before lists of calls, once', () => {
    const function_call = { name: 'bash', arguments: '{}' };
    expect(made(whole({ content: null, function_call })).reply.tool_calls).toMatchObject([{ id: 'call_7_0', function: function_call }]);
    expect(made(whole({ content: null, function_call, tool_calls: [call] })).reply.tool_calls).toHaveLength(1);
    expect(assemble([{ function_call: { name: 'bash', arguments: '' } }, { function_call: { arguments: '{}' } }]).tool_calls).toHaveLength(
      1,
    );
  });

  it.each([
    ['model and id are numbers', { model: 7, id: 12, created: 'now' }],
    ['usage is a text', { usage: 'none' }],
    ['usage is a list', { usage: [] }],
    ['counts are texts that are no numbers', { usage: { prompt_tokens: 'many', completion_tokens: null } }],
    ['counts are below zero', { usage: { prompt_tokens: -1, completion_tokens: -1 } }],
    ['log probabilities are odd', { choices: [{ index: '0', message: { content: 'hi' }, finish_reason: 'stop', logprobs: 'x' }] }],
    ['the finish reason is an object', { choices: [{ message: { content: 'hi' }, finish_reason: { type: 'stop', matched: 2 } }] }],
  ])('is not broken when %s', (_what, more) => {
    expect(made(whole({ content: 'hi' }, more))).toMatchObject({
      reply: { content: 'hi', finish_reason: 'stop', model: 'asked-model' },
      usage: undefined,
    });
  });
});

describe('an answer without a finish reason', () => {
  const ended = (...deltas: object[]) => {
    const assembly = new ReplyAssembly();
    for (const delta of deltas) assembly.add({ choices: [{ index: 0, delta, finish_reason: null }] });
    return assembly;
  };

  it('counts when the server says that it is over', () => {
    const text = ended({ content: 'All done.' });
    expect(text.isFinished).toBe(false);
    text.over();
    expect(text.finish(0, 'think', 'm').reply).toMatchObject({ content: 'All done.', finish_reason: 'stop' });
    const call = ended(called(0, 'a', 'f', '{}'));
    call.over();
    expect(call.finish(0, 'think', 'm').reply).toMatchObject({ finish_reason: 'tool_calls', tool_calls: [{ id: 'a' }] });
  });

  it('does not count when it is not said to be over, is empty, or ends in the middle of a call', () => {
    expect(() => ended({ content: 'All d' }).finish(0, 'think', 'm')).toThrow('without a finish reason');
    for (const delta of [{ content: '' }, { content: '  ' }, called(0, 'a', 'f', '{"x')]) {
      const assembly = ended(delta);
      assembly.over();
      expect(() => assembly.finish(0, 'think', 'm')).toThrow(BrokenAnswer);
    }
  });
});
