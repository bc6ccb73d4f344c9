import { describe, expect, it } from 'vitest';
import { only, stream } from './collect.ts';

type Said = { role: string; content: string; tool_calls?: unknown };

async function read(...messages: Said[]) {
  const trajectory = await only(stream(JSON.stringify({ id: 'a', messages: [{ role: 'user', content: 'Go.' }, ...messages] })));
  const calls = trajectory.messages.flatMap((message) =>
    message.role === 'assistant' ? (message.tool_calls ?? []).map(({ function: called }) => `${called.name} ${called.arguments}`) : [],
  );
  const results = trajectory.messages.flatMap((message) => (message.role === 'tool' ? [message.content] : []));
  return { calls, results, lost: trajectory.lost.map(({ reason }) => reason), messages: trajectory.messages };
}

const says = (content: string): Said => ({ role: 'assistant', content });
const hears = (content: string): Said => ({ role: 'user', content });
const makes = (name: string, args: object, content = ''): Said => ({
  role: 'assistant',
  content,
  tool_calls: [{ id: `of-${name}`, function: { name, arguments: JSON.stringify(args) } }],
});

const bash = 'bash {"command":"git status"}';
const json = '{"name": "bash", "arguments": {"command": "git status"}}';

describe('a call in text is read from', () => {
  it.each([
    ['Hermes tags', `<tool_call>\n${json}\n</tool_call>`],
    ['tags without an end', `<tool_call>\n${json}`],
    ['tags around a list', `<tool_call>[${json}]</tool_call>`],
    [
      'tags with line breaks inside strings',
      '<tool_call>{"name": "bash", "arguments": {"command": "git\nstatus"}}</tool_call>',
      'bash {"command":"git\\nstatus"}',
    ],
    ['tags around a Python dictionary', "<tool_call>{'name': 'bash', 'arguments': {'command': 'git status'}}</tool_call>"],
    ['tags around XML', '<tool_call>\n<function=bash>\n<parameter=command>\ngit status\n</parameter>\n</function>\n</tool_call>'],
    ['function tags', '<function=bash>\n<parameter=command>git status</parameter>\n</function>'],
    ['function tags without an end', '<function=bash>\n<parameter=command>git status</parameter>'],
    ['function tags around JSON', '<function=bash>{"command": "git status"}</function>'],
    ['pairs of keys and values', '<tool_call>bash\n<arg_key>command</arg_key>\n<arg_value>git status</arg_value>\n</tool_call>'],
    [
      'invoke tags',
      '<function_calls>\n<invoke name="bash">\n<parameter name="command">git status</parameter>\n</invoke>\n</function_calls>',
    ],
    [
      'invoke tags of MiniMax',
      '<minimax:tool_call>\n<invoke name="bash">\n<parameter name="command">git status</parameter>\n</invoke>\n</minimax:tool_call>',
    ],
    [
      'invoke tags of DeepSeek',
      '<｜DSML｜function_calls><｜DSML｜invoke name="bash"><｜DSML｜parameter name="command" string="true">git status</｜DSML｜parameter></｜DSML｜invoke></｜DSML｜function_calls>',
    ],
    [
      'invoke tags of an older kind',
      '<function_calls><invoke><tool_name>bash</tool_name><parameters><command>git status</command></parameters></invoke></function_calls>',
    ],
    ['the tag of CodeAct', '<execute_bash>\ngit status\n</execute_bash>', 'execute_bash {"command":"git status"}'],
    [
      'a tag named by its tool',
      '<execute_command>\n<command>git status</command>\n<requires_approval>false</requires_approval>\n</execute_command>',
      'execute_command {"command":"git status","requires_approval":"false"}',
    ],
    ['the token of Mistral', `[TOOL_CALLS][${json}]`],
    ['the token of Mistral with a name', '[TOOL_CALLS]bash[ARGS]{"command": "git status"}'],
    [
      'the tokens of DeepSeek',
      '<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function<｜tool▁sep｜>bash\n```json\n{"command": "git status"}\n```<｜tool▁call▁end｜><｜tool▁calls▁end｜>',
    ],
    [
      'the tokens of DeepSeek 3.1',
      '<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>bash<｜tool▁sep｜>{"command": "git status"}<｜tool▁call▁end｜><｜tool▁calls▁end｜>',
    ],
    [
      'the tokens of Kimi',
      '<|tool_calls_section_begin|><|tool_call_begin|>functions.bash:0<|tool_call_argument_begin|>{"command": "git status"}<|tool_call_end|><|tool_calls_section_end|>',
    ],
    ['the token of Llama', '<|python_tag|>{"type": "function", "name": "bash", "parameters": {"command": "git status"}}'],
    ['the channels of gpt-oss', '<|channel|>commentary to=functions.bash <|constrain|>json<|message|>{"command": "git status"}<|call|>'],
    [
      'the tokens of Cohere',
      '<|START_ACTION|>[{"tool_call_id": "0", "tool_name": "bash", "parameters": {"command": "git status"}}]<|END_ACTION|>',
    ],
    ['the token of Phi', `<|tool_call|>[${json}]<|/tool_call|>`],
    ['the tag of Nemotron', `<TOOLCALL>[${json}]</TOOLCALL>`],
    ['a reply that is JSON', json],
    ['a reply that is fenced JSON', '```json\n{"action": "bash", "action_input": {"command": "git status"}}\n```'],
    [
      'the keys of a terminal',
      '{"analysis": "x", "commands": [{"keystrokes": "git status\\n", "duration": 1}]}',
      'terminal {"commands":[{"keystrokes":"git status\\n","duration":1}]}',
    ],
    ['action and input', 'Thought: look.\nAction: bash\nAction Input: {"command": "git status"}'],
    ['a fenced block', 'I look.\n```bash\ngit status\n```'],
    ['a fenced block without an end', 'I look.\n```\ngit status'],
    ['a fenced block that shows a prompt', '```console\n$ git status\nOn branch main\n```'],
  ])('%s', async (_form, content, called = bash) => {
    const { calls, results, lost } = await read(says(content), hears('clean'), says('Done.'));
    expect({ calls, results, lost }).toEqual({ calls: [called], results: ['clean'], lost: [] });
  });

  it('marks leave the text, for the call now stands beside it; fenced blocks are prose and stay', async () => {
    const tags = await read(says(`I look.\n<tool_call>${json}</tool_call>`), hears('clean'));
    expect(tags.messages[1]?.content).toBe('I look.');
    const fence = await read(says('I look.\n```\ngit status\n```'), hears('clean'));
    expect(fence.messages[1]?.content).toContain('git status');
  });

  it('several marks are several calls, with as many results', async () => {
    const { calls, results, messages } = await read(
      says(`<tool_call>${json}</tool_call>\n<tool_call>{"name": "bash", "arguments": {"command": "ls"}}</tool_call>`),
      hears('<tool_response>\nclean\n</tool_response>\n<tool_response>\na.py\n</tool_response>\nGo on.'),
    );
    expect(calls).toEqual([bash, 'bash {"command":"ls"}']);
    expect(results).toEqual(['clean', 'a.py']);
    expect(messages.at(-1)).toEqual({ role: 'user', content: 'Go on.' });
  });

  it('the heading that a harness puts over a result is no part of it', async () => {
    const { results } = await read(
      says('<function=bash><parameter=command>ls</parameter></function>'),
      hears('EXECUTION RESULT of [bash]:\na.py'),
    );
    expect(results).toEqual(['a.py']);
  });
});

describe('beside calls of the API', () => {
  const finish = makes('finish', {});

  it.each([
    ['a tag', says(`<tool_call>${json}</tool_call>`)],
    ['a fenced block', says('```\ngit status\n```')],
  ])('%s in another message is a call where the API is used to end only', async (_what, said) => {
    expect((await read(said, hears('clean'), finish)).calls).toEqual([bash, 'finish {}']);
  });

  it('a tag in another message is a call, also where the API is used for commands', async () => {
    const said = [
      makes('bash', { command: 'ls' }),
      { role: 'tool', content: 'a.py' },
      says(`<tool_call>${json}</tool_call>`),
      hears('clean'),
    ];
    expect((await read(...said)).calls).toEqual(['bash {"command":"ls"}', bash]);
  });

  it.each([
    ['a fenced block', 'Run this later:\n```bash\ngit status\n```'],
    ['a tag in a fenced block', 'The model writes\n```\n<function=bash><parameter=command>git status</parameter></function>\n```'],
    ['a tag in backticks', 'It writes `<function=bash><parameter=command>x</parameter></function>` then.'],
    ['a tag that is only named', 'The parser looks for <tool_call> in the text.'],
  ])('%s that is talked about is no call', async (_what, content) => {
    const { calls, lost } = await read(makes('bash', { command: 'ls' }), { role: 'tool', content: 'a.py' }, says(content), hears('Go on.'));
    expect({ calls, lost }).toEqual({ calls: ['bash {"command":"ls"}'], lost: [] });
  });

  it('a fenced block is a call where its result is marked as one', async () => {
    const { calls, results } = await read(
      makes('bash', { command: 'ls' }),
      { role: 'tool', content: 'a.py' },
      says('```bash\ngit status\n```'),
      hears('<returncode>0</returncode>\n<output>\nclean\n</output>'),
    );
    expect(calls).toEqual(['bash {"command":"ls"}', bash]);
    expect(results).toHaveLength(2);
  });

  it('the same call in text and by the API of one message is one', async () => {
    const same = makes('bash', { command: 'git status' }, `<tool_call>${json}</tool_call>`);
    const fenced = makes('bash', { command: 'git status' }, '```bash\ngit status\n```');
    expect((await read(same)).calls).toEqual([bash]);
    expect((await read(same)).lost).toEqual([]);
    expect((await read(fenced)).calls).toEqual([bash]);
  });

  it('another call in the text of such a message is said to be lost', async () => {
    const { calls, lost } = await read(makes('bash', { command: 'ls' }, `<tool_call>${json}</tool_call>`));
    expect(calls).toEqual(['bash {"command":"ls"}']);
    expect(lost).toEqual(['a call of bash in the text beside calls of the API']);
  });
});

describe('a command in a field of its own', () => {
  it.each(['action', 'command'])('%s is a call where the reply makes no other', async (field) => {
    const said = { ...says('I look.'), [field]: 'git status' };
    expect((await read(said, hears('clean'), makes('submit', {}))).calls).toEqual([bash, 'submit {}']);
    const both = { ...makes('bash', { command: 'git status' }), [field]: 'git status' };
    expect((await read(both)).calls).toEqual([bash]);
    const tagged = { ...says(`<tool_call>${json}</tool_call>`), [field]: 'git status' };
    expect((await read(tagged)).calls).toEqual([bash]);
  });
});

describe('a result that the user brings', () => {
  it('belongs to the call of the API before it where it is marked', async () => {
    const { results, lost } = await read(makes('bash', { command: 'ls' }), hears('<output>\na.py\n</output>'), makes('submit', {}));
    expect({ results, lost }).toEqual({ results: ['<output>\na.py\n</output>'], lost: [] });
    expect((await read(makes('bash', { command: 'ls' }), hears('Go on.'))).results).toEqual([]);
  });
});

describe('what cannot be read is said', () => {
  it('of marks', async () => {
    const { calls, lost } = await read(says('<tool_call>{"name": "bash", "arguments": {"comm</tool_call>'), hears('?'));
    expect(calls).toEqual([]);
    expect(lost).toContain('a call in the text that cannot be read');
  });

  it('of a form that is not known, by its results or by there being no call at all', async () => {
    const unknown = says('<run>git status</run>');
    expect((await read(unknown, { role: 'tool', content: 'clean' }, says('Done.'))).lost).toContain('a result whose call is not on record');
    expect((await read(unknown, hears('clean'), unknown)).lost).toEqual([
      'no reply has a call that does anything, although 2 of 2 hold code or tags',
    ]);
    expect((await read(unknown, hears('clean'), unknown, hears('clean'), makes('finish', {}))).lost).toHaveLength(1);
    expect((await read(says('Hello.'), hears('Hi.'), says('Bye.'))).lost).toEqual([]);
  });
});

describe('reasoning', () => {
  it('that thinks of a call makes none', async () => {
    const { calls } = await read(says(`<think>I could write <tool_call>${json}</tool_call>.</think>\nNo.`), hears('Go on.'));
    expect(calls).toEqual([]);
  });
});

describe('a text of nothing but marks', () => {
  it.each([
    '<tool_call>',
    '<tool_call>{',
    '<function=x>',
    '<function=x><parameter=y>',
    '<invoke name="x">',
    '[TOOL_CALLS]',
    '<tool_response>',
    '`<tool_call>`',
    '```\n',
  ])('of %j is read in time that grows with its length', async (mark) => {
    const { messages } = await read(
      says(mark.repeat(20_000)),
      hears(mark.repeat(20_000)),
      says(`${' '.repeat(100_000)}${'\n'.repeat(100_000)}<x>`),
    );
    expect(messages.length).toBeGreaterThan(2);
  });
});
