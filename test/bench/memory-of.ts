import { existsSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';

/** Megabytes (1e6 bytes). */
const Memory = z.object({ rss: megabytes(), heapUsed: megabytes(), external: megabytes() });
export type Memory = z.infer<typeof Memory>;

export function memoryFile(pid: number): string {
  return join(tmpdir(), `tracemill-memory-${pid}.json`);
}

/** Memory of a process that loaded `report-memory.ts`, after it collected its garbage. */
export async function memoryOf(pid: number): Promise<Memory> {
  const file = memoryFile(pid);
  rmSync(file, { force: true });
  process.kill(pid, 'SIGUSR2');
  while (!existsSync(file)) await sleep(50);
  const memory = Memory.parse(JSON.parse(readFileSync(file, 'utf8')));
  rmSync(file);
  return memory;
}

/** Of several processes together. */
export function sumOf(memories: readonly Memory[]): Memory {
  const sum = (key: keyof Memory) => memories.reduce((total, memory) => total + memory[key], 0);
  return { rss: sum('rss'), heapUsed: sum('heapUsed'), external: sum('external') };
}

function megabytes() {
  return z.number().transform((bytes) => bytes / 1e6);
}
