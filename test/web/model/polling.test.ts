import { describe, expect, it } from 'vitest';
import { ageOf } from '../../../web/model/polling/age.ts';
import { Poller, type Polled } from '../../../web/model/polling/poller.ts';
import { repeat } from '../../../web/model/polling/repeat.ts';
import { clippedName, visibleName } from '../../../web/model/text/visible.ts';

function bench(hidden = false) {
  const asked: (string | undefined)[] = [];
  const waits: number[] = [];
  const told: Polled<string>[] = [];
  let answer: () => Promise<{ data: string; etag: string } | null> = async () => ({ data: 'one', etag: 'e1' });
  const poller = new Poller<string>(2000, {
    ask: async ({ etag }) => {
      asked.push(etag);
      return await answer();
    },
    tell: (state) => told.push(state),
    now: () => 1000,
    hidden: () => hidden,
    wait: (milliseconds) => {
      waits.push(milliseconds);
      return () => undefined;
    },
  });
  return { poller, asked, waits, told, setAnswer: (next: typeof answer) => (answer = next) };
}

describe('a poller', () => {
  it('asks with the version it has, and keeps its data when nothing changed or the poll fails', async () => {
    const { poller, asked, told, setAnswer } = bench();
    await poller.refresh();
    setAnswer(async () => null);
    await poller.refresh();
    setAnswer(async () => await Promise.reject(new Error('gone')));
    await poller.refresh();
    expect(asked).toEqual([undefined, 'e1', 'e1']);
    expect(told.map(({ data, problem }) => [data, problem])).toEqual([
      ['one', null],
      ['one', null],
      ['one', 'gone'],
    ]);
  });

  it('asks more seldom for a page that nobody sees', async () => {
    const seen = bench();
    const hidden = bench(true);
    await Promise.all([seen.poller.refresh(), hidden.poller.refresh()]);
    expect([seen.waits, hidden.waits]).toEqual([[2000], [30_000]]);
  });

  it('behaviour 15: tells nothing of an answer that comes after its end', async () => {
    const { poller, told, setAnswer, waits } = bench();
    const late = Promise.withResolvers<{ data: string; etag: string }>();
    setAnswer(async () => await late.promise);
    const asking = poller.refresh();
    poller.end();
    late.resolve({ data: 'late', etag: '' });
    await asking;
    expect([told, waits]).toEqual([[], []]);
  });
});

it.each([
  { at: null, problem: null, now: 0, state: 'waiting' },
  { at: null, problem: 'no server', now: 0, state: 'failed' },
  { at: 0, problem: null, now: 5000, state: 'fresh' },
  { at: 0, problem: 'no server', now: 5000, state: 'failed' },
  { at: 0, problem: 'no server', now: 6001, state: 'stale' },
  { at: 0, problem: null, now: 6001, state: 'stale' },
])('behaviour 13: of $at with $problem at $now it says $state', ({ at, problem, now, state }) => {
  expect(ageOf({ at, problem, staleAfter: 6000 }, now).state).toBe(state);
});

it('shows what a name hides, and cuts what is long', () => {
  expect(visibleName('a\u202eb\u0000c\ud800d\u2028\ufeff')).toBe('a⟨U+202E⟩b⟨U+0000⟩c⟨U+D800⟩d⟨U+2028⟩⟨U+FEFF⟩');
  expect(clippedName('x'.repeat(10_000), 5)).toBe('xxxxx… (10000 characters)');
});

describe('what is done again and again', () => {
  function repeated(work: () => Promise<void>) {
    const page = { hidden: false };
    const waits: { milliseconds: number; go: () => void; stopped: boolean }[] = [];
    const repeating = repeat(5000, {
      work,
      hidden: () => page.hidden,
      wait: (milliseconds, then) => {
        const waiting = { milliseconds, go: then, stopped: false };
        waits.push(waiting);
        return () => (waiting.stopped = true);
      },
    });
    return { page, waits, ...repeating };
  }

  it('is done in turn, and each half a minute while nobody sees the page', async () => {
    let done = 0;
    const { page, waits } = repeated(async () => void (done += 1));
    for (const hidden of [false, true, true, false]) {
      page.hidden = hidden;
      waits.at(-1)?.go();
      await new Promise(setImmediate);
    }
    expect(done).toBe(4);
    expect(waits.map(({ milliseconds }) => milliseconds)).toEqual([5000, 5000, 30_000, 30_000, 5000]);
  });

  it('is done at once when asked for, by one at a time, also after a failure, and never after its end', async () => {
    const gates: PromiseWithResolvers<void>[] = [];
    const { waits, now, end } = repeated(async () => {
      const gate = Promise.withResolvers<void>();
      gates.push(gate);
      await gate.promise;
    });
    now();
    now();
    expect([gates.length, waits[0]?.stopped]).toEqual([1, true]);
    gates[0]?.reject(new Error('gone'));
    await new Promise(setImmediate);
    expect(waits).toHaveLength(2);
    now();
    end();
    gates[1]?.resolve();
    await new Promise(setImmediate);
    now();
    expect([gates.length, waits.length]).toEqual([2, 2]);
  });
});
