import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { releaseProcessMemory } from '../../workers/release-process.ts';
import type { Figure } from './figure.ts';

const execute = promisify(execFile);

interface Options {
  rows?: number;
  say?: (line: string) => void;
}

/** The most memory that building and verifying a release need as its rows become many: the rows are small, so that their number counts. */
export async function benchReleaseMemory({ rows = 200_000, say = () => undefined }: Options = {}): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'tracemill-bench-rows-'));
  try {
    say(`records ${rows} rows`);
    await most('fill', folder, rows);
    const figures: Figure[] = [];
    for (const work of ['build', 'verify']) {
      say(work);
      const started = performance.now();
      const ours = await most(work, folder, rows);
      const seconds = Math.round((performance.now() - started) / 1000);
      const name = `release-${work}, most memory, ${rows.toLocaleString('en')} small rows`;
      figures.push({ name, unit: 'MB', ours, target: { at: 'most', value: 512 }, note: `in ${seconds} s` });
    }
    return figures;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Resident memory at its most, in megabytes (2^20 bytes), threads included. */
async function most(work: string, folder: string, rows: number): Promise<number> {
  // A worker builds releases in a process with these settings; `bin/tracemill release` starts Node with this flag.
  const { flags, environment } = work === 'build' ? releaseProcessMemory : { flags: ['--max-semi-space-size=8'], environment: {} };
  const env = { ...process.env, ...environment, TRACEMILL_HOME: join(folder, 'home') };
  const { stdout } = await execute(process.execPath, [...flags, join(import.meta.dirname, 'small-rows.ts'), work, folder, String(rows)], {
    env,
  });
  return Number(stdout);
}
