import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import OpenAI from 'openai';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { loadScripts } from '../../../demo/scripted-teacher/load-scripts.ts';
import { askedTwice, readTeacherLog } from '../../../demo/scripted-teacher/request-log.ts';
import { type RunningTeacher, type TeacherOptions, startTeacher } from '../../../demo/scripted-teacher/server.ts';
import { TeacherScript } from '../../../schemas/teacher-script.ts';

let teacher: RunningTeacher | undefined;
afterEach(async () => {
  await teacher?.close();
  teacher = undefined;
});

async function start(scripts: unknown[], options: Partial<TeacherOptions> = {}): Promise<OpenAI> {
  teacher = await startTeacher({ scripts: scripts.map((script) => TeacherScript.parse(script)), ...options });
  return new OpenAI({ baseURL: teacher.url, apiKey: options.apiKey ?? 'any', maxRetries: 0, logLevel: 'off' });
}

const tool = (name: string) => ({ type: 'function' as const, function: { name, parameters: {} } });
const openhands = ['execute_bash', 'think', 'finish', 'str_replace_editor'].map(tool);
const sweagent = ['bash', 'str_replace_editor', 'submit'].map(tool);

interface Asking {
  model?: string;
  text?: string;
  tools?: ReturnType<typeof tool>[];
  turn?: number;
  thinking?: boolean;
  headers?: Record<string, string>;
}

async function say(
  client: OpenAI,
  { model = 'm', text = 'Fix the bug.', tools = openhands, turn = 0, thinking, headers = {} }: Asking = {},
) {
  const history = Array.from({ length: turn }, () => ({ role: 'assistant' as const, content: 'done' }));
  const body = {
    model,
    messages: [{ role: 'user' as const, content: text }, ...history],
    tools,
    ...(thinking === undefined ? {} : { chat_template_kwargs: { enable_thinking: thinking } }),
  };
  const answer = await client.chat.completions.create(body, { headers });
  const message = answer.choices[0]?.message;
  const calls = (message?.tool_calls ?? []).map((call) => (call.type === 'function' ? [call.function.name, call.function.arguments] : []));
  return { ...message, calls, finish: answer.choices[0]?.finish_reason, usage: answer.usage };
}

describe('a script', () => {
  it('is chosen by model, harness, reasoning, task and header, the first that matches', async () => {
    const script = (name: string, match: object) => ({ name, match, turns: [{ text: name }] });
    const client = await start([
      script('by model', { model: 'special' }),
      script('by harness', { harness: 'sweagent' }),
      script('by reasoning', { thinking: false }),
      script('by task', { task: 'lru map' }),
      script('by header', { headers: { 'Idempotency-Key': '/2/\\d+$' } }),
      script('otherwise', {}),
    ]);
    expect((await say(client, { model: 'special', tools: sweagent })).content).toBe('by model');
    expect((await say(client, { tools: sweagent })).content).toBe('by harness');
    expect((await say(client, { thinking: false })).content).toBe('by reasoning');
    expect((await say(client, { text: 'Fix it. /no_think' })).content).toBe('by reasoning');
    expect((await say(client, { text: 'The lru map is broken.' })).content).toBe('by task');
    expect((await say(client, { headers: { 'Idempotency-Key': 'c/t/openhands/think/2/0' } })).content).toBe('by header');
    expect((await say(client)).content).toBe('otherwise');
  });

  it('that nobody wrote is an error naming what was asked', async () => {
    const client = await start([{ name: 'a', match: { model: 'x' }, turns: [{ text: 'a' }] }]);
    await expect(say(client)).rejects.toThrow(/no script matches model m, harness openhands/);
  });

  it('is spelt for the harness that asks', async () => {
    const turns = [
      { calls: [{ run: 'ls', timeout: 5 }] },
      {
        calls: [
          { view: '/a', view_range: [1, 2] },
          { create: '/b', file_text: 'x' },
        ],
      },
      { calls: [{ str_replace: '/a', old_str: 'x', new_str: 'y' }, { insert: '/a', insert_line: 0, new_str: 'z' }, { undo_edit: '/a' }] },
      { calls: [{ finish: 'All done.' }] },
      { calls: [{ think: 'Hm.' }] },
    ];
    const client = await start([{ name: 'a', turns }]);
    const calls = async (tools: typeof openhands, turn: number) => (await say(client, { tools, turn })).calls;
    expect(await calls(openhands, 0)).toEqual([['execute_bash', '{"command":"ls","timeout":5}']]);
    expect(await calls(sweagent, 0)).toEqual([['bash', '{"command":"ls"}']]);
    expect(await calls(sweagent, 1)).toEqual([
      ['str_replace_editor', '{"command":"view","path":"/a","view_range":[1,2]}'],
      ['str_replace_editor', '{"command":"create","path":"/b","file_text":"x"}'],
    ]);
    expect(await calls(openhands, 2)).toEqual([
      ['str_replace_editor', '{"command":"str_replace","path":"/a","old_str":"x","new_str":"y"}'],
      ['str_replace_editor', '{"command":"insert","path":"/a","insert_line":0,"new_str":"z"}'],
      ['str_replace_editor', '{"command":"undo_edit","path":"/a"}'],
    ]);
    expect(await calls(openhands, 3)).toEqual([['finish', '{"message":"All done."}']]);
    expect(await calls(sweagent, 3)).toEqual([['submit', '{}']]);
    expect(await calls(openhands, 4)).toEqual([['think', '{"thought":"Hm."}']]);
    expect(await calls(sweagent, 4)).toEqual([['bash', '{"command":": thinking"}']]);
  });

  it('can send broken arguments, unknown tools and calls without an id', async () => {
    const client = await start([
      {
        name: 'a',
        turns: [
          {
            calls: [
              { tool: 'execute_bash', arguments: '{"command": "ls' },
              { tool: 'fly', id: null },
            ],
          },
        ],
      },
    ]);
    const answer = await say(client);
    expect(answer.calls).toEqual([
      ['execute_bash', '{"command": "ls'],
      ['fly', '{}'],
    ]);
    expect(answer.tool_calls?.map((call) => call.id)).toEqual(['scripted_0_0', undefined]);
  });

  it('goes by assistant messages, or by the exchange that the key names', async () => {
    const client = await start([{ name: 'a', turns: [{ text: 'zero' }, { text: 'one', repeat: 2 }, { text: 'three' }] }]);
    const texts = await Promise.all([0, 1, 2, 3, 9].map(async (turn) => (await say(client, { turn })).content));
    expect(texts).toEqual(['zero', 'one', 'one', 'three', 'three']);
    expect((await say(client, { turn: 1, headers: { 'Idempotency-Key': 'c/t/openhands/think/0/3' } })).content).toBe('three');
  });

  it('can repeat a turn for ever, or fall silent at its end', async () => {
    const client = await start([
      { name: 'loop', match: { model: 'loop' }, turns: [{ text: 'again', repeat: 'forever' }] },
      { name: 'end', turns: [{ text: 'a', calls: [{ run: 'ls' }] }], afterwards: 'text' },
    ]);
    expect((await say(client, { model: 'loop', turn: 200 })).content).toBe('again');
    expect(await say(client, { turn: 1 })).toMatchObject({ calls: [], finish: 'stop' });
  });

  it('fills in values, named groups and the place in the script', async () => {
    const turns = [
      { text: '${{greeting}} ${{repo}} ${{mode}} ${{repetition}}', calls: [{ run: 'cd ${{repo}} && echo ${HOME} {{ x }}' }], repeat: 3 },
    ];
    const client = await start([{ name: 'a', match: { pattern: 'in (?<repo>/\\w+)' }, values: { greeting: 'hi' }, turns }]);
    const answer = await say(client, { text: 'It is in /lrumap.', turn: 2 });
    expect(answer.content).toBe('hi /lrumap think 2');
    expect(answer.calls).toEqual([['execute_bash', '{"command":"cd /lrumap && echo ${HOME} {{ x }}"}']]);
  });

  it('reasons only when asked to, in the field it names', async () => {
    const turns = [{ reasoning: 'hm', text: 'ok' }];
    const fields = ['reasoning_content', 'reasoning', 'inline', 'inline_unopened'];
    const client = await start(fields.map((field) => ({ name: field, match: { model: field }, reasoning_field: field, turns })));
    expect(await say(client, { model: 'reasoning_content' })).toMatchObject({ content: 'ok', reasoning_content: 'hm' });
    expect(await say(client, { model: 'reasoning' })).toMatchObject({ content: 'ok', reasoning: 'hm' });
    expect((await say(client, { model: 'inline' })).content).toBe('<think>\nhm\n</think>\n\nok');
    expect((await say(client, { model: 'inline_unopened' })).content).toBe('hm\n</think>\n\nok');
    expect(await say(client, { model: 'reasoning_content', thinking: false })).not.toHaveProperty('reasoning_content');
  });
});

describe('the server', () => {
  const script = {
    name: 'a',
    match: { model: 'm' },
    turns: [{ text: 'The answer is long enough to be cut.', calls: [{ run: 'ls -la' }] }],
  };

  it('streams what it otherwise sends whole, with the same usage', async () => {
    const client = await start([script], { pieceCharacters: 5 });
    const body = { model: 'm', messages: [{ role: 'user' as const, content: 'x' }], tools: openhands };
    let content = '';
    let args = '';
    const finish: unknown[] = [];
    let usage: OpenAI.CompletionUsage | null | undefined;
    for await (const chunk of await client.chat.completions.create({ ...body, stream: true, stream_options: { include_usage: true } })) {
      content += chunk.choices[0]?.delta.content ?? '';
      args += chunk.choices[0]?.delta.tool_calls?.[0]?.function?.arguments ?? '';
      if (chunk.choices[0]?.finish_reason) finish.push(chunk.choices[0].finish_reason);
      usage = chunk.usage ?? usage;
    }
    expect([content, args, finish]).toEqual(['The answer is long enough to be cut.', '{"command":"ls -la"}', ['tool_calls']]);
    expect(usage?.completion_tokens).toBe((await say(client)).usage?.completion_tokens);
  });

  it('gives the same answer after a restart', async () => {
    const first = await say(await start([script]), { turn: 1 });
    await teacher?.close();
    expect(await say(await start([script]), { turn: 1 })).toEqual(first);
  });

  it('lists its models and refuses other keys', async () => {
    const client = await start([script], { apiKey: 'right-key' });
    expect((await client.models.list()).data.map(({ id }) => id)).toEqual(['m']);
    const stranger = new OpenAI({ baseURL: teacher?.url ?? '', apiKey: 'wrong', maxRetries: 0 });
    await expect(say(stranger)).rejects.toMatchObject({ status: 401 });
    expect(teacher?.log()).toEqual([]);
  });

  it('logs each request as it comes and as it ends, to a file that can be read while it grows', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tracemill-teacher-'));
    const logFile = join(folder, 'log', 'teacher.jsonl');
    const client = await start([script], { logFile, fsync: true });
    const headers = { 'Idempotency-Key': 'c/t/openhands/think/0/0', 'X-Tracemill-Attempt': '1' };
    await say(client, { headers });
    const entries = readTeacherLog(logFile);
    expect(entries.map(({ event, key, attempt, status }) => ({ event, key, attempt, status }))).toEqual([
      { event: 'asked', key: 'c/t/openhands/think/0/0', attempt: 1, status: undefined },
      { event: 'answered', key: 'c/t/openhands/think/0/0', attempt: 1, status: 200 },
    ]);
    expect(askedTwice(entries)).toEqual([]);
    await say(client, { headers });
    expect(askedTwice(readTeacherLog(logFile))).toEqual(['c/t/openhands/think/0/0']);
    rmSync(folder, { recursive: true });
  });

  it('misbehaves by chance the same way for the same seed, and leaves later attempts alone', async () => {
    const statuses = async (seed: string): Promise<number[]> => {
      const client = await start([script], { chaos: { seed, probabilities: { server_error: 0.5 }, maxAttempts: 1, tokensPerSecond: 5 } });
      const ask = (exchange: number, attempt: number) =>
        say(client, { headers: { 'Idempotency-Key': `r/${exchange}`, 'X-Tracemill-Attempt': String(attempt) } }).then(
          () => 200,
          (error: unknown) => (error instanceof OpenAI.APIError ? Number(error.status) : 0),
        );
      const first = await Promise.all(Array.from({ length: 20 }, (_, exchange) => ask(exchange, 1)));
      const second = await Promise.all(Array.from({ length: 20 }, (_, exchange) => ask(exchange, 2)));
      await teacher?.close();
      teacher = undefined;
      expect(new Set(second)).toEqual(new Set([200]));
      return first;
    };
    const drawn = await statuses('a');
    expect(new Set(drawn)).toEqual(new Set([200, 500]));
    expect(await statuses('a')).toEqual(drawn);
    expect(await statuses('b')).not.toEqual(drawn);
  });
});

describe('script files', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tracemill-scripts-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const file = (text: string) => {
    const path = join(folder, 'script.yaml');
    writeFileSync(path, text);
    return path;
  };

  it('hold one script or several', () => {
    expect(loadScripts([file('name: a\nturns:\n  - text: hi\n    calls: [{run: ls}]\n')]).map(({ name }) => name)).toEqual(['a']);
    const several = loadScripts([file('scripts:\n  - {name: a, turns: [{text: x}]}\n  - {name: b, turns: [{text: y}]}\n')]);
    expect(several.map(({ name }) => name)).toEqual(['a', 'b']);
  });

  it.each([
    ['an unknown field', 'name: a\nturn: []\nturns: [{text: x}]\n', /turn/],
    ['a bad pattern', 'name: a\nmatch: {pattern: "("}\nturns: [{text: x}]\n', /script a/],
    ['no YAML', '{', /script\.yaml/],
  ])('with %s are refused with file and place', (_name, text, message) => {
    expect(() => loadScripts([file(text)])).toThrow(message);
  });
});
