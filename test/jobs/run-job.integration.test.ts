import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { writeJobProgram } from '../../activities/jobs/job-program.ts';
import { noticeOf, resultOf, submissionFolder } from '../../activities/jobs/run-folder.ts';
import { findProgram } from '../../infra/bootstrap/system-command.ts';
import { scratchFolder } from '../scratch-folder.ts';
import { Trainer } from './trainer.ts';

/** What `sh` is differs: dash on Debian, bash on Red Hat, busybox in small images. */
const shells = [['dash'], ['bash', '--posix'], ['busybox', 'sh']].filter(([program = '']) => findProgram(program) !== undefined);

describe.each(shells.map((shell) => ({ name: shell.join(' '), shell })))('the program that watches a job, run by $name', ({ shell }) => {
  const start = (program?: string, more: { time?: number; grace?: number } = {}) => {
    const job = new Trainer(scratchFolder('run-job'), 'job', {
      ...(program === undefined ? {} : { program }),
      grace_seconds: more.grace ?? 5,
      needs: { time_limit_seconds: more.time ?? null },
    });
    const here = submissionFolder(job.spec.folder, 1);
    mkdirSync(here, { recursive: true });
    const [, ...args] = writeJobProgram(job.spec, 1, here, true);
    const [first = '', ...rest] = [...shell, ...args];
    const child = spawn(first, rest, { stdio: 'inherit' });
    return { job, here, child, ended: once(child, 'exit') };
  };

  it('keeps the exit code', async () => {
    const { here, ended } = start('exit 7');
    expect(await ended).toEqual([7, null]);
    expect(resultOf(here)).toMatchObject({ exit_code: 7, checkpoint_asked: false, terminated: false, timed_out: false });
  });

  it('keeps the exit code of a program that a signal ended', async () => {
    const { here, ended } = start('kill -SEGV $$');
    await ended;
    expect(resultOf(here)).toMatchObject({ exit_code: 139 });
  });

  it('says that there is no such program', async () => {
    const { job, here, ended } = start('exec no-such-program');
    await ended;
    expect(resultOf(here)).toMatchObject({ exit_code: 127 });
    expect(job.output()).toMatch(/no-such-program.*not found/);
  });

  it('passes a request on to the process that listens, and waits for its true end', async () => {
    const { job, here, child, ended } = start();
    await expect.poll(() => job.step(), { timeout: 20_000 }).toBeGreaterThan(0);
    child.kill('SIGUSR1');
    expect(await ended).toEqual([0, null]);
    expect(noticeOf(here)).toMatchObject({ heard: 1 });
    expect(resultOf(here)).toMatchObject({ exit_code: 0, checkpoint_asked: true, terminated: false });
  });

  it('kills no process that does not listen', async () => {
    const { job, here, child, ended } = start('echo 1 >progress; sleep 2; exit 5');
    await expect.poll(() => job.step(), { timeout: 20_000 }).toBe(1);
    child.kill('SIGUSR1');
    expect(await ended).toEqual([5, null]);
    expect(noticeOf(here)).toMatchObject({ heard: 0 });
  });

  it('asks for a checkpoint before the time is up, then ends the job', async () => {
    const { here, ended } = start("trap 'echo heard >>heard' USR1; while :; do sleep 0.1 & wait $!; done", { time: 2, grace: 1 });
    await ended;
    expect(noticeOf(here)).toMatchObject({ heard: 1 });
    expect(resultOf(here)).toMatchObject({ exit_code: 143, checkpoint_asked: true, terminated: true, timed_out: true });
  });

  it('runs a submission once', async () => {
    const { job, here, ended } = start('echo "from 0 by $$" >>starts');
    await ended;
    const second = spawn(shell[0] ?? '', [...shell.slice(1), `${here}/run-job.sh`, here], { stdio: 'inherit' });
    expect(await once(second, 'exit')).toEqual([0, null]);
    expect(job.starts()).toHaveLength(1);
  });
});
