import type { SandboxLimits } from '../../schemas/campaign.ts';
import type { Confinement } from '../engine/engine.ts';
import type { ImageUser } from '../../schemas/prepared-image.ts';

type Limits = Pick<SandboxLimits, 'memory_mb' | 'cpus' | 'pids'>;

/**
 * What Docker leaves to root by default, so that test suites that run as root (low ports, `chroot`, file capabilities, setgid
 * folders) find what they were recorded with. None of them reaches beyond a container without network and devices.
 */
const capabilities = [
  'AUDIT_WRITE',
  'CHOWN',
  'DAC_OVERRIDE',
  'FOWNER',
  'FSETID',
  'KILL',
  'MKNOD',
  'NET_BIND_SERVICE',
  'NET_RAW',
  'SETFCAP',
  'SETGID',
  'SETPCAP',
  'SETUID',
  'SYS_CHROOT',
];

/** Where Tracemill's own files lie in a container. In memory, so that no image and no patch ever holds them. */
export const stateFolder = '/run/tracemill';

/** Bounds of every container. `stateBytes` bounds {@link stateFolder}, which counts towards the memory and is the `owner`'s. */
export function confinement({ memory_mb, cpus, pids }: Limits, stateBytes: number, owner?: ImageUser): Confinement {
  const memoryBytes = memory_mb * 1024 ** 2;
  const bytes = Math.min(stateBytes, Math.floor(memoryBytes / 4));
  return { memoryBytes, cpus, pids, capabilities, memoryFolder: { path: stateFolder, bytes, files: 20_000, owner } };
}

/** Tools size their thread pools by the host's processors, which a CPU limit does not hide. */
export function jobCounts(cpus: number): string[] {
  const count = Math.max(1, Math.ceil(cpus));
  return ['GOMAXPROCS', 'OMP_NUM_THREADS', 'CMAKE_BUILD_PARALLEL_LEVEL', 'CARGO_BUILD_JOBS', 'PYTEST_XDIST_AUTO_NUM_WORKERS'].map(
    (name) => `${name}=${count}`,
  );
}
