import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { stopAll } from '../../infra/stop-all.ts';
import { ensureTemporal } from '../../infra/temporal.ts';
import { paths, projectRoot } from '../../platform/home.ts';
import { ensureWorkflowBundle } from '../../platform/temporal/workflow-bundle.ts';
import type { Figure } from './figure.ts';

const runs = 5;
/** A worker counts as at rest this long after it is ready; milliseconds. */
const restMs = 8_000;
/** Kernel ticks a second, as Linux reports times of processes. */
const ticks = 100;

/** What `tracemill worker` costs before there is anything to do: time until it takes work, and memory while it waits. */
export async function benchWorker({ say }: { say: (line: string) => void }): Promise<Figure[]> {
  const tools = paths.tools();
  const before = process.env['TRACEMILL_HOME'];
  const folder = mkdtempSync(join(tmpdir(), 'tracemill-bench-worker-'));
  process.env['TRACEMILL_HOME'] = folder;
  try {
    mkdirSync(tools, { recursive: true });
    symlinkSync(tools, paths.tools());
    await ensureTemporal();
    await ensureWorkflowBundle();
    const starts: WorkerStart[] = [];
    for (let run = 0; run <= runs; run++) {
      const start = await startOnce();
      say(
        `ready after ${start.ready_s.toFixed(2)} s (${start.processor_s.toFixed(2)} s of a processor), ${start.rest_mb.toFixed(0)} MB at rest`,
      );
      // The first one fills the disk's and the compiler's caches.
      if (run > 0) starts.push(start);
    }
    return [
      {
        name: 'worker ready after its start, p50',
        unit: 's',
        ours: median(starts.map(({ ready_s }) => ready_s)),
        target: { at: 'most', value: 1.5 },
      },
      { name: 'processor time of that, p50', unit: 's', ours: median(starts.map(({ processor_s }) => processor_s)) },
      {
        name: 'memory of a worker at rest, most',
        unit: 'MB',
        ours: Math.max(...starts.map(({ rest_mb }) => rest_mb)),
        target: { at: 'most', value: 220 },
      },
    ];
  } finally {
    await stopAll({ engine: false });
    rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
    if (before === undefined) delete process.env['TRACEMILL_HOME'];
    else process.env['TRACEMILL_HOME'] = before;
  }
}

interface WorkerStart {
  ready_s: number;
  processor_s: number;
  /** Resident set. */
  rest_mb: number;
}

async function startOnce(): Promise<WorkerStart> {
  const started = performance.now();
  const child = spawn(join(projectRoot, 'bin', 'tracemill'), ['worker'], { stdio: ['ignore', 'inherit', 'pipe'] });
  const ended = once(child, 'exit');
  try {
    await ready(child);
    const ready_s = (performance.now() - started) / 1000;
    const processor_s = processorSeconds(child.pid ?? 0);
    await sleep(restMs);
    return { ready_s, processor_s, rest_mb: residentMegabytes(child.pid ?? 0) };
  } finally {
    child.kill();
    await ended;
  }
}

async function ready({ stderr }: ChildProcess): Promise<void> {
  if (stderr === null) throw new Error('the worker has no standard error');
  const lines: string[] = [];
  for await (const line of createInterface({ input: stderr })) {
    if (line.includes('the worker is ready')) {
      stderr.resume();
      return;
    }
    lines.push(line);
  }
  throw new Error(`the worker ended before it was ready: ${lines.slice(-5).join(' / ')}`);
}

function processorSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / ticks;
}

function residentMegabytes(pid: number): number {
  const kibibytes = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return (Number(kibibytes) * 1024) / 1e6;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
