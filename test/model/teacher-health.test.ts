import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Permit, TeacherHealth } from '../../activities/model/gateway/teacher-health.ts';
import type { Outage } from '../../activities/model/failure/classify-failure.ts';
import { never } from './rig.ts';

const down: Outage = { code: 'teacher_unreachable', hint: 'start it', atOnce: true };
const odd: Outage = { code: 'teacher_failing', hint: 'look', atOnce: false };
const refused: Outage = { code: 'teacher_unauthorized', hint: 'new key', atOnce: true };

beforeEach(() => vi.useFakeTimers({ now: Date.parse('2026-01-01T00:00:00Z') }));
afterEach(() => vi.useRealTimers());

/** Requests that wait, and the permits of those that went out, in turn. */
function queue(health: TeacherHealth, count: number, signal = never): { out: { name: number; permit: Permit }[] } {
  const out: { name: number; permit: Permit }[] = [];
  for (let name = 0; name < count; name++)
    void health.admit(signal).then(
      (permit) => out.push({ name, permit }),
      () => undefined,
    );
  return { out };
}

describe('the health of a teacher', () => {
  it('lets every request out while it answers, and takes a single odd failure for nothing', async () => {
    const health = new TeacherHealth();
    for (let round = 0; round < 10; round++) {
      expect((await health.admit(never)).failed(odd, '500', undefined)).toBe(false);
      expect((await health.admit(never)).failed(odd, '500', undefined)).toBe(false);
      (await health.admit(never)).answered();
    }
    expect(health.pause).toBeUndefined();
  });

  it('is busy from the first refusal until a reply, and is never paused for it', async () => {
    const health = new TeacherHealth();
    for (let round = 0; round < 10; round++) {
      (await health.admit(never)).busy(`429 number ${round}`);
      await vi.advanceTimersByTimeAsync(1000);
    }
    expect(health.pause).toBeUndefined();
    expect(health.busy).toEqual({ since: '2026-01-01T00:00:00.000Z', message: '429 number 9' });
    (await health.admit(never)).answered();
    expect(health.busy).toBeUndefined();
    (await health.admit(never)).busy('429 again');
    (await health.admit(never)).failed(down, 'refused', undefined);
    expect(health.busy).toBeUndefined();
  });

  it('is paused after several failures in a row, whosever they are', async () => {
    const health = new TeacherHealth();
    const permits = await Promise.all([0, 1, 2, 3].map(() => health.admit(never)));
    expect(permits.map((permit) => permit.failed(odd, 'oops', undefined))).toEqual([false, false, true, true]);
    expect(health.pause).toEqual({
      code: 'teacher_failing',
      message: 'oops',
      hint: 'look',
      since: '2026-01-01T00:00:00.000Z',
      next_try: '2026-01-01T00:00:01.000Z',
    });
  });

  it.each([
    ['ends a millisecond early', 1],
    ['was set while the clock was an hour ahead', 3_600_000],
  ])('tries again when its timer %s', async (_how, behind) => {
    const health = new TeacherHealth();
    (await health.admit(never)).failed(down, 'refused', undefined);
    const { out } = queue(health, 2);
    vi.setSystemTime(Date.now() - behind);
    await vi.advanceTimersByTimeAsync(1000);
    expect(out.map(({ name }) => name)).toEqual([0]);
    out[0]?.permit.answered();
    await vi.advanceTimersByTimeAsync(0);
    expect(out.map(({ name }) => name)).toEqual([0, 1]);
  });

  it('lets one request at a time try, in turn and at growing intervals, and all others out after the first reply', async () => {
    const health = new TeacherHealth();
    (await health.admit(never)).failed(down, 'refused', undefined);
    const { out } = queue(health, 4);
    const triedAfter: number[] = [];
    for (let second = 0; triedAfter.length < 7; second++) {
      await vi.advanceTimersByTimeAsync(1000);
      const tried = out.shift();
      expect(out).toEqual([]);
      if (tried === undefined) continue;
      triedAfter.push(second + 1);
      expect(tried.permit.failed(down, `refused ${triedAfter.length}`, undefined)).toBe(true);
      void health.admit(never).then((permit) => out.push({ name: tried.name, permit }));
    }
    expect(triedAfter).toEqual([1, 3, 7, 15, 30, 45, 60]);
    expect(health.pause).toMatchObject({ message: 'refused 7', since: '2026-01-01T00:00:00.000Z' });
    await vi.advanceTimersByTimeAsync(15_000);
    expect(out).toHaveLength(1);
    out.shift()?.permit.answered();
    await vi.advanceTimersByTimeAsync(0);
    expect(out).toHaveLength(3);
    expect(health.pause).toBeUndefined();
  });

  it('is tried less often while it refuses, once a minute at last, and no sooner than it asks for', async () => {
    const health = new TeacherHealth();
    (await health.admit(never)).failed(refused, '401', undefined);
    const { out } = queue(health, 1);
    await vi.advanceTimersByTimeAsync(4999);
    expect(out).toHaveLength(0);
    await vi.advanceTimersByTimeAsync(1);
    expect(out).toHaveLength(1);
    out.shift()?.permit.failed(refused, '401', 90_000);
    expect(health.pause?.next_try).toBe('2026-01-01T00:01:35.000Z');
  });

  it('is tried at once with a new key, which the requests that wait carry', async () => {
    const health = new TeacherHealth();
    health.setKey('old', 'KEY');
    (await health.admit(never)).failed(refused, '401', undefined);
    const { out } = queue(health, 2);
    health.setKey('old', 'KEY');
    await vi.advanceTimersByTimeAsync(0);
    expect(out).toHaveLength(0);
    health.setKey('new', 'KEY');
    await vi.advanceTimersByTimeAsync(0);
    expect(out).toHaveLength(1);
    expect(health.key).toBe('new');
  });

  it('waits for a worker that has the key', async () => {
    const health = new TeacherHealth();
    health.setKey(null, 'KEY');
    const { out } = queue(health, 2);
    await vi.advanceTimersByTimeAsync(600_000);
    expect(out).toHaveLength(0);
    expect(health.pause).toMatchObject({ code: 'key_missing', next_try: null });
    health.setKey('secret', 'KEY');
    await vi.advanceTimersByTimeAsync(0);
    expect(out).toHaveLength(2);
  });

  it('needs no key where the profile names none', async () => {
    const health = new TeacherHealth();
    health.setKey(null, undefined);
    expect(health.pause).toBeUndefined();
  });

  it('learns nothing from requests that went out before it recovered', async () => {
    const health = new TeacherHealth();
    const late = await health.admit(never);
    (await health.admit(never)).failed(down, 'refused', undefined);
    const { out } = queue(health, 1);
    await vi.advanceTimersByTimeAsync(1000);
    out[0]?.permit.answered();
    expect(late.failed(down, 'refused long ago', undefined)).toBe(false);
    expect(health.pause).toBeUndefined();
  });

  it('gives the try to another request when the one that tries is given up', async () => {
    const health = new TeacherHealth();
    (await health.admit(never)).failed(down, 'refused', undefined);
    const { out } = queue(health, 2);
    await vi.advanceTimersByTimeAsync(1000);
    out[0]?.permit.dropped();
    await vi.advanceTimersByTimeAsync(0);
    expect(out.map(({ name }) => name)).toEqual([0, 1]);
  });

  it('counts as unknown once a try is due and nobody is left to make it, so that new work may', async () => {
    const health = new TeacherHealth();
    (await health.admit(never)).failed(down, 'refused', undefined);
    const quitter = new AbortController();
    queue(health, 2, quitter.signal);
    quitter.abort();
    expect(health.pause).toBeDefined();
    await vi.advanceTimersByTimeAsync(1000);
    expect(health.pause).toBeUndefined();
    expect((await health.admit(never)).failed(down, 'still refused', undefined)).toBe(true);
    expect(health.pause).toMatchObject({ message: 'still refused', since: '2026-01-01T00:00:00.000Z' });
  });
});
