import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeJobProgram } from '../../activities/jobs/job-program.ts';
import { noticeOf, rememberRequest, resultOf, submissionFolder } from '../../activities/jobs/run-folder.ts';
import { findProgram } from '../../infra/bootstrap/system-command.ts';
import { scratchFolder } from '../scratch-folder.ts';
import { Trainer } from './trainer.ts';

/** What `sh` is differs: dash on Debian, bash on Red Hat, busybox in small images. */
const shells = [['dash'], ['bash', '--posix'], ['busybox', 'sh']].filter(([program = '']) => findProgram(program) !== undefined);

describe.each(shells.map((shell) => ({ name: shell.join(' '), shell })))('the program that watches a job, run by $name', ({ shell }) => {
  const start = (program?: string, more: { time?: number; grace?: number; environment?: Record<string, string> } = {}) => {
    const job = new Trainer(scratchFolder('run-job'), 'job', {
      ...(program === undefined ? {} : { program }),
      grace_seconds: more.grace ?? 5,
      needs: { time_limit_seconds: more.time ?? null },
    });
    const here = submissionFolder(job.spec.folder, 1);
    mkdirSync(here, { recursive: true });
    const [, ...args] = writeJobProgram(job.spec, 1, here, true);
    const [first = '', ...rest] = [...shell, ...args];
    const child = spawn(first, rest, { stdio: 'inherit', env: { ...process.env, ...more.environment } });
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
    // A child that has just been made listens as its parent does, until it becomes another program.
    expect(noticeOf(here)?.heard).toBeGreaterThanOrEqual(1);
    expect(resultOf(here)).toMatchObject({ exit_code: 0, checkpoint_asked: true, terminated: false });
  });

  it('sees a request that lies in its folder, where nobody can send it a signal', async () => {
    const { job, here, ended } = start(undefined, { environment: { TRACEMILL_JOB_WATCH: '0.1' } });
    await expect.poll(() => job.step(), { timeout: 20_000 }).toBeGreaterThan(0);
    rememberRequest(here, 'checkpoint');
    expect(await ended).toEqual([0, null]);
    // A child that has just been made listens as its parent does, until it becomes another program.
    expect(noticeOf(here)?.heard).toBeGreaterThanOrEqual(1);
    expect(resultOf(here)).toMatchObject({ exit_code: 0, checkpoint_asked: true, terminated: false });
  });

  it('runs its share on each machine where something else starts it there', async () => {
    const folder = scratchFolder('run-job');
    const program = `trap 'echo "saved $TRACEMILL_JOB_NODE" >>saved; exit "$TRACEMILL_JOB_NODE"' USR1; echo "$TRACEMILL_JOB_NODE $PET_NODE_RANK" >>ranks
      while :; do sleep 0.05 & wait $!; done`;
    const job = new Trainer(folder, 'job', { program, needs: { nodes: 2 }, grace_seconds: 5 });
    const here = submissionFolder(job.spec.folder, 1);
    mkdirSync(here, { recursive: true });
    const [, ...args] = writeJobProgram(job.spec, 1, here, true);
    const [first = '', ...rest] = [...shell, ...args];
    const children = ['0', '1'].map((node) =>
      spawn(first, node === '0' ? rest : [...rest, 'node'], {
        stdio: 'inherit',
        env: { ...process.env, TRACEMILL_JOB_WATCH: '0.1', TRACEMILL_JOB_NODE: node, PET_NODE_RANK: node },
      }),
    );
    const ends = children.map((child) => once(child, 'exit'));
    const lines = (file: string) =>
      (existsSync(join(job.spec.folder, file)) ? readFileSync(join(job.spec.folder, file), 'utf8') : '').trim().split('\n');
    await expect.poll(() => lines('ranks').toSorted(), { timeout: 20_000 }).toEqual(['0 0', '1 1']);
    rememberRequest(here, 'checkpoint');
    expect(await Promise.all(ends)).toEqual([
      [0, null],
      [1, null],
    ]);
    expect(lines('saved').toSorted()).toEqual(['saved 0', 'saved 1']);
    expect(resultOf(here)).toMatchObject({ exit_code: 0, checkpoint_asked: true });
    expect(job.output()).toContain('node 1 ended with exit code 1');
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
    // A child that has just been made listens as its parent does, until it becomes another program.
    expect(noticeOf(here)?.heard).toBeGreaterThanOrEqual(1);
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
