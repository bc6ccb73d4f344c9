import type Docker from 'dockerode';
import type { SandboxLimits } from '../../schemas/campaign.ts';

type Limits = Pick<SandboxLimits, 'memory_mb' | 'cpus' | 'pids'>;

/** Enough for package managers and test suites that run as root; nothing that reaches beyond the container. */
const capabilities = ['CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'SETUID', 'SETGID', 'KILL'];

/** Where Tracemill's own files lie in a container. In memory, so that no image and no patch ever holds them. */
export const stateFolder = '/run/tracemill';

/** Host settings of every container. `stateBytes` bounds {@link stateFolder}, which counts towards the memory. */
export function hostSettings(limits: Limits, network: 'none' | 'host', stateBytes: number): Docker.HostConfig {
  const memory = limits.memory_mb * 1024 ** 2;
  const state = Math.min(stateBytes, Math.floor(memory / 4));
  return {
    NetworkMode: network,
    Memory: memory,
    // The same as Memory: no swap, so that a task cannot push the whole host into swapping.
    MemorySwap: memory,
    NanoCpus: Math.round(limits.cpus * 1e9),
    PidsLimit: limits.pids,
    CapDrop: ['ALL'],
    CapAdd: capabilities,
    SecurityOpt: ['no-new-privileges'],
    LogConfig: { Type: 'none', Config: {} },
    Ulimits: [{ Name: 'core', Soft: 0, Hard: 0 }],
    Tmpfs: { [stateFolder]: `rw,nosuid,nodev,noexec,mode=0700,size=${state},nr_inodes=20000` },
  };
}

/** Tools size their thread pools by the host's processors, which a CPU limit does not hide. */
export function jobCounts(cpus: number): string[] {
  const count = Math.max(1, Math.ceil(cpus));
  return ['GOMAXPROCS', 'OMP_NUM_THREADS', 'CMAKE_BUILD_PARALLEL_LEVEL', 'CARGO_BUILD_JOBS', 'PYTEST_XDIST_AUTO_NUM_WORKERS'].map(
    (name) => `${name}=${count}`,
  );
}
