import { describe, expect, it } from 'vitest';
import { isBlocked } from '../../activities/rollout/harnesses/sweagent/blocklist.ts';
import { ModelEnding } from '../../activities/model/contract.ts';
import { call, calling, type Scripted, texts } from './fake-session.ts';
import { FakeWorld, result } from './fake-world.ts';
import { attempt, sweagent } from './rollout.ts';

const bash = (command: string, content = '') => calling('bash', { command }, content);
const submit = calling('submit', {});

async function play(script: Scripted[], options: { settings?: Parameters<typeof sweagent>[0]; respond?: FakeWorld['respond'] } = {}) {
  const world = new FakeWorld();
  const performed: string[] = [];
  world.respond = (request) => {
    if (request.kind !== 'command' || request.command.startsWith('{ __tm_p=')) return undefined;
    performed.push(request.command);
    return options.respond?.(request);
  };
  const { trajectory, session } = await attempt(sweagent(options.settings), script, { world });
  return { ...trajectory, performed, session, observations: texts(trajectory.messages, 'tool') };
}

const slow = (seconds: number) => () =>
  result({ status: 'killed', exit_code: 130, output: 'so far', limit: 'time', duration_ms: seconds * 1000 });

describe('the tools of sweagent', () => {
  it('are bash, str_replace_editor and submit', async () => {
    const { tools } = await play([submit, submit]);
    expect(tools.map(({ function: { name } }) => name)).toEqual(['bash', 'str_replace_editor', 'submit']);
    expect(tools[2]?.function.parameters).toEqual({ type: 'object', properties: {}, required: [] });
  });
});

describe('a step of sweagent', () => {
  it('puts output and silence into words', async () => {
    const { observations, messages } = await play([bash('ls', 'I look.'), bash('true'), submit, submit], {
      respond: (request) => (request.kind === 'command' && request.command === 'true' ? result({}) : undefined),
    });
    expect(observations.slice(0, 2)).toEqual(['Output:\nran ls\n', 'The command ended without printing anything.']);
    expect(messages[2]).toMatchObject({ role: 'assistant', content: 'I look.' });
  });

  it('keeps the first 100,000 characters of output', async () => {
    const { observations } = await play([bash('cat'), submit, submit], { respond: () => result({ output: 'x'.repeat(100_050) }) });
    expect(observations[0]).toContain('[50 more characters left out.');
  });

  it.each([
    { code: 'missing', reply: { content: 'I am done.' } },
    { code: 'multiple', reply: { tool_calls: [call('bash', { command: 'a' }), call('bash', { command: 'b' })] } },
    { code: 'invalid_command', reply: calling('execute_bash', { command: 'a' }) },
    { code: 'invalid_json', reply: calling('bash', '{command: a}') },
    { code: 'missing_arg', reply: calling('bash', {}) },
    { code: 'unexpected_arg', reply: calling('bash', { command: 'a', timeout: 3 }) },
    { code: 'unexpected_arg', reply: calling('submit', { message: 'x' }) },
    { code: 'incorrect_args', reply: calling('bash', { command: ['a'] }) },
    { code: 'incorrect_args', reply: calling('str_replace_editor', { command: 'view', path: '/a', view_range: 'all' }) },
    { code: 'blocked', reply: bash('vim a.py') },
    { code: 'syntax_error', reply: bash('SYNTAXERROR (') },
  ])('is asked for again after $code, which leaves the history alone', async ({ code, reply }) => {
    const { performed, session, messages, turns } = await play([{ content: 'hm', ...reply }, bash('ls'), submit, submit]);
    expect(performed[0]).toBe('ls');
    expect(turns[0]).toMatchObject({ errors: [code], calls: 1 });
    expect(turns).toHaveLength(3);
    const retry = session.asked[1]?.messages ?? [];
    expect(retry.map(({ role }) => role)).toEqual(['system', 'user', 'assistant', 'user']);
    expect(retry[2]).not.toHaveProperty('tool_calls');
    expect(session.asked.map(({ turn }) => turn)).toEqual([0, 0, 1, 2]);
    expect(messages.map(({ role }) => role)).toEqual(['system', 'user', 'assistant', 'tool', 'assistant', 'tool', 'assistant', 'tool']);
  });

  it('resamples without a message what the content filter cut', async () => {
    const { session, turns } = await play([{ content: 'no', finish_reason: 'content_filter' }, bash('ls'), submit, submit]);
    expect(session.asked[1]?.messages).toHaveLength(2);
    expect(turns[0]?.errors).toEqual(['content_policy']);
  });

  it('ends as exit_format at the third failure, and a good step starts the count again', async () => {
    const { ending, messages, turns } = await play([
      { content: 'a' },
      { content: 'b' },
      bash('ls'),
      { content: 'c' },
      bash('vi'),
      { content: 'd' },
    ]);
    expect(ending).toMatchObject({ kind: 'format_errors', status: 'exit_format' });
    expect(turns.map(({ errors }) => errors)).toEqual([
      ['missing', 'missing'],
      ['missing', 'blocked', 'missing'],
    ]);
    expect(messages.at(-1)?.role).toBe('tool');
  });
});

describe('the limits of sweagent', () => {
  it('interrupt a command and say so', async () => {
    const { observations, ending } = await play([bash('sleep 999'), submit, submit], {
      respond: (request) => (request.kind === 'command' && request.command.startsWith('sleep') ? slow(300)() : undefined),
    });
    expect(observations[0]).toMatch(/`sleep 999` was interrupted, for it ran longer than 300 seconds[^]*so far/);
    expect(ending.status).toBe('submitted');
  });

  it('end after three timeouts in a row', async () => {
    const { ending, messages } = await play([bash('a'), bash('b'), bash('c')], { respond: slow(300) });
    expect(ending).toMatchObject({ kind: 'time_limit', status: 'exit_command_timeout' });
    expect(messages.at(-1)?.role).toBe('tool');
  });

  it('count timeouts from 0 after a command in time', async () => {
    const { ending } = await play([bash('a'), bash('b'), bash('ls'), bash('c'), bash('d'), submit, submit], {
      respond: (request) => (request.kind === 'command' && /^[a-d]$/.test(request.command) ? slow(10)() : undefined),
    });
    expect(ending.status).toBe('submitted');
  });

  it('end when commands took the total time', async () => {
    const { ending, session } = await play([bash('a'), bash('b'), bash('c')], {
      respond: () => result({ duration_ms: 900_000, output: 'x' }),
    });
    expect(ending).toMatchObject({ kind: 'time_limit', status: 'exit_total_execution_time' });
    expect(session.asked).toHaveLength(2);
  });

  it('end at the number of calls, requeries included, and at the cost', async () => {
    const calls = await play([{ content: 'hm' }, bash('count'), bash('b')], { settings: { max_turns: 2 } });
    expect(calls.ending).toMatchObject({ kind: 'turn_limit', status: 'submitted (exit_cost)' });
    expect(calls.session.asked).toHaveLength(2);
    const cost = await play([bash('a'), bash('b')], { settings: { max_cost_usd: 0.2 } });
    expect(cost.ending).toMatchObject({ kind: 'cost_limit', status: 'exit_cost' });
  });

  it('submit what was done when the context is full', async () => {
    const { ending, model_patch } = await play([bash('count'), new ModelEnding('context_full', 'too long')]);
    expect(ending).toMatchObject({ kind: 'context_full', status: 'submitted (exit_context)' });
    expect(model_patch).toContain('+count 1');
  });
});

describe('submitting', () => {
  it('takes two calls: the first shows the change for review, the second ends the run with it', async () => {
    const { performed, observations, ending, model_patch } = await play([bash('count'), submit, submit]);
    const diff = "(cd '/name' && git add -A && git --no-pager diff --no-color --no-ext-diff --cached " + `${'a'.repeat(40)})`;
    expect(performed.slice(1)).toEqual([diff, diff]);
    expect(observations[1]).toMatch(/call `submit` again[^]*<diff>\ndiff with count 1\n/);
    expect(observations[2]).toBe('diff with count 1\n');
    expect(ending).toEqual({ kind: 'finished', status: 'submitted', detail: '' });
    expect(model_patch).toContain('+count 1');
  });

  it('goes through each review of the templates', async () => {
    const templates = await sweagent().harness.loadTemplates({});
    const world = new FakeWorld();
    const twice = { ...templates, texts: { ...templates.texts, submit_review_2: 'Really? {{ diff }}' } };
    const { trajectory } = await attempt(sweagent(), [submit, submit, submit], { world, templates: twice });
    expect(texts(trajectory.messages, 'tool')[1]).toContain('Really?');
    const { submit_review: _none, ...without } = templates.texts;
    expect((await attempt(sweagent(), [submit], { templates: { ...templates, texts: without } })).trajectory.ending.status).toBe(
      'submitted',
    );
  });

  it('happens whenever the marker is printed', async () => {
    const { ending } = await play([bash('echo')], { respond: () => result({ output: '<<SWE_AGENT_SUBMISSION>>' }) });
    expect(ending).toMatchObject({ kind: 'finished', status: 'submitted' });
    expect((await play([bash('echo')], { respond: () => result({ output: '###SWE-AGENT-EXIT-FORFEIT###' }) })).ending).toMatchObject({
      kind: 'gave_up',
      status: 'exit_forfeit',
    });
  });

  it('does not happen after a typed exit', async () => {
    const { ending, model_patch, performed } = await play([bash('count'), bash(' exit ')]);
    expect(ending).toMatchObject({ kind: 'exited', status: 'exit_command' });
    expect(model_patch).toBe('');
    expect(performed).toEqual(['count']);
  });
});

describe('the blocklist', () => {
  it.each(['vim a', 'vi', 'tail  -f log', 'python -m venv x', 'bash', 'su', 'nohup ./a', ' less x'])('blocks %j', (command) =>
    expect(isBlocked(command)).toBe(true),
  );
  it.each(['make', 'make test', 'vitest', 'viper', 'python a.py', 'bash run.sh', 'tail log', 'sudo ls', 'lessc x'])(
    'lets %j run',
    (command) => expect(isBlocked(command)).toBe(false),
  );
});
