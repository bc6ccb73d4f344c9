import { describe, expect, it } from 'vitest';
import { divergence, maskVolatile, replay } from '../../activities/rollout/replay.ts';
import type { ShellAction } from '../../activities/sandbox/contract.ts';
import { FakeContainer, result } from './fake-world.ts';

describe('the comparison of a replayed action', () => {
  it.each([
    ['ran in 0.12s', 'ran in 3.4s'],
    ['2026-01-02 03:04:05 ok', '2026-11-25T13:14:15.5Z ok'],
    ['-rw-r--r-- 1 root 5 Nov 25 08:54 a', '-rw-r--r-- 1 root 5 Nov  5 18:04 a'],
    ['<f at 0x7f00aa11bb22>', '<f at 0x7f11ccddeeff>'],
    ['took 12 ms', 'took 9 ms'],
  ])('does not mind %j against %j', (one, other) => expect(divergence(result({ output: one }), result({ output: other }))).toBeNull());

  it.each([
    ['a.c:3:5: error', 'a.c:4:5: error'],
    ['12 passed', '13 passed'],
    ['v1.2.3', 'v1.2.4'],
    ['a', 'a\nb'],
    ['abc1234', 'abc1235'],
  ])('minds %j against %j', (one, other) => expect(divergence(result({ output: one }), result({ output: other }))).toMatch(/^output line/));

  it('distinguishes status, exit code and working directory', () => {
    expect(divergence(result({}), result({ exit_code: 1 }))).toBe('exit code 0, now 1');
    expect(divergence(result({}), result({ status: 'killed' }))).toBe('status exited, now killed');
    expect(divergence(result({}), result({ cwd: '/' }))).toBe('working directory /name, now /');
  });

  it('takes a part of the output for the same where nobody waited for the rest', () => {
    const running = (output: string) => result({ status: 'running', exit_code: null, output, limit: 'time' });
    expect(divergence(running('1\n2\n'), running('1\n2\n3\n'))).toBeNull();
    expect(divergence(running('1\n2\n'), running('2\n'))).not.toBeNull();
  });

  it('masks in linear time', () => {
    expect(maskVolatile('1'.repeat(200_000))).toHaveLength(200_000);
  });
});

describe('the replay of an action that a limit ended', () => {
  const command: ShellAction = {
    kind: 'command',
    command: 'make',
    waiting: { noChangeMs: null, timeMs: 300_000 },
    atTimeLimit: 'interrupt',
  };
  const quiet = new AbortController().signal;

  function slowContainer(): { container: FakeContainer; asked: ShellAction[] } {
    const container = new FakeContainer('c', () => undefined);
    const asked: ShellAction[] = [];
    container.perform = async (_action, request) => {
      asked.push(request);
      if (request.kind === 'command' && request.atTimeLimit === 'interrupt')
        return result({ status: 'killed', exit_code: 130, output: 'abcd', limit: 'time' });
      return result({
        status: 'running',
        exit_code: null,
        output: 'abcd'.slice(0, asked.length),
        output_offset: Math.min(4, asked.length),
        limit: 'time',
      });
    };
    return { container, asked };
  }

  it('waits for the output seen then instead of for the limit, and interrupts as then', async () => {
    const { container, asked } = slowContainer();
    const recorded = result({ status: 'killed', exit_code: 130, output: 'abcd', output_offset: 4, limit: 'time', duration_ms: 300_000 });
    expect(divergence(recorded, await replay(container, 0, { kind: 'shell', request: command }, recorded, quiet))).toBeNull();
    const waited = asked.map(({ kind, ...request }) => (kind === 'command' && 'waiting' in request ? request.waiting.timeMs : null));
    expect(waited.at(0)).toBe(5000);
    expect(waited.at(-1)).toBe(0);
    expect(waited.reduce((sum: number, ms) => sum + (ms ?? 0), 0)).toBeLessThan(10_000);
  });

  it('never waits longer than the first time', async () => {
    const { container, asked } = slowContainer();
    const recorded = result({
      status: 'running',
      exit_code: null,
      output: 'much',
      output_offset: 1000,
      limit: 'no_change',
      duration_ms: 3000,
    });
    const leave: ShellAction = { ...command, atTimeLimit: 'leave' };
    expect(await replay(container, 0, { kind: 'shell', request: leave }, recorded, quiet)).toMatchObject({
      status: 'running',
      limit: 'no_change',
    });
    expect(asked.map((request) => request.waiting.timeMs)).toEqual([3000]);
  });
});
