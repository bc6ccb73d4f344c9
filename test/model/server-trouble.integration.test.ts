import { afterEach, describe, expect, it } from 'vitest';
import { ModelEnding } from '../../activities/model/contract.ts';
import { Problem } from '../../schemas/problem.ts';
import { Rig, always, asking, never, spoilt, thrownBy, until } from './rig.ts';

let rig: Rig;
afterEach(() => rig.end());

describe('a server in trouble', () => {
  it.each([
    ['too many requests', { kind: 'rate_limited', retry_after: 0.05 }, '429'],
    ['an internal error', { kind: 'server_error', status: 500 }, '500'],
    ['no service', { kind: 'server_error', status: 503 }, '503'],
    ['a stream that is cut', { kind: 'cut_stream' }, 'other side closed'],
    ['a stream that stalls', { kind: 'stalled_stream' }, 'no sign of life'],
    ['bad JSON in a stream', { kind: 'bad_json' }, 'JSON'],
    ['a clean end without finish reason', { kind: 'missing_finish' }, 'finish reason'],
    ['a dropped connection', { kind: 'dropped_connection' }, 'Connection error'],
  ])('is asked again after %s, and the journal notes it', async (_name, misbehaviour, reason) => {
    rig = await Rig.start([spoilt(misbehaviour)]);
    const { session, journal } = await rig.session({ teacher: { idle_timeout_seconds: 0.3 } });
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

  it.each([
    ['cut in the middle', { kind: 'cut_stream' }],
    ['that is no JSON', { kind: 'bad_json' }],
    ['without finish reason', { kind: 'missing_finish' }],
  ])('is asked again after a whole answer %s', async (_name, misbehaviour) => {
    rig = await Rig.start([spoilt(misbehaviour)]);
    const { session } = await rig.session({ teacher: { streaming: false } });
    expect((await session.exchange(asking(0), never)).reply.content).toBe('On it.');
  });

  it('is a problem after the last attempt, and the next one who asks tries again', async () => {
    rig = await Rig.start([spoilt({ kind: 'server_error', attempts: 4 }), always]);
    const { session } = await rig.session();
    expect(await thrownBy(session.exchange(asking(0), never))).toMatchObject({ code: 'teacher_unavailable' });
    expect(rig.asked).toBe(4);
    expect(await thrownBy(session.exchange(asking(0), never))).toBeInstanceOf(Problem);
    expect(rig.asked).toBe(8);
  });

  it('that asks for silence gets it from every rollout', async () => {
    rig = await Rig.start([spoilt({ kind: 'rate_limited', retry_after: 0.6 })]);
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

  it.each([
    [401, 'teacher_unauthorized'],
    [403, 'teacher_unauthorized'],
    [404, 'teacher_address_wrong'],
    [422, 'teacher_rejected_request'],
  ])('answering %i is a problem at once', async (status, code) => {
    rig = await Rig.start([spoilt({ kind: 'server_error', status, attempts: 9 })]);
    const { session } = await rig.session();
    expect(await thrownBy(session.exchange(asking(0), never))).toMatchObject({ code });
    expect(rig.asked).toBe(1);
  });
});
