import { describe, expect, it } from 'vitest';
import { separateCommands } from '../../activities/rollout/harnesses/openhands/separate-commands.ts';
import { type Seen, stuckRule } from '../../activities/rollout/harnesses/openhands/stuck.ts';
import type { ShellAction } from '../../activities/sandbox/contract.ts';
import { ModelEnding } from '../../activities/model/contract.ts';
import { call, calling, type Scripted, texts } from './fake-session.ts';
import { FakeWorld, result } from './fake-world.ts';
import { attempt, openhands } from './rollout.ts';

const finish = calling('finish', { message: 'all done' });
const bash = (given: Record<string, unknown>) => calling('execute_bash', given);

async function play(script: Scripted[], options: { settings?: Parameters<typeof openhands>[0]; respond?: FakeWorld['respond'] } = {}) {
  const world = new FakeWorld();
  const performed: ShellAction[] = [];
  world.respond = (request) => {
    performed.push(request);
    return options.respond?.(request);
  };
  const { trajectory, session } = await attempt(openhands(options.settings), script, { world });
  return { ...trajectory, performed, session, observations: texts(trajectory.messages, 'tool') };
}

describe('the tools of openhands', () => {
  it('have the names, parameters and requirements of OpenHands 0.53 in its order', async () => {
    const { tools } = await play([finish]);
    const shapes = tools.map(({ function: { name, parameters } }) => {
      const properties = Object.entries(parameters['properties'] ?? {}).map(([key, { description: _about, ...shape }]) => [key, shape]);
      return [name, Object.fromEntries(properties), parameters['required']];
    });
    expect(shapes).toEqual([
      [
        'execute_bash',
        { command: { type: 'string' }, is_input: { type: 'string', enum: ['true', 'false'] }, timeout: { type: 'number' } },
        ['command'],
      ],
      ['think', { thought: { type: 'string' } }, ['thought']],
      ['finish', { message: { type: 'string' } }, ['message']],
      [
        'str_replace_editor',
        {
          command: { type: 'string', enum: ['view', 'create', 'str_replace', 'insert', 'undo_edit'] },
          path: { type: 'string' },
          file_text: { type: 'string' },
          old_str: { type: 'string' },
          new_str: { type: 'string' },
          insert_line: { type: 'integer' },
          view_range: { type: 'array', items: { type: 'integer' } },
        },
        ['command', 'path'],
      ],
    ]);
  });
});

describe('execute_bash', () => {
  it('shows output, exit code and working directory', async () => {
    const { observations } = await play([bash({ command: 'ls' }), finish], { respond: () => result({ output: 'a\nb\n', exit_code: 3 }) });
    expect(observations).toEqual(['a\nb\n[The command ended with exit code 3.]\n[Working directory: /name]\n[Exit code: 3]']);
  });

  it.each([
    { given: {}, waiting: { noChangeMs: 30_000, timeMs: 300_000 } },
    { given: { timeout: 12.5 }, waiting: { noChangeMs: null, timeMs: 12_500 } },
    { given: { timeout: '600' }, waiting: { noChangeMs: null, timeMs: 600_000 } },
  ])('waits with $given as OpenHands does', async ({ given, waiting }) => {
    const { performed } = await play([bash({ command: 'ls', ...given }), finish]);
    expect(performed).toEqual([{ kind: 'command', command: 'ls', waiting, atTimeLimit: 'leave' }]);
  });

  it('waits on, types into and presses keys in a command that is still running', async () => {
    const running = (output: string, output_offset: number) =>
      result({ status: 'running', exit_code: null, output, output_offset, cwd: null, limit: 'no_change' });
    const { performed, observations } = await play(
      [
        bash({ command: 'slow' }),
        bash({ command: '' }),
        bash({ command: 'yes', is_input: 'true' }),
        bash({ command: 'C-c', is_input: 'true' }),
        finish,
      ],
      {
        respond: (request) =>
          request.kind === 'command'
            ? running('one\n', 4)
            : request.kind === 'key'
              ? result({ exit_code: 130 })
              : running(`${request.kind}\n`, 9),
      },
    );
    const waiting = { noChangeMs: 30_000, timeMs: 300_000 };
    expect(performed.slice(1)).toEqual([
      { kind: 'wait', running: { action: 0, output_offset: 4 }, waiting },
      { kind: 'input', running: { action: 0, output_offset: 9 }, text: 'yes', waiting },
      { kind: 'key', running: { action: 0, output_offset: 9 }, key: 'C-c', waiting },
    ]);
    expect(observations[0]).toMatch(/^one\n\[Exit code: -1\. Nothing new was printed for 30 seconds/);
    expect(observations[3]).toContain('exit code 130 after C-c was pressed');
  });

  it('does not run a new command while one is running, and shows the output so far', async () => {
    const { performed, observations } = await play([bash({ command: 'slow' }), bash({ command: 'ls' }), finish], {
      respond: (request) =>
        result({
          status: 'running',
          exit_code: null,
          output: request.kind === 'wait' ? 'all of it' : 'one',
          output_offset: 9,
          cwd: null,
          limit: 'time',
        }),
    });
    expect(performed.map(({ kind }) => kind)).toEqual(['command', 'wait']);
    expect(performed[1]).toMatchObject({ running: { action: 0, output_offset: 0 }, waiting: { timeMs: 0 } });
    expect(observations[1]).toContain('all of it');
    expect(observations[1]).toContain('`ls` was NOT run');
  });

  it('runs a new command when the earlier one has ended meanwhile', async () => {
    const { performed, observations } = await play([bash({ command: 'slow' }), bash({ command: 'ls' }), finish]);
    expect(performed.map(({ kind }) => kind)).toEqual(['command', 'wait', 'command']);
    expect(observations[1]).toContain('second part');
    expect(observations[1]).toContain('ran ls');
  });

  it.each([{ command: '' }, { command: 'y', is_input: 'true' }])('says that nothing runs on %o', async (given) => {
    const { performed, observations, turns } = await play([bash(given), finish]);
    expect(performed).toEqual([]);
    expect(observations[0]).toMatch(/^ERROR: no command is running/);
    expect(turns[0]?.errors).toEqual([]);
  });

  it('takes is_input for true only as the string', async () => {
    const { performed } = await play([bash({ command: 'C-c', is_input: true }), finish]);
    expect(performed).toMatchObject([{ kind: 'command', command: 'C-c' }]);
  });

  it('refuses several commands on separate lines', async () => {
    const { performed, observations, turns } = await play([bash({ command: 'cd /tmp\nls' }), finish]);
    expect(performed).toEqual([]);
    expect(observations[0]).toContain('(1) cd /tmp\n(2) ls');
    expect(turns[0]?.errors).toEqual(['several_commands']);
  });

  it('cuts what the model sees to half head, half tail', async () => {
    const { observations } = await play([bash({ command: 'cat' }), finish], {
      respond: () => result({ output: `begin${'x'.repeat(40_000)}end` }),
    });
    expect(observations[0]).toMatch(/^beginx+\n\[\.\.\. 10\d\d\d characters left out \.\.\.\]\nx+end/);
    expect(observations[0]?.length).toBeLessThan(30_100);
  });

  it('keeps the last 10,000 lines', async () => {
    const output = Array.from({ length: 10_500 }, (_, index) => `${index}`).join('\n');
    const { observations } = await play([bash({ command: 'seq' }), finish], { respond: () => result({ output }) });
    expect(observations[0]).toMatch(/^\[Only the last 10000 lines are kept\.\]\n500\n501\n/);
  });
});

describe('calls that cannot be carried out', () => {
  it.each([
    { code: 'invalid_json', reply: calling('execute_bash', '{"command": "ls"') },
    { code: 'invalid_json', reply: calling('execute_bash', '["ls"]') },
    { code: 'missing_arg', reply: calling('execute_bash', { timeout: 3 }) },
    { code: 'missing_arg', reply: calling('str_replace_editor', { command: 'view' }) },
    { code: 'incorrect_args', reply: calling('execute_bash', { command: 'ls', timeout: 'soon' }) },
    { code: 'incorrect_args', reply: calling('execute_bash', { command: 7 }) },
    { code: 'incorrect_args', reply: calling('str_replace_editor', { command: 'insert', path: '/a', insert_line: 'two', new_str: 'x' }) },
    { code: 'unexpected_arg', reply: calling('str_replace_editor', { command: 'create', path: '/a', file_text: 'x', mode: 'w' }) },
    { code: 'unknown_tool', reply: calling('web_search', { query: 'fix' }) },
  ])('are answered by a user message and cost a step: $code', async ({ code, reply }) => {
    const { messages, turns, performed, ending } = await play([reply, finish]);
    expect(performed).toEqual([]);
    expect(turns[0]).toMatchObject({ calls: 1, errors: [code] });
    expect(messages.map(({ role }) => role)).toEqual(['system', 'user', 'user', 'assistant']);
    expect(messages[2]?.content).toContain(`(${code})`);
    expect(ending.kind).toBe('finished');
  });

  it('discard the whole reply', async () => {
    const { performed } = await play([{ tool_calls: [call('execute_bash', { command: 'ls' }), call('nothing', {})] }, finish]);
    expect(performed).toEqual([]);
  });

  it('do not include unknown arguments of view, nor view_range with an edit', async () => {
    const { turns } = await play([
      calling('str_replace_editor', { command: 'view', path: '/a', colour: true }),
      calling('str_replace_editor', { command: 'create', path: '/a', file_text: '', view_range: 'all' }),
      finish,
    ]);
    expect(turns.flatMap(({ errors }) => errors)).toEqual([]);
  });

  it('do not include think and finish without arguments', async () => {
    const { ending, observations } = await play([calling('think', {}), calling('finish', {})]);
    expect(observations).toEqual(['Noted.']);
    expect(ending).toEqual({ kind: 'finished', status: 'finished', detail: '' });
  });
});

describe('the loop of openhands', () => {
  it('runs parallel calls one after another, each for a step', async () => {
    const three = {
      tool_calls: [call('execute_bash', { command: 'a' }), call('execute_bash', { command: 'b' }), call('execute_bash', { command: 'c' })],
    };
    const { performed, ending, turns } = await play([three], { settings: { max_turns: 2 } });
    expect(performed).toMatchObject([{ command: 'a' }, { command: 'b' }]);
    expect(ending).toMatchObject({ kind: 'turn_limit', status: 'error: RuntimeError' });
    expect(turns[0]?.calls).toBe(3);
  });

  it('drops what follows finish', async () => {
    const { performed } = await play([
      { tool_calls: [call('execute_bash', { command: 'a' }), call('finish', { message: '' }), call('execute_bash', { command: 'b' })] },
    ]);
    expect(performed).toMatchObject([{ command: 'a' }]);
  });

  it('asks a model that calls nothing to go on, and says from the second time on that it may give up', async () => {
    const { messages, turns } = await play([{ content: 'Which file?' }, { content: 'Hello?' }, finish]);
    const said = texts(messages, 'user');
    expect(said[1]).not.toContain('give up');
    expect(said[2]).toContain('give up');
    expect(turns.map(({ errors }) => errors)).toEqual([['missing'], ['missing'], []]);
  });

  it('pays for no reply after the step limit or the budget', async () => {
    const script = ['a', 'b', 'c'].map((command) => bash({ command }));
    const steps = await play(script, { settings: { max_turns: 2 } });
    expect(steps.session.asked).toHaveLength(2);
    const budget = await play(script, { settings: { max_cost_usd: 0.5 } });
    expect(budget.session.asked).toHaveLength(2);
    expect(budget.ending.kind).toBe('cost_limit');
  });

  it.each([
    ['context_full', 'context_full'],
    ['model_refused', 'model_refused'],
  ] as const)('ends as %s → %s', async (kind, expected) => {
    expect((await play([new ModelEnding(kind, 'because')])).ending).toMatchObject({ kind: expected, detail: 'because' });
  });

  it('ends as stuck and records the rule', async () => {
    const { ending } = await play(Array.from({ length: 5 }, () => bash({ command: 'ls' })));
    expect(ending).toEqual({
      kind: 'stuck',
      status: 'error: AgentStuckInLoopError',
      detail: 'the same action with the same observation, 4 times',
    });
  });

  it('keeps reasoning on the assistant message', async () => {
    const { messages } = await play([{ ...finish, reasoning_content: 'I am sure' }]);
    expect(messages.at(-1)).toMatchObject({ role: 'assistant', reasoning_content: 'I am sure' });
  });
});

describe('stuck rules', () => {
  const act = (identity: string): Seen => ({ kind: 'action', identity });
  const see = (identity: string, error = false): Seen => ({ kind: 'observation', identity, error });
  const say = (identity: string): Seen => ({ kind: 'message', identity });
  const times = (count: number, ...events: Seen[]) => Array.from({ length: count }, () => events).flat();

  it.each([
    { seen: times(4, act('a'), see('1')), rule: /same observation, 4/ },
    { seen: times(3, act('a'), see('1')), rule: /^none$/ },
    { seen: [...times(3, act('a'), see('1')), act('a'), see('2')], rule: /^none$/ },
    { seen: [act('a'), see('1', true), act('a'), see('2', true), act('a'), see('3', true)], rule: /an error, 3/ },
    { seen: [act('a'), see('1', true), act('b'), see('2', true), act('a'), see('3', true)], rule: /^none$/ },
    { seen: times(3, say('hm')), rule: /message 3 times/ },
    { seen: [say('hm'), say('hm'), act('a'), see('1'), say('hm')], rule: /^none$/ },
    { seen: times(3, act('a'), see('1'), act('b'), see('2')), rule: /in turn/ },
    { seen: times(2, act('a'), see('1'), act('b'), see('2')), rule: /^none$/ },
    { seen: [...times(2, act('a'), see('1'), act('b'), see('2')), act('a'), see('1'), act('b'), see('3')], rule: /^none$/ },
    { seen: times(10, { kind: 'condensation' }), rule: /condensations/ },
    { seen: times(9, { kind: 'condensation' }), rule: /^none$/ },
  ])('$rule', ({ seen, rule }) => {
    expect(stuckRule(seen) ?? 'none').toMatch(rule);
  });

  it('compare commands by exit code, not output', async () => {
    let run = 0;
    const { ending } = await play(
      Array.from({ length: 5 }, () => bash({ command: 'date' })),
      { respond: () => result({ output: `${++run}` }) },
    );
    expect(ending.kind).toBe('stuck');
  });
});

describe('separate commands', () => {
  it.each([
    ['a && b; c', ['a && b; c']],
    ["cat > a.py <<'END' &&\nprint(1)\nEND\npython3 a.py", ["cat > a.py <<'END' &&\nprint(1)\nEND\npython3 a.py"]],
    ["cat > a.py <<'END'\nprint(1)\nEND\n\npython3 a.py # run it\n", ["cat > a.py <<'END'\nprint(1)\nEND", 'python3 a.py # run it']],
    // What only a shell can say something about goes to the shell.
    ['if true\nthen (', ['if true\nthen (']],
  ])('of %j', (text, commands) => {
    expect(separateCommands(text)).toEqual(commands);
  });
});
