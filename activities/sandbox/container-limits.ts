import type { SandboxLimits } from '../../schemas/campaign.ts';
import type { Confinement } from '../engine/engine.ts';

type Limits = Pick<SandboxLimits, 'memory_mb' | 'cpus' | 'pids'>;

/** Enough for package managers and test suites that run as root; nothing that reaches beyond the container. */
const capabilities = ['CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'SETUID', 'SETGID', 'KILL'];

/** Where Tracemill's own files lie in a container. In memory, so that no image and no patch ever holds them. */
export const stateFolder = '/run/tracemill';

/** Bounds of every container. `stateBytes` bounds {@link stateFolder}, which counts towards the memory. */
export function confinement({ memory_mb, cpus, pids }: Limits, stateBytes: number): Confinement {
  const memoryBytes = memory_mb * 1024 ** 2;
  const bytes = Math.min(stateBytes, Math.floor(memoryBytes / 4));
  return { memoryBytes, cpus, pids, capabilities, memoryFolder: { path: stateFolder, bytes, files: 20_000 } };
}

/** Tools size their thread pools by the host's processors, which a CPU limit does not hide. */
export function jobCounts(cpus: number): string[] {
  const count = Math.max(1, Math.ceil(cpus));
  return ['GOMAXPROCS', 'OMP_NUM_THREADS', 'CMAKE_BUILD_PARALLEL_LEVEL', 'CARGO_BUILD_JOBS', 'PYTEST_XDIST_AUTO_NUM_WORKERS'].map(
    (name) => `${name}=${count}`,
  );
}
