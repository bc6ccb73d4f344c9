import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { ModelEnding } from '../../activities/model/contract.ts';
import { askedTwice } from '../../demo/scripted-teacher/request-log.ts';
import { Problem } from '../../schemas/problem.ts';
import { TeacherScript } from '../../schemas/teacher-script.ts';
import { RawServer, events, piece, send } from './raw-server.ts';
import { Rig, always, asking, never, spoilt, thrownBy, until } from './rig.ts';

let rig: Rig;
let raw: RawServer | undefined;

/** Fails for those whose first message says so, and answers all others. */
const poisonedBy = (trouble: object) =>
  [
    { name: 'poison', match: { task: 'poison' }, turns: [spoilt({ ...trouble, attempts: 'forever' })] },
    { name: 'others', turns: [always] },
  ].map((script) => TeacherScript.parse(script));
const poisoned = poisonedBy({ kind: 'server_error', status: 500 });
const poisoned404 = poisonedBy({ kind: 'server_error', status: 404 });

afterEach(async () => {
  await rig.end();
  await raw?.close();
  raw = undefined;
});

describe('a server in trouble', () => {
  it.each([
    ['too many requests', { kind: 'rate_limited', retry_after: 0.05 }, '429'],
    ['an internal error', { kind: 'server_error', status: 500 }, '500'],
    ['no service', { kind: 'server_error', status: 503 }, '503'],
    ['a stream that is cut', { kind: 'cut_stream' }, 'other side closed'],
    ['a stream that stalls', { kind: 'stalled_stream' }, 'no sign of life'],
    ['bad JSON in a stream', { kind: 'bad_json' }, 'JSON'],
    ['a clean end without finish reason', { kind: 'missing_finish' }, 'finish reason'],
    ['a dropped connection', { kind: 'dropped_connection' }, 'other side closed'],
  ])('is asked again after %s, and the journal notes it', async (_name, misbehaviour, reason) => {
    rig = await Rig.start([spoilt(misbehaviour)]);
    // A short patience is for the silent server alone: a busy machine may keep a sound one quiet for long.
    const teacher = misbehaviour.kind === 'stalled_stream' ? { idle_timeout_seconds: 3 } : {};
    const { session, journal } = await rig.session({ teacher });
    expect((await session.exchange(asking(0), never)).reply.content).toBe('On it.');
    expect(
      rig.teacher
        .log()
        .filter((entry) => entry.event === 'asked')
        .map(({ attempt }) => attempt),
    ).toEqual([1, 2]);
    expect(journal.notes).toHaveLength(1);
    expect(journal.notes[0]?.detail).toContain(reason);
    expect(journal.notes[0]?.event).toBe('model_retry');
  });

  it('is shown as busy while it refuses every request, and no longer after a reply', async () => {
    rig = await Rig.start([spoilt({ kind: 'rate_limited', retry_after: 1.5, attempts: 2 })]);
    const { session } = await rig.session();
    const answer = session.exchange(asking(0), never);
    await until(async () => (await rig.campaign())?.busy.length === 1);
    expect((await rig.campaign())?.busy).toMatchObject([{ teacher: 'scripted', message: expect.stringContaining('429') }]);
    expect((await rig.campaign())?.pauses).toEqual([]);
    await answer;
    expect((await rig.campaign())?.busy).toEqual([]);
  });

  it.each([
    ['cut in the middle', { kind: 'cut_stream' }],
    ['that is no JSON', { kind: 'bad_json' }],
  ])('is asked again after a whole answer %s', async (_name, misbehaviour) => {
    rig = await Rig.start([spoilt(misbehaviour)]);
    const { session } = await rig.session({ teacher: { streaming: false } });
    expect((await session.exchange(asking(0), never)).reply.content).toBe('On it.');
  });

  it.each([
    ['a stream that ends with [DONE]', { ...always, quirks: ['done_without_finish'] }, true],
    ['a whole answer', spoilt({ kind: 'missing_finish', attempts: 'forever' }), false],
  ])('is not asked again after %s and has no finish reason', async (_what, turn, streaming) => {
    rig = await Rig.start([turn]);
    const { session, journal } = await rig.session({ teacher: { streaming } });
    expect((await session.exchange(asking(0), never)).reply).toMatchObject({ content: 'On it.', finish_reason: 'tool_calls' });
    expect(rig.asked).toBe(1);
    expect(journal.notes).toEqual([]);
  });

  it('is asked again when its stream ends cleanly in the middle', async () => {
    rig = await Rig.start([always]);
    const [cut, uncut] = [events([piece({ content: 'All d' })], ''), events([piece({ content: 'All done.' }, 'stop')])];
    raw = await RawServer.start((response, { number }) => send(response, number === 0 ? cut : uncut));
    const { session, journal } = await rig.session({ teacher: { base_url: raw.url } });
    expect((await session.exchange(asking(0), never)).reply.content).toBe('All done.');
    expect(raw.asked).toBe(2);
    expect(journal.notes[0]?.detail).toContain('without a finish reason');
  });

  it('that says under a good status that the context is full ends the rollout, also for a later worker', async () => {
    rig = await Rig.start([always]);
    const error = { object: 'error', message: 'max_tokens must be at least 1, got -186.', code: 400 };
    raw = await RawServer.start((response) => send(response, events([piece({ content: 'h' }), error])));
    for (const gateway of [rig.gateway, rig.client()]) {
      const { session } = await rig.session({ teacher: { base_url: raw.url }, gateway });
      expect(await thrownBy(session.exchange(asking(0), never))).toMatchObject({
        kind: 'context_full',
        message: expect.stringContaining('got -186'),
      });
    }
    expect(raw.asked).toBe(1);
  });

  it('that has no credit, which it says under a good status, is waited for', async () => {
    rig = await Rig.start([always]);
    const spent = { choices: null, base_resp: { status_code: 1008, status_msg: 'insufficient balance' } };
    raw = await RawServer.start((response) => send(response, JSON.stringify(spent)));
    const { session } = await rig.session({ teacher: { base_url: raw.url }, patience: { everyMs: 20, longMs: 100 } });
    const message = expect.stringMatching(/^teacher_quota since .*insufficient balance/);
    expect(await thrownBy(session.exchange(asking(0), never))).toMatchObject({ code: 'teacher_paused', message });
  });

  it('keeps a rollout waiting rather than lose it, however long it fails', async () => {
    rig = await Rig.start([spoilt({ kind: 'server_error', attempts: 5 })]);
    const { session, journal } = await rig.session();
    const waiting = session.exchange(asking(0), never);
    await until(async () => (await rig.gateway.status())?.teachers[0]?.pause?.code === 'teacher_failing');
    expect((await waiting).reply.content).toBe('On it.');
    expect(rig.asked).toBe(6);
    // Two as they failed, one for all that the pause held back.
    expect(journal.notes).toHaveLength(3);
    expect((await rig.gateway.status())?.teachers[0]?.pause).toBeNull();
  });

  it('that answers others makes a failing request a problem of its own, and the next one who asks tries again', async () => {
    rig = await Rig.start([always], { scripts: poisoned });
    const [bad, good] = [await rig.session({ sample: 0 }), await rig.session({ sample: 1 })];
    const others = (async () => {
      for (let exchange = 0; exchange < 200; exchange++) await good.session.exchange(asking(exchange), never);
    })();
    expect(await thrownBy(bad.session.exchange(asking(0, 'poison'), never))).toMatchObject({ code: 'teacher_unavailable' });
    expect(await thrownBy(bad.session.exchange(asking(0, 'poison'), never))).toBeInstanceOf(Problem);
    await others;
  });

  it('that asks for silence gets it from every rollout', async () => {
    rig = await Rig.start([spoilt({ kind: 'rate_limited', retry_after: 2 })]);
    const [first, second] = [await rig.session({ sample: 0 }), await rig.session({ sample: 1 })];
    const one = first.session.exchange(asking(0), never);
    await until(async () => ((await rig.gateway.status())?.teachers[0]?.paused_seconds ?? 0) > 0);
    const other = second.session.exchange(asking(0), never);
    await until(async () => (await rig.gateway.status())?.teachers[0]?.waiting === 1);
    expect(rig.asked).toBe(1);
    await Promise.all([one, other]);
  });

  it('that sends no usage has it estimated', async () => {
    rig = await Rig.start([spoilt({ kind: 'missing_usage' })]);
    const { session } = await rig.session();
    expect((await session.exchange(asking(0), never)).usage).toMatchObject({ estimated: true });
  });

  it.each([
    ['a full context', { code: 'x', message: "This model's maximum context length is 4096 tokens" }, 'context_full'],
    ['a content filter', { code: 'content_filter', message: 'no' }, 'model_refused'],
  ])('ends the rollout at %s, without another request', async (_name, error, kind) => {
    rig = await Rig.start([spoilt({ kind: 'server_error', status: 400, attempts: 9, ...error })]);
    const { session } = await rig.session();
    const thrown = await thrownBy(session.exchange(asking(0), never));
    expect(thrown).toBeInstanceOf(ModelEnding);
    expect(thrown).toMatchObject({ kind });
    await thrownBy(session.exchange(asking(0), never));
    expect(rig.asked).toBe(1);
  });

  it('answering 422 is a problem at once', async () => {
    rig = await Rig.start([spoilt({ kind: 'server_error', status: 422, attempts: 9 })]);
    const { session } = await rig.session();
    expect(await thrownBy(session.exchange(asking(0), never))).toMatchObject({ code: 'teacher_rejected_request' });
    expect(rig.asked).toBe(1);
  });
});

describe('a teacher', () => {
  it('that is gone holds its rollouts back, says so, and goes on when it is there again', async () => {
    rig = await Rig.start([always]);
    const sessions = await Promise.all([0, 1, 2].map((sample) => rig.session({ sample })));
    await Promise.all(sessions.map(({ session }) => session.exchange(asking(0), never)));
    await rig.teacher.close();
    const waiting = sessions.map(({ session }) => session.exchange(asking(1), never));
    await until(async () => (await rig.gateway.status())?.teachers[0]?.pause !== null);
    expect((await rig.gateway.status())?.teachers[0]?.pause).toMatchObject({
      teacher: 'scripted',
      code: 'teacher_unreachable',
      message: expect.stringContaining('ECONNREFUSED'),
      next_try: expect.any(String),
    });
    await sleep(3000);
    await rig.restartTeacher();
    const replies = await Promise.all(waiting);
    expect(replies.map(({ reply }) => reply.content)).toEqual(['On it.', 'On it.', 'On it.']);
    expect(rig.asked).toBe(3);
    expect(askedTwice(rig.teacher.log())).toEqual([]);
  });

  it('that stays away for long is not waited for in the time of its rollouts, and owes them nothing', async () => {
    rig = await Rig.start([always]);
    const { session } = await rig.session({ patience: { everyMs: 50, longMs: 1500 } });
    await session.exchange(asking(0), never);
    await rig.teacher.close();
    const thrown = await thrownBy(session.exchange(asking(1), never));
    expect(thrown).toMatchObject({ code: 'teacher_paused', message: expect.stringContaining('ECONNREFUSED') });
    await rig.restartTeacher();
    await until(async () => (await rig.gateway.status())?.unjournalled === 1);
    expect((await session.exchange(asking(1), never)).reply.content).toBe('On it.');
    expect(rig.asked).toBe(1);
  });

  it('whose account is empty is left alone until it has credit again', async () => {
    rig = await Rig.start([always]);
    rig.teacher.misbehave({ kind: 'no_quota', attempts: 1, status: 429 });
    const { session } = await rig.session();
    const waiting = session.exchange(asking(0), never);
    await until(async () => (await rig.gateway.status())?.teachers[0]?.pause?.code === 'teacher_quota');
    rig.teacher.misbehave(undefined);
    expect((await waiting).reply.content).toBe('On it.');
    expect(rig.asked).toBe(2);
  });

  it('that does not know the model of one request alone loses that one, and the others go on', async () => {
    rig = await Rig.start([always], { scripts: poisoned404 });
    // Each of its failures holds all back for five seconds and longer.
    const retries = { attempts: 1, initial_seconds: 0.02, maximum_seconds: 0.05 };
    const [bad, good] = [await rig.session({ sample: 0, teacher: { retries } }), await rig.session({ sample: 1 })];
    const over = new AbortController();
    const others = (async () => {
      for (let exchange = 0; !over.signal.aborted; exchange++) await good.session.exchange(asking(exchange), never);
    })();
    expect(await thrownBy(bad.session.exchange(asking(0, 'poison'), never))).toMatchObject({ code: 'teacher_model_missing' });
    over.abort();
    await others;
  });
});
