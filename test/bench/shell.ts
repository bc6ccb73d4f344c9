import { setTimeout as sleep } from 'node:timers/promises';
import { createSandboxes } from '../../activities/sandbox/open-sandbox.ts';
import { dockerMemory, testEngine } from '../engine/engines.ts';

interface Percentiles {
  p50: number;
  p99: number;
}

export interface ShellBench {
  commands: number;
  /** Milliseconds for a command that takes no time of its own (`true`), from asking to having its result. */
  shell: Percentiles;
  /** The same command through one exec of the engine each. */
  exec: Percentiles;
  /** Heap and buffers of this process for one open sandbox, in bytes. */
  memory_bytes_per_sandbox: number;
  /** Memory of the container with its idle shell, in bytes, as the engine counts it. */
  container_bytes: number;
}

const signal = new AbortController().signal;
const command = 'true';

/**
 * What a command costs in the persistent shell against `docker exec`, and what a sandbox costs this process. Calls
 * alternate, so that other work of the machine affects both alike; pauses between them leave the shell the
 * time that a model's answer leaves it.
 */
export async function benchShell(options: { image?: string; commands?: number; sandboxes?: number } = {}): Promise<ShellBench> {
  const { image = 'tracemill/toolchain:bookworm-1', commands = 100, sandboxes = 10 } = options;
  const engine = testEngine();
  const openSandbox = createSandboxes(engine);
  const open = async (number: number) => {
    const rolloutId = `bench/owner__shell-1/openhands/think/${process.pid}-${number}`;
    const limits = { memory_mb: 256, cpus: 1, pids: 200, output_bytes: 1_048_576 };
    return (await openSandbox({ rolloutId, campaign: 'bench', image, workdir: '/', limits, signal })).sandbox;
  };
  const before = await memory();
  const opened = await Promise.all(Array.from({ length: sandboxes }, (_, number) => open(number)));
  try {
    const after = await memory();
    const [first] = opened;
    if (first === undefined) throw new Error('at least one sandbox is needed');
    const container = engine.container(first.containerId);
    const containerBytes = await dockerMemory(first.containerId);
    const [shell, exec]: [number[], number[]] = [[], []];
    for (let action = 0; action < commands; action++) {
      await sleep(30);
      shell.push(
        await timed(() =>
          first.perform(
            action,
            { kind: 'command', command, waiting: { noChangeMs: 30_000, timeMs: 60_000 }, atTimeLimit: 'leave' },
            signal,
          ),
        ),
      );
      await sleep(30);
      exec.push(
        await timed(async () => {
          const process = await container.exec({ command: ['sh', '-c', command] });
          await process.read(
            () => undefined,
            () => undefined,
          );
          await process.exitCode();
        }),
      );
    }
    return {
      commands,
      shell: percentiles(shell),
      exec: percentiles(exec),
      memory_bytes_per_sandbox: Math.round((after - before) / sandboxes),
      container_bytes: containerBytes,
    };
  } finally {
    await Promise.all(opened.map((sandbox) => sandbox.remove()));
  }
}

async function memory(): Promise<number> {
  globalThis.gc?.();
  await sleep(100);
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

function percentiles(values: number[]): Percentiles {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number) => Math.round((sorted[Math.floor((sorted.length - 1) * share)] ?? 0) * 100) / 100;
  return { p50: at(0.5), p99: at(0.99) };
}
