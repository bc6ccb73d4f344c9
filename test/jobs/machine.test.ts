import { describe, expect, it } from 'vitest';
import { gpusOf, type Machine, requireNeeds } from '../../activities/jobs/local/machine.ts';
import { JobNeeds } from '../../schemas/job.ts';

const machine = (more: Partial<Machine> = {}): Machine => ({ cpus: 8, memoryMb: 64_000, gpus: [], noGpus: null, ...more });
const check = (needs: Partial<JobNeeds>, has: Machine) => () => requireNeeds({ name: 'train-a', needs: JobNeeds.parse(needs) }, has);

describe('what a job needs of this machine', () => {
  it.each<[string, Partial<JobNeeds>, Machine, RegExp]>([
    [
      'GPUs without nvidia-smi',
      { gpus_per_node: 8 },
      machine({ noGpus: 'there is no nvidia-smi' }),
      /8 GPUs; this machine has 0 \(there is no nvidia-smi\)/,
    ],
    ['more GPUs than there are', { gpus_per_node: 2 }, machine({ gpus: [81_559] }), /2 GPUs; this machine has 1/],
    ['larger GPUs', { gpus_per_node: 1, gpu_memory_gb: 80 }, machine({ gpus: [24_564] }), /of 80 GB.*have 24 GB/],
    ['several nodes', { nodes: 2 }, machine(), /2 nodes/],
    ['more cores', { cpus_per_node: 9 }, machine(), /9 CPU cores, and this machine has 8/],
    ['more memory', { memory_mb_per_node: 64_001 }, machine(), /64001 MB/],
  ])('%s is refused', (_what, needs, has, message) => {
    expect(check(needs, has)).toThrow(expect.objectContaining({ code: 'job_unmet_need', message: expect.stringMatching(message) }));
    expect(check(needs, has)).toThrow(expect.objectContaining({ message: expect.stringContaining('train-a') }));
  });

  it('is met by cards that report a little less than their name says', () => {
    expect(check({ gpus_per_node: 2, gpu_memory_gb: 80 }, machine({ gpus: [81_559, 81_559] }))).not.toThrow();
  });

  it('counts GPUs by the lines of nvidia-smi', async () => {
    expect(await gpusOf(async () => '81559\n81559\n')).toEqual({ gpus: [81_559, 81_559], noGpus: null });
    expect(await gpusOf(async () => '[N/A]\n')).toEqual({ gpus: [0], noGpus: null });
    const failing = Object.assign(new Error('exit 9'), {
      code: 9,
      stdout: 'NVIDIA-SMI has failed because it could not reach the driver.\n',
    });
    expect(await gpusOf(async () => Promise.reject(failing))).toEqual({ gpus: [], noGpus: `nvidia-smi fails: ${failing.stdout.trim()}` });
  });
});
