import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parsePartitions, requirePartition } from '../../activities/jobs/slurm/partitions.ts';
import type { AskSlurm } from '../../activities/jobs/slurm/ask-slurm.ts';
import { slurmBackend } from '../../activities/jobs/slurm/slurm-backend.ts';
import { jobOf, parseDuration, parseShown, type SlurmJob } from '../../activities/jobs/slurm/slurm-jobs.ts';
import { slurmStatus, type Traces } from '../../activities/jobs/slurm/slurm-status.ts';
import { batchOptions } from '../../activities/jobs/slurm/submit-batch.ts';
import type { Claim, RunResult } from '../../activities/jobs/run-folder.ts';
import { JobNeeds, type JobState } from '../../schemas/job.ts';
import { scratchFolder } from '../scratch-folder.ts';
import { Trainer } from './trainer.ts';

const job = (more: Partial<SlurmJob> = {}): SlurmJob => ({
  id: '7',
  name: 'train-a',
  state: 'RUNNING',
  reason: 'None',
  submitted: '2026-01-01T00:00:00',
  comment: 'tracemill:c',
  restarts: 0,
  exitCode: 0,
  runSeconds: 100,
  limitSeconds: 3600,
  ...more,
});
const result = (more: Partial<RunResult> = {}): RunResult => ({
  format: 1,
  exit_code: 0,
  started_at: '2026-01-01T00:00:00Z',
  ended_at: '2026-01-01T01:00:00Z',
  restart: 0,
  checkpoint_asked: false,
  terminated: false,
  timed_out: false,
  oom_kills: 0,
  ...more,
});
const asked = { checkpoint_asked: true } as const;

describe('the state of a Slurm job', () => {
  const cases: [string, JobState, SlurmJob | null, Partial<Traces>][] = [
    ['waits', 'pending', job({ state: 'PENDING', reason: 'Resources' }), {}],
    ['is being set up', 'pending', job({ state: 'CONFIGURING' }), {}],
    ['runs', 'running', job(), {}],
    ['ends', 'running', job({ state: 'COMPLETING' }), { result: result(asked) }],
    ['completed with a result', 'completed', job({ state: 'COMPLETED' }), { result: result() }],
    ['completed without one', 'failed', job({ state: 'COMPLETED' }), {}],
    ['completed, and Slurm has forgotten it', 'completed', null, { result: result() }],
    ['is forgotten, without a result', 'lost', null, {}],
    ['is forgotten, and was cancelled while it waited', 'cancelled', null, { request: 'cancel' }],
    [
      'was requeued: the result is of the start before',
      'pending',
      job({ state: 'PENDING', restarts: 1 }),
      { result: result({ exit_code: 143, terminated: true }) },
    ],
    ['was requeued, although its program was done', 'completed', job({ state: 'PENDING', restarts: 1 }), { result: result() }],
    [
      'failed again after a requeue, without a result of that start',
      'failed',
      job({ state: 'FAILED', exitCode: 137, restarts: 1 }),
      { result: result({ exit_code: 143, terminated: true }) },
    ],
    ['failed', 'failed', job({ state: 'FAILED', exitCode: 7 }), { result: result({ exit_code: 7 }) }],
    ['ran out of its time', 'timed_out', job({ state: 'TIMEOUT' }), {}],
    [
      'wrote a checkpoint before its limit, and ended by itself',
      'timed_out',
      job({ state: 'COMPLETED', runSeconds: 3570 }),
      { result: result(asked) },
    ],
    ['was told to end long before its limit', 'preempted', job({ state: 'COMPLETED', runSeconds: 900 }), { result: result(asked) }],
    ['lost its node', 'node_failed', job({ state: 'NODE_FAIL' }), {}],
    ['had a node that did not start', 'node_failed', job({ state: 'BOOT_FAIL' }), {}],
    ['was preempted', 'preempted', job({ state: 'PREEMPTED' }), { result: result({ exit_code: 143, terminated: true }) }],
    ['ran out of memory', 'out_of_memory', job({ state: 'OUT_OF_MEMORY', exitCode: 1 }), { result: result({ exit_code: 137 }) }],
    [
      'was cancelled by somebody else',
      'cancelled',
      job({ state: 'CANCELLED', exitCode: 143 }),
      { result: result({ exit_code: 143, terminated: true }) },
    ],
    ['was cancelled by us', 'cancelled', job({ state: 'COMPLETED' }), { result: result(asked), request: 'cancel' }],
    ['was asked for a checkpoint', 'preempted', job({ state: 'COMPLETED' }), { result: result(asked), request: 'checkpoint' }],
  ];

  it.each(cases)('%s: %s', (_what, state, seen, traces) => {
    const status = slurmStatus(seen, { result: null, request: null, graceSeconds: 60, ...traces });
    expect(status.state).toBe(state);
    expect(status.detail).not.toBe('');
  });

  it('says who cancelled it', () => {
    const none = { result: null, request: null, graceSeconds: 60 };
    expect(slurmStatus(job({ state: 'CANCELLED' }), none).detail).toContain('not by Tracemill');
    expect(slurmStatus(job({ state: 'PENDING', reason: 'QOSMaxJobsPerUserLimit' }), none).detail).toContain('QOSMaxJobsPerUserLimit');
  });
});

describe('what Slurm prints', () => {
  it('is read from one line of a job', () => {
    const line =
      'JobId=71 JobName=train-a UserId=root(0) GroupId=root(0) Priority=1 JobState=FAILED Reason=NonZeroExitCode Dependency=(null) Requeue=1 ' +
      'Restarts=2 BatchFlag=2 Reboot=0 ExitCode=7:0 RunTime=1-02:03:04 TimeLimit=UNLIMITED SubmitTime=2026-11-29T20:12:12 Comment=tracemill:c WorkDir=/x';
    expect(parseShown(line)).toEqual(
      job({
        id: '71',
        state: 'FAILED',
        reason: 'NonZeroExitCode',
        restarts: 2,
        exitCode: 7,
        submitted: '2026-11-29T20:12:12',
        runSeconds: 93_784,
        limitSeconds: null,
      }),
    );
    expect(parseShown(line.replace('7:0', '0:9')).exitCode).toBe(137);
  });

  it.each([
    ['1-00:00:00', 86_400],
    ['2:00:00', 7_200],
    ['30:00', 1_800],
    ['infinite', null],
    ['UNLIMITED', null],
  ])('says a time as %s', (text, seconds) => {
    expect(parseDuration(text)).toBe(seconds);
  });
});

describe('a job that the controller has forgotten', () => {
  const claim: Claim = {
    format: 1,
    submission: 1,
    name: 'train-a',
    backend: 'slurm',
    spec_sha256: 'f'.repeat(64),
    claim_id: 'c',
    submitted_at: '2026-01-02T00:00:00Z',
  };
  const forgotten =
    (sacct: Awaited<ReturnType<AskSlurm>>): AskSlurm =>
    async (program) =>
      program === 'sacct' ? sacct : { code: 1, stdout: '', stderr: 'slurm_load_jobs error: Invalid job id specified\n' };
  const rows = (...lines: string[]) => forgotten({ code: 0, stdout: `${lines.join('\n')}\n`, stderr: '' });

  it('is read from the accounting', async () => {
    const line = '7|train-a|CANCELLED by 1000|0:15|2026-01-02T00:00:01|93784|120|tracemill:c';
    expect(await jobOf(rows(line), '7', claim)).toMatchObject({
      state: 'CANCELLED',
      reason: 'CANCELLED by 1000',
      exitCode: 143,
      runSeconds: 93_784,
      limitSeconds: 7_200,
    });
  });

  it('is told by name and time where the accounting keeps no comments', async () => {
    const earlier = '7|train-a|COMPLETED|0:0|2025-06-01T00:00:00|10|120|';
    const ours = '7|train-a|TIMEOUT|0:0|2026-01-02T00:00:01|7200|120|';
    expect(await jobOf(rows(earlier, ours), '7', claim)).toMatchObject({ state: 'TIMEOUT' });
    expect(await jobOf(rows(earlier), '7', claim)).toBeNull();
    expect(await jobOf(rows(ours.replace('train-a', 'other')), '7', claim)).toBeNull();
    expect(await jobOf(rows(`${ours}tracemill:another`), '7', claim)).toBeNull();
  });

  it('is unknown without a database, and is no reason to think so of a controller that is away', async () => {
    const none = { code: 1, stdout: '', stderr: 'Slurm accounting storage is disabled\n' };
    expect(await jobOf(forgotten(none), '7', claim)).toBeNull();
    const away: AskSlurm = async () => ({
      code: 1,
      stdout: '',
      stderr: 'slurm_load_jobs error: Unable to contact slurm controller (connect failure)\n',
    });
    await expect(jobOf(away, '7', claim)).rejects.toMatchObject({ code: 'job_backend_unreachable' });
  });

  it('is not the later one that got its id', async () => {
    const shown: AskSlurm = async () => ({
      code: 0,
      stdout: 'JobId=7 JobName=train-a JobState=RUNNING Comment=tracemill:another\n',
      stderr: '',
    });
    expect(await jobOf(shown, '7', claim)).toBeNull();
  });
});

describe('what a partition has', () => {
  const nodes = parsePartitions(
    [
      'cpu*|infinite|c1|64|256000|(null)',
      'gpu|2-00:00:00|g1|128|2000000|gpu:h100:8(S:0-1)',
      'gpu|2-00:00:00|g2|128|2000000|gpu:a:2,gpu:b:2',
      '',
    ].join('\n'),
  );
  const check = (needs: Partial<JobNeeds>, partition?: string) => () =>
    requirePartition({ name: 'train-a', needs: JobNeeds.parse(needs) }, partition, nodes);

  it('is counted in GPUs of any type', () => {
    expect(nodes.map(({ gpus }) => gpus)).toEqual([0, 8, 4]);
  });

  it('meets a need, or says what is lacking', () => {
    expect(check({ gpus_per_node: 8 }, 'gpu')).not.toThrow();
    expect(check({ nodes: 2, gpus_per_node: 4, time_limit_seconds: 172_800 }, 'gpu')).not.toThrow();
    expect(check({ gpus_per_node: 8 })).toThrow(/partition cpu has 0 such of 1 \(at most 0 GPUs/);
    expect(check({ nodes: 2, gpus_per_node: 8 }, 'gpu')).toThrow(/2 nodes with 8 GPUs.*has 1 such of 2/);
    expect(check({ time_limit_seconds: 200_000 }, 'gpu')).toThrow(/3334 minutes, and partition gpu allows 2880/);
    expect(check({}, 'h100')).toThrow(/no partition h100, but cpu, gpu/);
    expect(check({ gpus_per_node: 9 }, 'gpu')).toThrow(expect.objectContaining({ code: 'job_unmet_need' }));
  });
});

describe('a submission to Slurm', () => {
  const claim = (spec: Trainer['spec']): Claim => ({
    format: 1,
    submission: 1,
    name: spec.name,
    backend: 'slurm',
    spec_sha256: spec.spec_sha256,
    claim_id: 'c',
    submitted_at: '2026-01-01T00:00:00Z',
  });

  it('asks for what the job needs', () => {
    const { spec } = new Trainer(scratchFolder('slurm'), 'train-a', { needs: { nodes: 2, gpus_per_node: 8, time_limit_seconds: 90 } });
    const options = batchOptions(
      { type: 'slurm', partition: 'gpu', account: 'lab', options: ['--constraint=h100'] },
      spec,
      claim(spec),
      '/runs/50%/1',
    );
    expect(options).toEqual(
      expect.arrayContaining([
        '--nodes=2',
        '--gpus-per-node=8',
        '--time=2',
        '--partition=gpu',
        '--account=lab',
        '--constraint=h100',
        '--comment=tracemill:c',
      ]),
    );
    expect(options).toContain('--output=/runs/50%%/1/slurm.log');
    expect(options.join(' ')).not.toContain('undefined');
  });

  /** A Slurm that has taken the jobs of `queue`, and whose sbatch answers as told. */
  const slurm = (sbatch: (queue: Map<string, string>, comment: string) => ReturnType<AskSlurm>) => {
    const queue = new Map<string, string>();
    const calls: string[] = [];
    const said = (stdout: string) => ({ code: 0, stdout, stderr: '' });
    const ask: AskSlurm = async (program, args) => {
      calls.push(program);
      const comment = args.find((arg) => arg.startsWith('--comment='))?.replace('--comment=', '') ?? '';
      if (program === 'sbatch') return await sbatch(queue, comment);
      if (program === 'squeue') return said([...queue].map(([id, text]) => `${id}|${text}`).join('\n'));
      if (program === 'scancel') queue.delete(args.at(-1) ?? '');
      return said('');
    };
    return { queue, calls, backend: slurmBackend({ type: 'slurm', options: [] }, { ask, settleMs: 0 }) };
  };
  const timedOut = { code: 1, stdout: '', stderr: 'sbatch: error: Batch job submission failed: Socket timed out on send/recv operation\n' };
  const trainer = () => new Trainer(scratchFolder('slurm'), 'train-a').spec;

  it('adopts the job when sbatch fails although Slurm took it', async () => {
    const { backend, calls } = slurm(async (queue, comment) => (queue.set('12', comment), timedOut));
    const spec = trainer();
    const ref = await backend.submit(spec, 0);
    expect(ref).toMatchObject({ id: '12', submission: 1 });
    expect(await backend.submit(spec, 0)).toEqual(ref);
    expect(await backend.find(spec)).toEqual(ref);
    expect(calls.filter((call) => call === 'sbatch')).toHaveLength(1);
  });

  it('is tried again when Slurm took nothing, and is one submission then', async () => {
    let tries = 0;
    const { backend } = slurm(async (queue, comment) =>
      tries++ === 0 ? timedOut : (queue.set('13', comment), { code: 0, stdout: '13;cluster\n', stderr: '' }),
    );
    const spec = trainer();
    await expect(backend.submit(spec, 0)).rejects.toMatchObject({ code: 'job_backend_unreachable' });
    expect(await backend.find(spec)).toBeNull();
    expect(await backend.submit(spec, 0)).toMatchObject({ id: '13', submission: 1 });
  });

  it('is cut down to one job when there are two', async () => {
    const { backend, queue } = slurm(async (jobs, comment) => (jobs.set('15', comment), jobs.set('14', comment), timedOut));
    expect(await backend.submit(trainer(), 0)).toMatchObject({ id: '14' });
    expect([...queue.keys()]).toEqual(['14']);
  });

  it('is refused for good when Slurm says that the call is wrong', async () => {
    const { backend } = slurm(async () => ({ code: 1, stdout: '', stderr: 'sbatch: error: invalid partition specified: x\n' }));
    await expect(backend.submit(trainer(), 0)).rejects.toMatchObject({
      code: 'job_refused',
      message: expect.stringContaining('invalid partition'),
    });
  });

  it('says that this machine has no Slurm', async () => {
    const { askSlurm } = await import('../../activities/jobs/slurm/ask-slurm.ts');
    await expect(askSlurm(join('/nowhere', 'sinfo'), [])).rejects.toMatchObject({ code: 'job_unmet_need' });
  });
});
