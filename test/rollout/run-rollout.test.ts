import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Driver } from '../../activities/rollout/driver.ts';
import type { ConfiguredHarness } from '../../activities/rollout/harness.ts';
import { decodeJournal } from '../../activities/journal/journal.ts';
import type { LeftOut } from '../../schemas/left-out.ts';
import { Trajectory } from '../../schemas/trajectory.ts';
import { Problem } from '../../schemas/problem.ts';
import { ModelEnding } from '../../activities/model/contract.ts';
import { call, calling, type Scripted, scriptedTeacher } from './fake-session.ts';
import { FakeWorld, result } from './fake-world.ts';
import { attempt, newJournalPath, openhands, sweagent } from './rollout.ts';

const scripts: { name: string; harness: ConfiguredHarness; script: Scripted[] }[] = [
  {
    name: 'openhands',
    harness: openhands(),
    script: [
      { ...calling('execute_bash', { command: 'count' }, 'Let me count.'), reasoning_content: 'first I count' },
      calling('str_replace_editor', { command: 'create', path: '/name/a.py', file_text: 'one\ntwo\n' }),
      calling('str_replace_editor', { command: 'str_replace', path: '/name/a.py', old_str: 'two', new_str: 'three' }),
      { content: 'I wonder.', tool_calls: [], finish_reason: 'stop' },
      calling('execute_bash', { command: 'slow' }),
      calling('execute_bash', { command: '' }),
      calling('execute_bash', '{"command": '),
      {
        tool_calls: [
          call('execute_bash', { command: 'count' }),
          call('think', { thought: 'hm' }),
          call('execute_bash', { command: 'count' }),
        ],
      },
      calling('str_replace_editor', { command: 'undo_edit', path: '/name/a.py' }),
      calling('finish', { message: 'done' }),
    ],
  },
  {
    name: 'sweagent',
    harness: sweagent(),
    script: [
      calling('bash', { command: 'count' }, 'Let me count.'),
      calling('bash', { command: 'SYNTAXERROR (' }),
      { content: 'no call', tool_calls: [], finish_reason: 'stop' },
      calling('str_replace_editor', { command: 'create', path: '/name/a.py', file_text: 'one\n' }),
      calling('bash', { command: 'count' }),
      calling('submit', {}),
      calling('submit', {}),
    ],
  },
];

describe.each(scripts)('a rollout of $name', ({ harness, script }) => {
  it('yields a trajectory that keeps its schema and pairs each observation with a call', async () => {
    const { trajectory, world } = await attempt(harness, script);
    expect(Trajectory.parse(trajectory)).toEqual(trajectory);
    expect(trajectory.ending.kind).toBe('finished');
    const ids = trajectory.messages.flatMap((message) =>
      message.role === 'assistant' ? (message.tool_calls ?? []).map(({ id }) => id) : [],
    );
    const answered = trajectory.messages.flatMap((message) => (message.role === 'tool' ? [message.tool_call_id] : []));
    expect(ids.filter((id) => answered.includes(id))).toEqual(answered);
    expect(world.containers.map(({ removed }) => removed)).toEqual([true]);
  });

  it('comes to the same trajectory from every point of its journal, without asking or doing anything twice', async () => {
    const whole = await attempt(harness, script);
    const lines = readFileSync(whole.path, 'utf8').split('\n').slice(0, -1);
    for (let kept = 0; kept <= lines.length; kept++) {
      const head = lines
        .slice(0, kept)
        .map((line) => `${line}\n`)
        .join('');
      const { entries } = decodeJournal(Buffer.from(head), 'head');
      const exchanges = entries.filter(({ type }) => type === 'exchange').length;
      const observations = entries.filter(({ type }) => type === 'observation').length;
      // The worker died before or after an action that the journal does not hold, or within a replay, or the container died with it.
      for (const inContainer of [observations, observations + 1, Math.max(0, observations - 2), null]) {
        const world = new FakeWorld();
        if (inContainer !== null) await carryOutFirst(world, harness, script, inContainer);
        const path = newJournalPath();
        writeFileSync(path, `${head}${kept < lines.length ? (lines[kept] ?? '').slice(0, 20) : ''}`);
        const before = world.containers[0]?.carriedOut.length ?? 0;
        const again = await attempt(harness, script, { path, world });
        expect(again.trajectory).toEqual(whole.trajectory);
        expect(again.session.asked.map(({ exchange }) => exchange)).toEqual(script.map((_, index) => index).slice(exchanges));
        const last = world.containers.at(-1);
        expect(last?.carriedOut ?? []).toEqual([...new Set(last?.carriedOut)]);
        expect(world.containers.length).toBeLessThanOrEqual(1);
        const now = last?.carriedOut.slice(before) ?? [];
        expect(now).toEqual(now.filter((action) => action >= (inContainer ?? 0)));
      }
    }
  });

  it('goes on in a fresh container wherever the first one is lost', async () => {
    const whole = await attempt(harness, script);
    const actions = whole.world.containers[0]?.carriedOut.length ?? 0;
    for (let lostAt = 0; lostAt <= actions; lostAt++) {
      const world = new FakeWorld();
      world.fresh().lostAt = lostAt;
      const { trajectory, session } = await attempt(harness, script, { world });
      expect(trajectory).toEqual(whole.trajectory);
      expect(session.asked).toHaveLength(script.length);
      expect(world.containers.map(({ removed }) => removed)).toEqual([true, true]);
    }
  });
});

describe('a rollout', () => {
  const finish = calling('finish', { message: '' });

  it('is refused under other settings than its journal was begun with', async () => {
    const { path } = await attempt(openhands(), [finish]);
    await expect(attempt(openhands({ max_turns: 7 }), [finish], { path })).rejects.toMatchObject({ code: 'rollout_changed' });
    const templates = await openhands().harness.loadTemplates({});
    const changed = { ...templates, texts: { ...templates.texts, system: 'Other words.' } };
    await expect(attempt(openhands(), [finish], { path, templates: changed })).rejects.toMatchObject({ code: 'rollout_changed' });
  });

  it('is refused when the harness asks for another action than the journal holds', async () => {
    const { path } = await attempt(openhands(), [calling('execute_bash', { command: 'count' }), finish]);
    const lines = readFileSync(path, 'utf8').split('\n');
    const { entries } = decodeJournal(
      Buffer.from(
        lines
          .slice(0, 4)
          .map((line) => `${line}\n`)
          .join(''),
      ),
      'head',
    );
    expect(entries.map(({ type }) => type)).toContain('exchange');
    const other = lines.filter((line) => !line.includes('"type":"exchange"')).join('\n');
    const fresh = newJournalPath();
    writeFileSync(fresh, other);
    await expect(attempt(openhands(), [calling('execute_bash', { command: 'else' }), finish], { path: fresh })).rejects.toMatchObject({
      code: 'rollout_changed',
    });
  });

  it('is played by the driver that its harness brings, over the same journal', async () => {
    let dies = true;
    const drive: Driver = async ({ assignment, session, hands, signal }) => {
      const opening = { role: 'user' as const, content: assignment.problem_statement };
      const first = await session.exchange({ exchange: 0, turn: 0, messages: [opening], tools: [] }, signal);
      const waiting = { noChangeMs: null, timeMs: 1000 };
      const { result } = await hands.during(0).shell({ kind: 'command', command: 'count', waiting, atTimeLimit: 'leave' });
      if (dies) throw new Error('the package died');
      return {
        tools: [],
        messages: [opening, { role: 'assistant', content: first.reply.content }, { role: 'user', content: result.output }],
        turns: [{ turn: 0, calls: 0, errors: [], finish_reason: first.reply.finish_reason }],
        ending: { kind: 'finished', status: 'left', detail: '' },
        usage: first.usage,
        cost_usd: first.cost_usd,
        close: (patch) => ({ ending: { kind: 'finished', status: 'closed', detail: '' }, model_patch: `${patch}+closed\n` }),
      };
    };
    const { harness } = openhands();
    const driven = { harness: { ...harness, name: 'package', drive }, settings: {} };
    const [path, world, script] = [newJournalPath(), new FakeWorld(), [{ content: 'Counting.', finish_reason: 'stop' as const }]];
    const templates = { harness: 'package', texts: {}, unused: [] };
    await expect(attempt(driven, script, { path, world, templates })).rejects.toThrow('the package died');
    dies = false;
    const { trajectory, session } = await attempt(driven, script, { path, world, templates });
    expect(session.asked).toEqual([]);
    expect(trajectory).toMatchObject({ ending: { status: 'closed' }, model_patch: '+count 1\n+closed\n' });
    expect(trajectory.messages.at(-1)).toEqual({ role: 'user', content: '1\n' });
  });

  it('asks a model that refused for good only once', async () => {
    const script = [calling('execute_bash', { command: 'count' }), new ModelEnding('context_full', 'too long')];
    const first = await attempt(openhands(), script);
    expect(first.trajectory.ending).toMatchObject({ kind: 'context_full', detail: 'too long' });
    const again = await attempt(openhands(), script, { path: first.path });
    expect(again.session.asked).toEqual([]);
    expect(again.trajectory).toEqual(first.trajectory);
  });

  it('opens no container when the journal holds the patch', async () => {
    const { path, trajectory } = await attempt(openhands(), [calling('execute_bash', { command: 'count' }), finish]);
    const again = await attempt(openhands(), [], { path });
    expect(again.trajectory).toEqual(trajectory);
    expect(again.world.containers).toEqual([]);
  });

  it('names what the patch could not take, also when it goes on from the journal', async () => {
    const world = new FakeWorld();
    const left_out: LeftOut = { count: 1, files: [{ path: 'menu.rc', reason: 'encoding' }] };
    world.take = (patch) => ({ patch, left_out });
    const { path, trajectory } = await attempt(openhands(), [calling('execute_bash', { command: 'count' }), finish], { world });
    expect(trajectory).toMatchObject({ model_patch: '+count 1\n', left_out });
    expect((await attempt(openhands(), [], { path })).trajectory).toEqual(trajectory);
  });

  it('ends without a patch, and says so, where the change is too large to be listed', async () => {
    const world = new FakeWorld();
    world.take = () => {
      throw new Problem('patch_too_large', 'more files than can be listed');
    };
    const { path, trajectory } = await attempt(openhands(), [calling('execute_bash', { command: 'count' }), finish], { world });
    expect(trajectory).toMatchObject({ model_patch: '', left_out: { count: 1, files: [{ path: '.', reason: 'too_large' }] } });
    expect((await attempt(openhands(), [], { path })).trajectory).toEqual(trajectory);
  });

  it('records what a replay found different', async () => {
    const world = new FakeWorld();
    let runs = 0;
    world.respond = (request) =>
      request.kind === 'command' && request.command === 'date' ? result({ output: `run ${++runs} at 10:0${runs}:00\n` }) : undefined;
    world.fresh().lostAt = 1;
    const { trajectory } = await attempt(
      openhands(),
      [calling('execute_bash', { command: 'date' }), calling('execute_bash', { command: 'count' }), finish],
      { world },
    );
    expect(trajectory.replay_divergences).toEqual(['action 0: output line 1: "run 1 at <time>", now "run 2 at <time>"']);
  });

  it('gives up on an engine that loses every container', async () => {
    const world = new FakeWorld();
    const open = async () => {
      const sandbox = world.fresh();
      sandbox.lostAt = 0;
      return { sandbox, fresh: true };
    };
    await expect(attempt(openhands(), [calling('execute_bash', { command: 'count' })], { openSandbox: open })).rejects.toMatchObject({
      code: 'sandbox_gone',
    });
    expect(world.containers).toHaveLength(6);
  });

  it('detaches from its container when the attempt is aborted, and leaves it running', async () => {
    const stop = new AbortController();
    const world = new FakeWorld();
    const onProgress = ({ turn }: { turn: number }) => {
      if (turn === 1) stop.abort(new Error('worker shuts down'));
    };
    const running = attempt(openhands(), [calling('execute_bash', { command: 'count' }), finish], {
      world,
      signal: stop.signal,
      onProgress,
    });
    await expect(running).rejects.toThrow('worker shuts down');
    expect(world.containers.map(({ removed, detached }) => ({ removed, detached }))).toEqual([{ removed: false, detached: true }]);
  });

  it('adds up tokens and cost and reports progress', async () => {
    const seen: unknown[] = [];
    const { trajectory } = await attempt(openhands(), [calling('execute_bash', { command: 'count' }), finish], {
      onProgress: (progress) => seen.push(progress),
    });
    expect(trajectory).toMatchObject({ usage: { prompt_tokens: 20, completion_tokens: 4 }, cost_usd: 0.5 });
    expect(seen.at(-1)).toEqual({
      turn: 1,
      exchanges: 2,
      prompt_tokens: 20,
      completion_tokens: 4,
      cost_usd: 0.5,
      state: 'patch',
      lastAction: 0,
    });
  });
});

/** A container in which the first actions of the rollout were carried out and which its worker then left. */
async function carryOutFirst(world: FakeWorld, harness: ConfiguredHarness, script: Scripted[], actions: number): Promise<void> {
  const container = world.fresh();
  const stop = new Error('the worker dies');
  const open = async () => ({
    fresh: true,
    sandbox: {
      containerId: container.containerId,
      lastAction: -1,
      perform: async (...[action, request]: Parameters<typeof container.perform>) => {
        if (action >= actions) throw stop;
        return container.perform(action, request);
      },
      edit: async (...[action, request]: Parameters<typeof container.edit>) => {
        if (action >= actions) throw stop;
        return container.edit(action, request);
      },
      change: async () => Promise.reject(stop),
      patch: async () => Promise.reject(stop),
      detach: async () => undefined,
      remove: async () => undefined,
    },
  });
  await attempt(harness, script, { openSandbox: open }).catch((error: unknown) => {
    if (error !== stop) throw error;
  });
}

describe('the teacher of a finished rollout', () => {
  const script = [calling('finish', { message: 'Nothing to do.', task_completed: 'true' })];

  it('comes with the effort that its requests ask for', async () => {
    const profile = { ...scriptedTeacher, sampling: { reasoning_effort: 'high', temperature: 1 } };
    const { trajectory } = await attempt(openhands(), script, { teacher: { name: 'big', profile } });
    expect(trajectory.teacher).toEqual({ name: 'big', model: 'scripted', reasoning_effort: 'high' });
  });

  it('says nothing of it where they do not', async () => {
    const { trajectory } = await attempt(openhands(), script);
    expect(trajectory.teacher).toEqual({ name: 'teacher', model: 'scripted' });
  });
});
