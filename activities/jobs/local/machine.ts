import { execFile } from 'node:child_process';
import { availableParallelism, totalmem } from 'node:os';
import { promisify } from 'node:util';
import { unmetNeed } from '../job-problem.ts';
import type { JobSpec } from '../../../schemas/job.ts';

/** What this machine has. Memory of each GPU in MiB. */
export interface Machine {
  cpus: number;
  memoryMb: number;
  gpus: number[];
  /** Why no GPU could be counted; null when they were. */
  noGpus: string | null;
}

export async function thisMachine(): Promise<Machine> {
  return { cpus: availableParallelism(), memoryMb: Math.floor(totalmem() / 1024 ** 2), ...(await gpusOf(nvidiaSmi)) };
}

/** GPUs by the output of `nvidia-smi`, one line each with its memory. */
export async function gpusOf(ask: () => Promise<string>): Promise<Pick<Machine, 'gpus' | 'noGpus'>> {
  try {
    const lines = (await ask()).split('\n').filter((line) => line.trim() !== '');
    // Cards that share the memory of the machine say [N/A].
    return { gpus: lines.map((line) => Number.parseFloat(line) || 0), noGpus: null };
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    const said = error instanceof Error && 'stdout' in error ? String(error.stdout).trim().split('\n')[0] : '';
    return { gpus: [], noGpus: missing ? 'there is no nvidia-smi' : `nvidia-smi fails${said ? `: ${said}` : ''}` };
  }
}

async function nvidiaSmi(): Promise<string> {
  const { stdout } = await promisify(execFile)('nvidia-smi', ['--query-gpu=memory.total', '--format=csv,noheader,nounits'], {
    timeout: 30_000,
  });
  return stdout;
}

/** Throws `Problem` job_unmet_need when the job needs more than the machine has. */
export function requireNeeds(spec: Pick<JobSpec, 'name' | 'needs'>, machine: Machine): void {
  const { nodes, gpus_per_node: gpus, gpu_memory_gb: gpuMemory, cpus_per_node: cpus, memory_mb_per_node: memory } = spec.needs;
  const lacks = (text: string) => unmetNeed('local', spec.name, text);
  if (nodes > 1) throw lacks(`it needs ${nodes} nodes, and this machine is one`);
  if (gpus > machine.gpus.length) {
    throw lacks(
      `it needs ${gpus} GPU${gpus > 1 ? 's' : ''}; this machine has ${machine.gpus.length}${machine.noGpus === null ? '' : ` (${machine.noGpus})`}`,
    );
  }
  // A card of 80 GB reports a little less.
  const fitting = machine.gpus.filter((mib) => gpuMemory === null || mib === 0 || mib / 1024 >= gpuMemory * 0.9);
  if (gpus > fitting.length) {
    const had = machine.gpus.map((mib) => (mib / 1024).toFixed(0)).join(', ');
    throw lacks(`it needs ${gpus} GPUs of ${gpuMemory} GB, and those of this machine have ${had} GB`);
  }
  if (cpus > machine.cpus) throw lacks(`it needs ${cpus} CPU cores, and this machine has ${machine.cpus}`);
  if (memory > machine.memoryMb) throw lacks(`it needs ${memory} MB of memory, and this machine has ${machine.memoryMb}`);
}
