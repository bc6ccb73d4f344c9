import { existsSync, mkdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A control group that limits the memory of what enters it. */
export interface MemoryGroup {
  /** Shell code by which a process enters it. */
  enter: string;
  remove(): void;
}

/** Makes one of 256 MiB, by either version of the kernel's interface; null where this user may not. */
export function memoryGroup(name: string): MemoryGroup | null {
  const old = existsSync('/sys/fs/cgroup/memory');
  const path = join(old ? '/sys/fs/cgroup/memory' : '/sys/fs/cgroup', name);
  try {
    mkdirSync(path);
    writeFileSync(join(path, old ? 'memory.limit_in_bytes' : 'memory.max'), String(256 * 1024 ** 2));
  } catch {
    return null;
  }
  return { enter: `echo $$ >${path}/cgroup.procs;`, remove: () => rmdirSync(path) };
}
