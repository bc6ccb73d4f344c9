import { describe, expect, it } from 'vitest';
import { classifyFailure } from '../../activities/jobs/classify-failure.ts';
import type { FailureSign } from '../../activities/jobs/failure-signs.ts';
import type { JobCause, JobState, JobStatus } from '../../schemas/job.ts';

const failed = (exit_code: number): JobStatus => ({ state: 'failed', exit_code, detail: `exit code ${exit_code}`, restarts: 0 });

/** Cause, whether it may be tried again, and the end of an output. The telling line is marked by `>`. */
const logs: [JobCause, boolean, string][] = [
  [
    'out_of_memory',
    false,
    `Epoch 0:   4%| step 12/300 loss=1.203
[rank3]: Traceback (most recent call last):
[rank3]:   File "/opt/train.py", line 88, in training_step
>[rank3]: torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 9.27 GiB. GPU 3 has a total capacity of 79.15 GiB
[rank0]:[E1129 ProcessGroupNCCL.cpp:607] [Rank 0] Watchdog caught collective operation timeout: WorkNCCL(SeqNum=81)`,
  ],
  [
    'out_of_memory',
    false,
    `Tokenizing rows:  88%|
>RuntimeError: [enforce fail at alloc_cpu.cpp:117] DefaultCPUAllocator: can't allocate memory: you tried to allocate 34359738368 bytes.`,
  ],
  [
    'out_of_memory',
    false,
    '>slurmstepd: error: Detected 1 oom_kill event in StepId=71.batch. Some of the step tasks have been OOM Killed.',
  ],
  ['out_of_memory', false, 'Traceback (most recent call last):\n>MemoryError'],
  [
    'communication_failure',
    true,
    `{'loss': '1.02', 'epoch': 0.4}
>[rank7]:[E1129 ProcessGroupNCCL.cpp:607] [Rank 7] Watchdog caught collective operation timeout: WorkNCCL(SeqNum=4711, OpType=ALLGATHER, Timeout(ms)=600000)
[rank7]: terminate called after throwing an instance of 'c10::DistBackendError'`,
  ],
  [
    'communication_failure',
    true,
    '>torch.distributed.DistBackendError: NCCL error in: NCCLUtils.cpp:77, remote process exited or there was a network error, NCCL version 2.27',
  ],
  ['communication_failure', true, '>torch.distributed.elastic.rendezvous.api.RendezvousTimeoutError'],
  ['gpu_failure', true, '>RuntimeError: CUDA error: an illegal memory access was encountered'],
  ['gpu_failure', true, '>RuntimeError: CUDA error: uncorrectable ECC error encountered'],
  ['gpu_failure', false, '>RuntimeError: CUDA error: device-side assert triggered'],
  ['gpu_failure', false, '>RuntimeError: No CUDA GPUs are available; no CUDA-capable device is detected'],
  ['not_a_number', false, 'step 41 loss: 0.91\n>step 42 loss: nan grad_norm: inf\n>step 43 loss: nan grad_norm: nan'],
  ['not_a_number', false, ">{'loss': 'nan', 'grad_norm': 'nan', 'learning_rate': '1e-05'}"],
  [
    'file_exists',
    false,
    `Saving checkpoint to /runs/a/checkpoints/epoch_0_step_100
>FileExistsError: [Errno 17] File exists: '/runs/a/checkpoints/epoch_0_step_100'`,
  ],
  ['missing_module', false, "Traceback (most recent call last):\n>ModuleNotFoundError: No module named 'nemo_automodel'"],
  ['missing_module', false, '>ImportError: libcudart.so.12: cannot open shared object file: No such file or directory'],
  ['disk_full', false, 'Writing model-00003-of-00013.safetensors\n>OSError: [Errno 28] No space left on device'],
  ['unknown', false, 'reading configuration\n>error: unrecognised setting "lerning_rate"'],
];

describe('why a job failed', () => {
  it.each(logs)('%s (again: %s): %s', (cause, retryable, text) => {
    const lines = text.split('\n').map((line) => line.replace(/^>/, ''));
    const telling = text
      .split('\n')
      .filter((line) => line.startsWith('>'))
      .map((line) => line.slice(1));
    const failure = classifyFailure(failed(1), lines);
    expect(failure).toMatchObject({ cause, retryable });
    // A reason that is not known is left to people: they see all.
    expect(failure?.lines).toEqual(cause === 'unknown' ? lines : telling);
  });

  it.each<[JobState, JobCause, boolean]>([
    ['out_of_memory', 'out_of_memory', false],
    ['timed_out', 'time_limit', true],
    ['preempted', 'preempted', true],
    ['node_failed', 'node_failure', true],
    ['cancelled', 'cancelled', false],
    ['lost', 'lost', true],
  ])('the state %s says it whatever the output says', (state, cause, retryable) => {
    const failure = classifyFailure({ ...failed(1), state }, ["ModuleNotFoundError: No module named 'x'"]);
    expect(failure).toMatchObject({ cause, retryable, detail: expect.stringContaining('exit code 1') });
  });

  it('is not asked of a job that runs or has completed', () => {
    for (const state of ['pending', 'running', 'completed'] as const)
      expect(classifyFailure({ ...failed(0), state }, ['MemoryError'])).toBeNull();
  });

  it('looks at the newest start alone', () => {
    const output = ['OSError: [Errno 28] No space left on device', '--- tracemill: submission 2 of a, restart 0, on n at t', 'oh'];
    expect(classifyFailure(failed(3), output)).toMatchObject({ cause: 'unknown', lines: ['oh'] });
  });

  it('asks the signs of the trainer first', () => {
    const sign: FailureSign = { cause: 'not_a_number', pattern: /router collapsed/g, retryable: false, detail: 'the router collapsed' };
    const output = ['router collapsed at step 4', 'MemoryError'];
    for (let time = 0; time < 2; time++) {
      expect(classifyFailure(failed(1), output, [sign])).toMatchObject({ cause: 'not_a_number', lines: ['router collapsed at step 4'] });
    }
  });

  it('knows a program that is not there, and one that was killed', () => {
    expect(classifyFailure(failed(127), ['sh: 1: exec: automodel: not found'])).toMatchObject({
      cause: 'missing_program',
      retryable: false,
    });
    expect(classifyFailure(failed(137), ['step 3'])).toMatchObject({ cause: 'unknown', retryable: true, lines: ['step 3'] });
  });

  it('does not take usual output for a failure', () => {
    const usual = [
      "{'loss': '0.41', 'grad_norm': '1.2'}",
      'banana: nan',
      'memory: 41 GB of 80 GB',
      'NCCL version 2.27.3+cuda12.9',
      'Using CUDA',
    ];
    expect(classifyFailure(failed(1), usual)).toMatchObject({ cause: 'unknown' });
  });
});
