import { describe, expect, it } from 'vitest';
import { calls, collect, only, outline, stream } from './collect.ts';

const lines = (...values: unknown[]) => stream(values.map((value) => `${JSON.stringify(value)}\n`).join(''));

describe('a session of Claude Code', () => {
  const line = (uuid: string, parentUuid: string | null, more: Record<string, unknown>) => ({
    uuid,
    parentUuid,
    sessionId: 's1',
    isSidechain: false,
    cwd: '/repo',
    ...more,
  });
  const asked = (uuid: string, parent: string | null, text: string, more: Record<string, unknown> = {}) =>
    line(uuid, parent, { type: 'user', message: { role: 'user', content: text }, ...more });
  const reply = (uuid: string, parent: string, id: string, block: unknown, more: Record<string, unknown> = {}) =>
    line(uuid, parent, {
      type: 'assistant',
      message: {
        id,
        role: 'assistant',
        model: 'model-1',
        content: [block],
        usage: { input_tokens: 3, cache_read_input_tokens: 10, cache_creation_input_tokens: 2, output_tokens: 5 },
      },
      ...more,
    });
  const result = (uuid: string, parent: string, id: string, content: unknown, more: Record<string, unknown> = {}) =>
    line(uuid, parent, { type: 'user', message: { role: 'user', content: [{ type: 'tool_result', tool_use_id: id, content }] }, ...more });
  const use = (id: string, name: string, input: unknown) => ({ type: 'tool_use', id, name, input });

  it('has the blocks of one reply in one message, though results stand between them', async () => {
    const trajectory = await only(
      lines(
        { type: 'file-history-snapshot', messageId: 'x', snapshot: {} },
        asked('1', null, 'Mend it.'),
        reply('2', '1', 'm1', { type: 'thinking', thinking: 'Two looks.', signature: 'z' }),
        reply('3', '2', 'm1', { type: 'text', text: 'I look.' }),
        reply('4', '3', 'm1', use('t1', 'Bash', { command: 'ls' })),
        result('5', '4', 't1', 'a.py'),
        reply('6', '4', 'm1', use('t2', 'Read', { file_path: '/repo/a.py' })),
        result('7', '6', 't2', [{ type: 'text', text: 'x = 1' }]),
        line('8', '7', { type: 'system', subtype: 'compact_boundary', content: 'Compacted' }),
        reply('9', '7', 'm2', { type: 'text', text: 'Done.' }),
      ),
    );
    expect(outline(trajectory.messages)).toEqual([
      'user: Mend it.',
      'assistant: I look. (thought) → t1 Bash → t2 Read',
      'tool t1: a.py',
      'tool t2: x = 1',
      'assistant: Done.',
    ]);
    expect(trajectory).toMatchObject({ format: 'claude-code', id: 's1', harness: 'claude-code', model: 'model-1', reported: [], lost: [] });
    expect(trajectory.usage).toMatchObject({ calls: 2, prompt_tokens: 30, completion_tokens: 10, cached_tokens: 20 });
  });

  it('has its sub-agents apart, whether they are named, follow one another or are shown as progress', async () => {
    const aside = { isSidechain: true };
    const { trajectories } = await collect(
      lines(
        asked('1', null, 'Mend it.'),
        reply('2', '1', 'm1', use('t1', 'Task', { prompt: 'Search.' })),
        asked('a1', null, 'Search.', aside),
        reply('a2', 'a1', 'm2', use('t2', 'Bash', { command: 'git log --all' }), aside),
        asked('b1', null, 'Search more.', { ...aside, agentId: 'b' }),
        result('a3', 'a2', 't2', 'abc Mend', aside),
        reply('b2', 'b1', 'm3', use('t3', 'Grep', { pattern: 'x' }), { ...aside, agentId: 'b' }),
        line('p', '2', {
          type: 'progress',
          data: { type: 'agent_progress', agentId: 'c', message: reply('c1', 'c0', 'm4', use('t4', 'Bash', { command: 'id' }), aside) },
        }),
        result('3', '2', 't1', 'It is in a.py.'),
        reply('4', '3', 'm5', { type: 'text', text: 'Done.' }),
      ),
    );
    expect(trajectories.map(({ id, messages }) => [id, ...outline(messages)])).toEqual([
      ['s1', 'user: Mend it.', 'assistant:  → t1 Task', 'tool t1: It is in a.py.', 'assistant: Done.'],
      ['s1#a1', 'user: Search.', 'assistant:  → t2 Bash', 'tool t2: abc Mend'],
      ['s1#b', 'user: Search more.', 'assistant:  → t3 Grep'],
      ['s1#c', 'assistant:  → t4 Bash'],
    ]);
  });

  it('that was resumed has no line twice, and not what the harness said for the model', async () => {
    const first = [asked('1', null, 'Mend it.'), reply('2', '1', 'm1', { type: 'text', text: 'Soon.' })];
    const error = { id: 'e', role: 'assistant', model: '<synthetic>', content: [{ type: 'text', text: 'Overloaded' }] };
    const trajectory = await only(
      lines(
        ...first,
        ...first,
        line('3', '2', { type: 'assistant', isApiErrorMessage: true, message: error }),
        asked('4', '3', 'Go on.', { sessionId: 's2' }),
        reply('5', '4', 'm2', { type: 'text', text: 'Done.' }, { sessionId: 's2' }),
      ),
    );
    expect(outline(trajectory.messages)).toEqual(['user: Mend it.', 'assistant: Soon.', 'user: Go on.', 'assistant: Done.']);
    expect(trajectory.reported).toEqual(["messages that the harness wrote in the model's name are left out"]);
  });

  it('is read as it is printed, with its cost and its end', async () => {
    const said = { session_id: 's', parent_tool_use_id: null };
    const [main, agent] = (
      await collect(
        lines(
          { type: 'system', subtype: 'init', session_id: 's', tools: ['Bash'], model: 'model-1' },
          {
            type: 'assistant',
            message: { id: 'm1', role: 'assistant', model: 'model-1', content: [use('t1', 'Bash', { command: 'ls' })] },
            ...said,
          },
          {
            type: 'assistant',
            message: { id: 'n1', role: 'assistant', content: [{ type: 'text', text: 'Aside.' }] },
            ...said,
            parent_tool_use_id: 'task',
          },
          { type: 'user', message: { role: 'user', content: [{ type: 'tool_result', tool_use_id: 't1', content: 'a.py' }] }, ...said },
          { type: 'result', subtype: 'error_max_turns', session_id: 's', total_cost_usd: 0.25, num_turns: 1, is_error: true },
        ),
      )
    ).trajectories;
    expect(outline(main?.messages ?? [])).toEqual(['assistant:  → t1 Bash', 'tool t1: a.py']);
    expect(main).toMatchObject({ id: 's', ending: { kind: 'turn_limit' }, exit_status: 'error_max_turns', usage: { cost_usd: 0.25 } });
    expect(agent).toMatchObject({ id: 's#task', ending: null });
  });

  it("is read as Cursor's agent prints it, with its calls as lines of their own", async () => {
    const said = { session_id: 's' };
    const shell = (result?: unknown) => ({
      shellToolCall: { args: { command: 'git log --all' }, ...(result === undefined ? {} : { result }) },
    });
    const trajectory = await only(
      lines(
        { type: 'system', subtype: 'init', session_id: 's', model: 'model-1' },
        { type: 'user', message: { role: 'user', content: [{ type: 'text', text: 'Mend it.' }] }, ...said },
        { type: 'assistant', message: { role: 'assistant', content: [{ type: 'text', text: 'I look.' }] }, ...said },
        { type: 'tool_call', subtype: 'started', call_id: 'c1', tool_call: shell(), ...said },
        { type: 'tool_call', subtype: 'completed', call_id: 'c1', tool_call: shell({ success: { stdout: 'abc', exitCode: 0 } }), ...said },
        { type: 'tool_call', subtype: 'started', call_id: 'c2', tool_call: { function: { name: 'todo', arguments: '{"a":1}' } }, ...said },
        { type: 'command_batch', commands: ['ls'], ...said },
        { type: 'result', subtype: 'success', is_error: false, result: 'Done.', ...said },
      ),
    );
    expect(outline(trajectory.messages)).toEqual([
      'user: Mend it.',
      'assistant: I look.',
      'assistant:  → c1 shell',
      'tool c1: abc⏎[exit code 0]',
      'assistant:  → c2 todo',
    ]);
    expect(calls(trajectory.messages)).toEqual(['{"command":"git log --all"}', '{"a":1}']);
    expect(trajectory).toMatchObject({ harness: 'cursor-agent', ending: { kind: 'finished' } });
    expect(trajectory.lost).toEqual([{ what: 'call', reason: 'a line of the type "command_batch" that is not known', message: null }]);
  });

  it('whose last line is cut is read to there, and both that and a broken line within it are losses', async () => {
    const whole = [
      asked('1', null, 'Mend it.'),
      reply('2', '1', 'm1', use('t1', 'Bash', { command: 'ls' })),
      result('3', '2', 't1', 'a.py'),
    ];
    const text = whole.map((value) => `${JSON.stringify(value)}\n`);
    const cut = await only(stream(`${text.join('')}{"type":"assis`));
    expect(cut).toMatchObject({
      reported: ['the file is cut: read up to its last whole item'],
      lost: [{ what: 'message', reason: expect.stringMatching(/^the file is cut/), message: null }],
    });
    const { trajectories, bad } = await collect(stream(`${text[0]}${text[1]}{"type" oops}\n${text[2]}`));
    expect(bad).toEqual([{ place: 'stdin:3', problem: expect.stringMatching(/^not JSON/) }]);
    expect(trajectories[0]?.lost).toEqual([{ what: 'message', reason: expect.stringMatching(/^line 3: not JSON/), message: null }]);
  });

  it('without a reply is one message', async () => {
    const { bad } = await collect(lines({ type: 'summary', summary: 'Hm', leafUuid: 'x' }, asked('1', null, 'Mend it.')));
    expect(bad).toEqual([{ place: 'stdin', problem: 'claude-code: a session of Claude Code without a reply of the model' }]);
  });
});

describe('a session of Codex', () => {
  const entry = (type: string, payload: Record<string, unknown>) => ({ timestamp: 't', type, payload });
  const item = (payload: Record<string, unknown>) => entry('response_item', payload);
  const text = (role: string, words: string) => ({
    type: 'message',
    role,
    content: [{ type: role === 'user' ? 'input_text' : 'output_text', text: words }],
  });
  const items = [
    text('user', 'Mend it.'),
    { type: 'reasoning', summary: [{ type: 'summary_text', text: 'Look first.' }], content: null, encrypted_content: 'gAAA' },
    text('assistant', 'I look.'),
    { type: 'function_call', name: 'shell', arguments: '{"command":["bash","-lc","git log --all"]}', call_id: 'c1' },
    { type: 'function_call_output', call_id: 'c1', output: '{"output":"abc Mend\\n","metadata":{"exit_code":0,"duration_seconds":0.1}}' },
    { type: 'custom_tool_call', status: 'completed', call_id: 'c2', name: 'apply_patch', input: '*** Begin Patch' },
    { type: 'custom_tool_call_output', call_id: 'c2', output: 'Success' },
    { type: 'local_shell_call', call_id: 'c3', status: 'completed', action: { type: 'exec', command: ['git', 'reflog'] } },
    { type: 'function_call_output', call_id: 'c3', output: { content: 'abc HEAD@{0}', success: true } },
    { type: 'ghost_snapshot', ghost_commit: {} },
    text('assistant', 'Done.'),
  ];
  const told = [
    'user: Mend it.',
    'assistant: I look. (thought) → c1 shell',
    'tool c1: abc Mend⏎⏎[exit code 0]',
    'assistant:  → c2 apply_patch',
    'tool c2: Success',
    'assistant:  → c3 local_shell',
    'tool c3: abc HEAD@{0}',
    'assistant: Done.',
  ];

  it('is read from its rollout, without the events that repeat it', async () => {
    const trajectory = await only(
      lines(
        entry('session_meta', {
          id: 's1',
          cwd: '/repo',
          cli_version: '0.50',
          base_instructions: { text: 'Be brief.' },
          git: { commit_hash: 'abc1234', repository_url: 'git@example:a/b.git' },
        }),
        entry('turn_context', { model: 'model-1', approval_policy: 'never' }),
        entry('event_msg', { type: 'user_message', message: 'Mend it.' }),
        ...items.map(item),
        entry('event_msg', { type: 'agent_message', message: 'Done.' }),
        entry('event_msg', {
          type: 'token_count',
          info: { total_token_usage: { input_tokens: 90, cached_input_tokens: 40, output_tokens: 9, reasoning_output_tokens: 4 } },
        }),
        entry('event_msg', { type: 'token_count', info: null }),
      ),
    );
    expect(outline(trajectory.messages)).toEqual(['system: Be brief.', ...told]);
    expect(calls(trajectory.messages)).toEqual([
      '{"command":["bash","-lc","git log --all"]}',
      '*** Begin Patch',
      '{"type":"exec","command":["git","reflog"]}',
    ]);
    expect(trajectory).toMatchObject({
      format: 'codex',
      id: 's1',
      model: 'model-1',
      base_commit: 'abc1234',
      repo: 'a/b',
      reported: [],
      lost: [],
    });
    expect(trajectory.usage).toMatchObject({
      cost_usd: null,
      prompt_tokens: 90,
      cached_tokens: 40,
      completion_tokens: 9,
      reasoning_tokens: 4,
    });
  });

  it('is read in the older form, of items without an envelope', async () => {
    const older = await only(lines({ id: 'old', timestamp: 't', instructions: null, git: {} }, { record_type: 'state' }, ...items));
    expect(outline(older.messages)).toEqual(told);
    expect(older.id).toBe('old');
  });

  it('that follows another in one file is one of its own; one that goes on from another is not', async () => {
    const meta = (id: string) => entry('session_meta', { id });
    const [first, second, ...more] = (
      await collect(lines(meta('a'), ...items.map(item), meta('b'), meta('a'), item(text('assistant', 'Hm.'))))
    ).trajectories;
    expect([first?.id, second?.id, more.length]).toEqual(['a', 'b', 0]);
    expect(outline(second?.messages ?? [])).toEqual(['assistant: Hm.']);
  });

  it('is read as it is printed', async () => {
    const trajectory = await only(
      lines(
        { type: 'thread.started', thread_id: 's1' },
        { type: 'turn.started' },
        { type: 'item.completed', item: { id: 'i0', type: 'reasoning', text: 'Look first.' } },
        {
          type: 'item.started',
          item: { id: 'i1', type: 'command_execution', command: "bash -lc 'git log --all'", aggregated_output: '', status: 'in_progress' },
        },
        {
          type: 'item.completed',
          item: {
            id: 'i1',
            type: 'command_execution',
            command: "bash -lc 'git log --all'",
            aggregated_output: 'abc',
            exit_code: 0,
            status: 'completed',
          },
        },
        {
          type: 'item.completed',
          item: { id: 'i2', type: 'file_change', changes: [{ path: 'a.py', kind: 'update' }], status: 'completed' },
        },
        {
          type: 'item.completed',
          item: {
            id: 'i3',
            type: 'mcp_tool_call',
            server: 'hub',
            tool: 'get_issue',
            arguments: { number: 4 },
            result: { content: [{ type: 'text', text: 'Mend' }] },
            status: 'completed',
          },
        },
        { type: 'item.completed', item: { id: 'i4', type: 'web_search', query: 'how to' } },
        { type: 'item.completed', item: { id: 'i5', type: 'agent_message', text: 'Done.' } },
        { type: 'turn.completed', usage: { input_tokens: 7, cached_input_tokens: 2, output_tokens: 3 } },
      ),
    );
    expect(outline(trajectory.messages)).toEqual([
      'assistant:  (thought) → i1 shell',
      'tool i1: abc⏎[exit code 0]',
      'assistant:  → i2 apply_patch',
      'tool i2: completed',
      'assistant:  → i3 hub.get_issue',
      'tool i3: Mend',
      'assistant:  → i4 web_search',
      'tool i4: ',
      'assistant: Done.',
    ]);
    expect(trajectory).toMatchObject({ id: 's1', usage: { prompt_tokens: 7, cached_tokens: 2, completion_tokens: 3 } });
  });
});

describe('a session of Gemini CLI', () => {
  const head = { sessionId: 's1', projectHash: 'h', startTime: 't', lastUpdated: 't' };
  const output = (id: string, text: string) => [{ functionResponse: { id, name: 'run_shell_command', response: { output: text } } }];
  const messages = [
    { id: '1', type: 'user', content: [{ text: 'Mend it.' }] },
    { id: '2', type: 'info', content: 'Update available' },
    {
      id: '3',
      type: 'gemini',
      content: 'I look.',
      model: 'model-1',
      thoughts: [{ subject: 'Looking', description: 'First the tree.' }],
      tokens: { input: 20, output: 4, cached: 5, thoughts: 2, tool: 0, total: 26 },
      toolCalls: [
        { id: 'c1', name: 'run_shell_command', args: { command: 'git log --all' }, result: output('c1', 'abc Mend'), status: 'success' },
        {
          id: 'c2',
          name: 'read_file',
          args: { absolute_path: '/repo/a.py' },
          result: [{ functionResponse: { id: 'c2', name: 'read_file', response: { error: 'no such file' } } }],
          status: 'error',
        },
      ],
    },
    { id: '4', type: 'gemini', content: 'Done.', model: 'model-1', tokens: { input: 30, output: 1, cached: 0 } },
  ];
  const told = [
    'user: Mend it.',
    'assistant: I look. (thought) → c1 run_shell_command → c2 read_file',
    'tool c1: abc Mend',
    'tool c2: no such file',
    'assistant: Done.',
  ];

  it('is read from its document, with what it used', async () => {
    const trajectory = await only(stream(JSON.stringify({ ...head, messages }, null, 2)));
    expect(outline(trajectory.messages)).toEqual(told);
    expect(calls(trajectory.messages)).toEqual(['{"command":"git log --all"}', '{"absolute_path":"/repo/a.py"}']);
    expect(trajectory).toMatchObject({ format: 'gemini-cli', id: 's1', model: 'model-1', reported: [], lost: [] });
    expect(trajectory.usage).toMatchObject({ calls: 2, prompt_tokens: 50, completion_tokens: 7, cached_tokens: 5, reasoning_tokens: 2 });
  });

  it('is read from lines, where a later one replaces the message of its id', async () => {
    const [user, , called, last] = messages;
    const trajectory = await only(lines(head, user, { ...called, toolCalls: [] }, { $set: { lastUpdated: 'u' } }, called, last));
    expect(outline(trajectory.messages)).toEqual(told);
  });

  it('is read from a checkpoint, from what is printed, and from Qwen Code', async () => {
    const history = [
      { role: 'user', parts: [{ text: 'Mend it.' }] },
      { role: 'model', parts: [{ text: 'I look.' }, { functionCall: { name: 'run_shell_command', args: { command: 'ls' } } }] },
      { role: 'user', parts: output('x', 'a.py') },
    ];
    const short = [
      'user: Mend it.',
      expect.stringMatching(/^assistant: I look\. → \S+ run_shell_command$/),
      expect.stringMatching(/^tool \S+: a\.py$/),
    ];
    const checkpoint = await only(stream(JSON.stringify({ history, authType: 'key' })));
    const printed = await only(
      lines(
        { type: 'init', session_id: 's', model: 'model-1' },
        { type: 'message', role: 'user', content: 'Mend it.' },
        { type: 'message', role: 'assistant', content: 'I lo', delta: true },
        { type: 'message', role: 'assistant', content: 'ok.', delta: true },
        { type: 'tool_use', tool_name: 'run_shell_command', tool_id: 'c', parameters: { command: 'ls' } },
        { type: 'tool_result', tool_id: 'c', status: 'success', output: 'a.py' },
        { type: 'result', status: 'success', stats: { input_tokens: 5, output_tokens: 2 } },
      ),
    );
    const qwen = await only(
      lines(...history.map((message, index) => ({ uuid: `u${index}`, sessionId: 'q', type: index === 1 ? 'assistant' : 'user', message }))),
    );
    for (const { messages: read } of [checkpoint, qwen]) expect(outline(read)).toEqual(short);
    expect(outline(printed.messages)).toEqual(['user: Mend it.', 'assistant: I look. → c run_shell_command', 'tool c: a.py']);
    expect([checkpoint.format, printed.usage?.prompt_tokens, qwen.harness]).toEqual(['gemini-cli', 5, 'qwen-code']);
  });
});

describe('events and messages one a line', () => {
  it('are one trajectory of OpenHands, old and new', async () => {
    const v0 = await only(
      lines(
        { id: 0, source: 'user', action: 'message', args: { content: 'Mend it.' } },
        { id: 1, source: 'agent', action: 'run', args: { command: 'ls', thought: 'I look.' } },
        { id: 2, source: 'agent', observation: 'run', cause: 1, content: 'a.py', extras: {} },
      ),
    );
    expect(v0.format).toBe('openhands');
    expect(outline(v0.messages).map((line) => line.replace(/call_[\d_]+/, 'c'))).toEqual([
      'user: Mend it.',
      'assistant: I look. → c execute_bash',
      'tool c: a.py',
    ]);
    const event = { timestamp: 't', tool_name: 'terminal', tool_call_id: 'c' };
    const v1 = await only(
      lines(
        { kind: 'MessageEvent', source: 'user', llm_message: { role: 'user', content: [{ type: 'text', text: 'Mend it.' }] } },
        {
          kind: 'ActionEvent',
          source: 'agent',
          ...event,
          thought: [],
          tool_call: { id: 'c', name: 'terminal', arguments: '{"command":"ls"}' },
          llm_response_id: 'r',
        },
        { kind: 'ObservationEvent', source: 'environment', ...event, observation: { content: [{ type: 'text', text: 'a.py' }] } },
      ),
    );
    expect([v1.format, ...outline(v1.messages)]).toEqual(['openhands-v1', 'user: Mend it.', 'assistant:  → c terminal', 'tool c: a.py']);
  });

  it('are one conversation of plain messages, but rows of messages stay rows', async () => {
    const messages = [
      { role: 'user', content: 'Mend it.' },
      {
        role: 'assistant',
        content: '',
        tool_calls: [{ id: 'c', type: 'function', function: { name: 'bash', arguments: '{"command":"ls"}' } }],
      },
      { role: 'tool', tool_call_id: 'c', content: 'a.py' },
    ];
    expect(outline((await only(lines(...messages))).messages)).toEqual(['user: Mend it.', 'assistant:  → c bash', 'tool c: a.py']);
    expect((await collect(lines({ id: 'a', messages }, { id: 'b', messages }))).trajectories.map(({ id }) => id)).toEqual(['a', 'b']);
    expect((await collect(lines(messages, messages))).trajectories).toHaveLength(2);
    const headed = await only(lines({ type: 'session', id: 's1', cwd: '/repo' }, ...messages));
    expect([headed.id, headed.messages.length, headed.lost]).toEqual(['s1', 3, []]);
    expect(
      (await collect(lines({ id: 'a', timestamp: 't', instructions: 'x', messages }, { id: 'b', messages }))).trajectories,
    ).toHaveLength(2);
  });
});
