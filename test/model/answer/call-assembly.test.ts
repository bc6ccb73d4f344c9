import { describe, expect, it } from 'vitest';
import { CallAssembly } from '../../../activities/model/answer/call-assembly.ts';
import { WireAnswer } from '../../../activities/model/answer/wire.ts';

interface Sent {
  index?: unknown;
  id?: unknown;
  name?: string | null;
  args?: unknown;
}

/** Lists of calls as the wire schema reads them; one list a chunk. */
function read(lists: Sent[][]) {
  return lists.map((list) => {
    const tool_calls = list.map(({ name, args, ...rest }) => ({ ...rest, type: 'function', function: { name, arguments: args } }));
    return WireAnswer.parse({ choices: [{ delta: { tool_calls } }] }).choices?.[0]?.delta?.tool_calls ?? [];
  });
}

function streamed(...lists: Sent[][]) {
  const assembly = new CallAssembly();
  for (const list of read(lists)) assembly.addPieces(list);
  return assembly.finish(3);
}

const said = (calls: ReturnType<typeof streamed>) => calls.map((call) => `${call.function.name} ${call.function.arguments}`);
const ids = (calls: ReturnType<typeof streamed>) => calls.map(({ id }) => id);

const ls = '{"command":"ls"}';
const pwd = '{"command":"pwd"}';
const two = [`bash ${ls}`, `bash ${pwd}`];

describe('parallel calls that a server streams under one index', () => {
  it.each([
    ['a chunk each, with ids', [[{ index: 0, id: 'a', name: 'bash', args: ls }], [{ index: 0, id: 'b', name: 'bash', args: pwd }]]],
    [
      'both in one chunk, with ids',
      [
        [
          { index: 0, id: 'a', name: 'bash', args: ls },
          { index: 0, id: 'b', name: 'bash', args: pwd },
        ],
      ],
    ],
    ['a chunk each, without ids', [[{ index: 0, name: 'bash', args: ls }], [{ index: 0, name: 'bash', args: pwd }]]],
    ['a chunk each, with empty ids', [[{ index: 0, id: '', name: 'bash', args: ls }], [{ index: 0, id: '', name: 'bash', args: pwd }]]],
    [
      'a chunk each, with equal ids',
      [[{ index: 0, id: 'call', name: 'bash', args: ls }], [{ index: 0, id: 'call', name: 'bash', args: pwd }]],
    ],
    [
      'both in one chunk, with equal ids',
      [
        [
          { index: 0, id: 'call', name: 'bash', args: ls },
          { index: 0, id: 'call', name: 'bash', args: pwd },
        ],
      ],
    ],
    [
      'both in one chunk, without ids',
      [
        [
          { index: 0, name: 'bash', args: ls },
          { index: 0, name: 'bash', args: pwd },
        ],
      ],
    ],
    ['without index and ids', [[{ name: 'bash', args: ls }], [{ name: 'bash', args: pwd }]]],
    [
      'in pieces, the id with the first',
      [
        [{ index: 0, id: 'a', name: 'bash', args: '' }],
        [{ index: 0, args: '{"command":' }],
        [{ index: 0, args: '"ls"}' }],
        [{ index: 0, id: 'b', name: 'bash', args: '' }],
        [{ index: 0, args: pwd }],
      ],
    ],
    [
      'in pieces, without ids',
      [
        [{ index: 0, name: 'bash', args: '{"command"' }],
        [{ index: 0, args: ':"ls"}' }],
        [{ index: 0, name: 'bash', args: '{"comm' }],
        [{ index: 0, args: 'and":"pwd"}' }],
      ],
    ],
    [
      'the id before the name',
      [
        [{ index: 0, id: 'a' }],
        [{ index: 0, name: 'bash' }],
        [{ index: 0, args: ls }],
        [{ index: 0, id: 'b' }],
        [{ index: 0, name: 'bash' }],
        [{ index: 0, args: pwd }],
      ],
    ],
    [
      'interleaved by id',
      [
        [
          { index: 0, id: 'a', name: 'bash', args: '' },
          { index: 0, id: 'b', name: 'bash', args: '' },
        ],
        [{ index: 0, id: 'a', args: '{"command":' }],
        [{ index: 0, id: 'b', args: '{"command":"pwd"' }],
        [{ index: 0, id: 'a', args: '"ls"}' }],
        [{ index: 0, id: 'b', args: '}' }],
      ],
    ],
    [
      'arguments as objects',
      [[{ index: 0, name: 'bash', args: { command: 'ls' } }], [{ index: 0, name: 'bash', args: { command: 'pwd' } }]],
    ],
  ])('stay apart: %s', (_how, lists) => {
    expect(said(streamed(...lists))).toEqual(two);
    expect(new Set(ids(streamed(...lists))).size).toBe(2);
  });

  it('stay apart when the first has no arguments', () => {
    const calls = streamed([{ index: 0, id: 'a', name: 'submit', args: '' }], [{ index: 0, id: 'b', name: 'bash', args: ls }]);
    expect(said(calls)).toEqual(['submit ', `bash ${ls}`]);
    expect(said(streamed([{ index: 0, name: 'submit', args: '' }], [{ index: 0, name: 'bash', args: ls }]))).toEqual([
      'submit ',
      `bash ${ls}`,
    ]);
  });

  it('stay apart when they say the same', () => {
    expect(said(streamed([{ index: 0, id: 'a', name: 'bash', args: ls }], [{ index: 0, id: 'b', name: 'bash', args: ls }]))).toHaveLength(
      2,
    );
    expect(said(streamed([{ index: 0, name: 'bash', args: ls }], [{ index: 0, name: 'bash', args: ls }]))).toHaveLength(2);
  });

  it('stay apart when the first is not JSON and the tools are others', () => {
    const calls = streamed([{ index: 0, name: 'bash', args: '{"command": ls' }], [{ index: 0, name: 'finish', args: '{}' }]);
    expect(said(calls)).toEqual(['bash {"command": ls', 'finish {}']);
  });
});

describe('pieces of one call', () => {
  it.each([
    [
      'that repeat id and name',
      [
        [{ index: 0, id: 'a', name: 'bash', args: '{"comm' }],
        [{ index: 0, id: 'a', name: 'bash', args: 'and":"ls"}' }],
        [{ index: 0, id: 'a', name: 'bash', args: '' }],
      ],
    ],
    [
      'that repeat the name without an id',
      [
        [{ index: 0, name: 'bash', args: '' }],
        [{ index: 0, name: 'bash', args: '{"comm' }],
        [{ index: 0, name: 'bash', args: 'and":"ls"}' }],
        [{ index: 0, name: 'bash', args: '' }],
      ],
    ],
    [
      'whose later ids are others',
      [
        [{ index: 0, id: 'a', name: 'bash', args: '' }],
        [{ index: 0, id: 'x', args: '{"comm' }],
        [{ index: 0, id: 'x', args: 'and":"ls"}' }],
      ],
    ],
    [
      'each with an id of its own',
      [
        [{ index: 0, id: 'a', name: 'bash', args: '' }],
        [{ index: 0, id: 'b', name: 'bash', args: '{"comm' }],
        [{ index: 0, id: 'c', name: 'bash', args: 'and":"ls"}' }],
      ],
    ],
    [
      'with empty ids and names after the first',
      [
        [{ index: 0, id: 'a', name: 'bash', args: '' }],
        [{ index: 0, id: '', name: '', args: '{"comm' }],
        [{ index: 0, id: '', name: '', args: 'and":"ls"}' }],
      ],
    ],
    [
      'with nulls',
      [
        [{ index: 0, id: 'a', name: 'bash', args: null }],
        [{ index: 0, id: null, name: null, args: '{"comm' }],
        [{ index: null, id: null, name: null, args: 'and":"ls"}' }],
      ],
    ],
    ['with the index as text', [[{ index: '0', id: 'a', name: 'bash', args: '{"comm' }], [{ index: '0', args: 'and":"ls"}' }]]],
    ['with an index that is none', [[{ index: -1, id: 'a', name: 'bash', args: '{"comm' }], [{ index: -1, args: 'and":"ls"}' }]]],
    [
      'behind an empty object',
      [[{ index: 0, id: 'a', name: 'bash', args: '{}' }], [{ index: 0, args: '{"comm' }], [{ index: 0, args: 'and":"ls"}' }]],
    ],
    [
      'that are sent once more as a whole',
      [
        [{ index: 0, id: 'a', name: 'bash', args: '' }],
        [{ index: 0, args: '{"comm' }],
        [{ index: 0, args: 'and":"ls"}' }],
        [{ index: 0, args: ls }],
      ],
    ],
    [
      'that hold all so far',
      [
        [{ index: 0, id: 'a', name: 'bash', args: '' }],
        [{ index: 0, args: '{"comm' }],
        [{ index: 0, args: '{"command":"l' }],
        [{ index: 0, args: ls }],
      ],
    ],
    ['and the same call once more', [[{ index: 0, id: 'a', name: 'bash', args: ls }], [{ index: 0, id: 'a', name: 'bash', args: ls }]]],
    ['and an empty one with another id', [[{ index: 0, id: 'a', name: 'bash', args: ls }], [{ index: 0, id: 'b', args: '' }]]],
  ])('make one call: %s', (_how, lists) => {
    expect(said(streamed(...lists))).toEqual([`bash ${ls}`]);
    expect(ids(streamed(...lists))).toEqual([lists[0]?.[0] && 'id' in lists[0][0] ? 'a' : 'call_3_0']);
  });

  it('take the id that comes later, also as a number', () => {
    expect(ids(streamed([{ index: 0, name: 'bash', args: '' }], [{ index: 0, id: 17, args: ls }]))).toEqual(['17']);
  });

  it('keep arguments that are no JSON as the model wrote them', () => {
    expect(said(streamed([{ index: 0, id: 'a', name: 'bash', args: '{"command": "ls' }]))).toEqual(['bash {"command": "ls']);
  });
});

describe('a whole list of calls', () => {
  const whole = (...list: Sent[]) => {
    const assembly = new CallAssembly();
    for (const calls of read([list])) assembly.setWhole(calls);
    return assembly.finish(3);
  };

  it.each([
    ['equal', 'call'],
    ['empty', ''],
    ['missing', undefined],
    ['null', null],
  ])('is taken entry by entry with ids that are %s', (_what, id) => {
    const calls = whole({ id, name: 'bash', args: ls }, { id, name: 'bash', args: pwd }, { id, name: 'bash', args: ls });
    expect(said(calls)).toEqual([...two, `bash ${ls}`]);
    expect(new Set(ids(calls)).size).toBe(3);
  });

  it('keeps a call without arguments, unfinished ones, and its order whatever the indices', () => {
    const calls = whole(
      { index: 0, name: 'submit', args: '' },
      { index: 0, name: 'bash', args: '{"command' },
      { index: 0, name: 'bash', args: pwd },
    );
    expect(said(calls)).toEqual(['submit ', 'bash {"command', `bash ${pwd}`]);
  });
});

describe('half a surrogate pair in arguments', () => {
  it('becomes the replacement character, escaped or not, and whole pairs stay', () => {
    const sent = '{"command":"a\ud83d b \\ud83d c \\ud83d\\ude00 \ud83d\ude00 \\\\ud83d"}';
    expect(said(streamed([{ index: 0, id: 'a', name: 'bash', args: sent }]))).toEqual([
      'bash {"command":"a\ufffd b \\ufffd c \\ud83d\\ude00 \ud83d\ude00 \\\\ud83d"}',
    ]);
  });

  it('is none when the pair was cut into two pieces', () => {
    expect(said(streamed([{ index: 0, id: 'a', name: 'bash', args: '{"command":"\ud83d' }], [{ index: 0, args: '\ude00"}' }]))).toEqual([
      'bash {"command":"\ud83d\ude00"}',
    ]);
  });
});
