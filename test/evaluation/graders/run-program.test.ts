import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { endLeftOver, type GraderProgram, runProgram } from '../../../activities/evaluation/graders/run-program.ts';
import { scratchFolder } from '../../scratch-folder.ts';

const program = (script: string, more: Partial<GraderProgram> = {}): GraderProgram => ({
  what: 'the grader',
  program: 'sh',
  args: ['-c', script, 'mark-of-this-run'],
  folder: scratchFolder('program'),
  mark: 'mark-of-this-run',
  timeoutMs: 20_000,
  signal: new AbortController().signal,
  onTick: () => undefined,
  ...more,
});

async function lives(pid: number): Promise<boolean> {
  // Whatever ended it, its end takes a moment to be seen.
  for (let look = 0; look < 20; look += 1) {
    if (!existsSync(`/proc/${pid}`) || / Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))) return false;
    await sleep(100);
  }
  return true;
}

const pidIn = (folder: string) => Number(readFileSync(join(folder, 'child'), 'utf8'));

describe('runProgram', () => {
  it('keeps what the program prints, and shows it no key of ours', async () => {
    process.env['TRACEMILL_TEST_KEY'] = 'secret';
    const run = program('echo out; echo err >&2; env >environment', { environment: { EXTRA: '1' } });
    await runProgram(run);
    delete process.env['TRACEMILL_TEST_KEY'];
    expect(readFileSync(join(run.folder, 'grader.log'), 'utf8')).toBe('out\nerr\n');
    const environment = readFileSync(join(run.folder, 'environment'), 'utf8');
    expect(environment).toContain('EXTRA=1\n');
    expect(environment).not.toContain('secret');
  });

  it('fails with the last lines', async () => {
    await expect(runProgram(program('echo begun; echo the reason >&2; exit 3'))).rejects.toMatchObject({
      code: 'grader_failed',
      message: expect.stringMatching(/ended with 3:\nbegun\nthe reason$/),
    });
    await expect(runProgram(program('', { program: '/no/such/program' }))).rejects.toMatchObject({ code: 'grader_not_ready' });
  });

  const stubborn = 'sleep 600 & echo $! >child; trap "" TERM; wait; sleep 600';

  it('ends the program and what it started at its time limit', async () => {
    const run = program(`sleep 600 & echo $! >child; wait`, { timeoutMs: 500 });
    await expect(runProgram(run)).rejects.toMatchObject({ code: 'grader_timed_out' });
    expect(await lives(pidIn(run.folder))).toBe(false);
  });

  it('ends it when it is aborted, also where it does not want to', async () => {
    const stop = new AbortController();
    const run = program(stubborn, { signal: stop.signal, graceMs: 500 });
    setTimeout(() => stop.abort(new Error('enough')), 300);
    await expect(runProgram(run)).rejects.toThrow('enough');
    expect(await lives(pidIn(run.folder))).toBe(false);
  });

  it('ends one that a killed worker left, and no other process of its number', async () => {
    const run = program('sleep 600 & echo $! >child; wait');
    const left = runProgram(run).catch((error: { code: string }) => error.code);
    // The shell makes the file before it writes into it.
    while (!existsSync(join(run.folder, 'child')) || pidIn(run.folder) === 0) await sleep(50);
    await endLeftOver(run.folder, 'mark-of-another-run');
    expect(existsSync(`/proc/${pidIn(run.folder)}`)).toBe(true);
    await endLeftOver(run.folder, run.mark);
    expect(await left).toBe('grader_failed');
    expect(await lives(pidIn(run.folder))).toBe(false);
    await endLeftOver(scratchFolder('program'), run.mark);
    writeFileSync(join(run.folder, 'grader.pid'), '0\n');
    await endLeftOver(run.folder, run.mark);
  });
});
