import { unmetNeed } from '../job-problem.ts';
import type { JobSpec } from '../../../schemas/job.ts';
import { parseDuration } from './slurm-jobs.ts';

/** One node of one partition, as sinfo lists it. */
export interface PartitionNode {
  partition: string;
  isDefault: boolean;
  /** Null where there is none. */
  limitSeconds: number | null;
  node: string;
  cpus: number;
  memoryMb: number;
  gpus: number;
}

/** The format that `parsePartitions` reads. */
export const partitionFormat = '%P|%l|%N|%c|%m|%G';

/** The output of `sinfo -N -h -o` with that format. */
export function parsePartitions(text: string): PartitionNode[] {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [name = '', limit = '', node = '', cpus = '', memory = '', gres = ''] = line.trim().split('|');
      return {
        partition: name.replace(/\*$/, ''),
        isDefault: name.endsWith('*'),
        limitSeconds: parseDuration(limit),
        node,
        cpus: Number.parseInt(cpus, 10) || 0,
        memoryMb: Number.parseInt(memory, 10) || 0,
        gpus: gpusOf(gres),
      };
    });
}

/** `gpu:8`, `gpu:h100:8(S:0-1)`, `gpu:a:2,gpu:b:2`: how many. */
function gpusOf(gres: string): number {
  const counts = gres
    .replaceAll(/\([^)]*\)/g, '')
    .split(',')
    .map((part) => /^gpu(?::[^:]+)?:(\d+)$/.exec(part)?.[1] ?? '0');
  return counts.reduce((sum, count) => sum + Number(count), 0);
}

/** Throws `Problem` job_unmet_need when the partition has not the nodes, or not the time, that the job needs. */
export function requirePartition(spec: Pick<JobSpec, 'name' | 'needs'>, wanted: string | undefined, nodes: readonly PartitionNode[]): void {
  const lacks = (text: string) => unmetNeed('slurm', spec.name, text);
  const partition = wanted ?? nodes.find(({ isDefault }) => isDefault)?.partition;
  const known = [...new Set(nodes.map((node) => node.partition))];
  if (partition === undefined) throw lacks(`Slurm has no default partition; name one of ${known.join(', ') || '(none)'}`);
  const members = nodes.filter((node) => node.partition === partition);
  if (members.length === 0) throw lacks(`Slurm has no partition ${partition}, but ${known.join(', ') || 'none'}`);
  const { nodes: count, gpus_per_node: gpus, cpus_per_node: cpus, memory_mb_per_node: memory, time_limit_seconds: time } = spec.needs;
  const fits = (node: PartitionNode) => node.gpus >= gpus && node.cpus >= cpus && node.memoryMb >= memory;
  const fitting = members.filter(fits).length;
  if (fitting < count) {
    const most = (of: (node: PartitionNode) => number) => Math.max(...members.map(of));
    throw lacks(
      `it needs ${count} node${count > 1 ? 's' : ''} with ${gpus} GPUs, ${cpus} cores and ${memory} MB; partition ${partition} has ${fitting} ` +
        `such of ${members.length} (at most ${most((node) => node.gpus)} GPUs, ${most((node) => node.cpus)} cores, ${most((node) => node.memoryMb)} MB)`,
    );
  }
  const limit = members[0]?.limitSeconds ?? null;
  if (time !== null && limit !== null && time > limit) {
    throw lacks(`it needs ${Math.ceil(time / 60)} minutes, and partition ${partition} allows ${Math.floor(limit / 60)}`);
  }
}
