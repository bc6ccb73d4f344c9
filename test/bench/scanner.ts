import { createReadStream, createWriteStream, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { finished } from 'node:stream/promises';
import { measuredCommand } from './measured-command.ts';
import { scannerRows } from './scanner-rows.ts';

export interface ScannerBench {
  rows: number;
  megabytes: number;
  jobs: number;
  /** Megabytes a second of `tracemill scan --no-memory-model`, start included. */
  plain: number;
  /** Megabytes a second of `tracemill scan`, with the text classifier of MEMORY. */
  scanner: number;
  /** The same of a regular expression over the same lines in one thread: the floor, which parses nothing. */
  grep: number;
  /** Megabytes a second of processor time, all threads together: what one undisturbed core does. */
  per_core: number;
  /** The same without the classifier. */
  plain_per_core: number;
  /** Largest resident memory of the scanning process, in megabytes. */
  resident: number;
  /** Minutes for the published data set's 207,489 trajectories of 221 KB. */
  dataset_minutes: number;
}

const floor = /git\s+(?:log|reflog|show|fsck|blame|fetch|pull|clone)\b|curl|wget|pip download|gh (?:pr|api)/;

/** Speed and memory of the scanner over rows of the published shape, beside a plain regular expression. */
export async function benchScanner(options: { rows?: number; jobs?: number } = {}): Promise<ScannerBench> {
  const { rows = 3_000, jobs = 2 } = options;
  const folder = mkdtempSync(join(tmpdir(), 'tracemill-scan-bench-'));
  try {
    const path = join(folder, 'rows.jsonl');
    await write(path, rows);
    const megabytes = statSync(path).size / 1e6;
    const scan = await measuredCommand(['scan', path, '--format', 'jsonl', '--jobs', String(jobs)]);
    const plain = await measuredCommand(['scan', path, '--format', 'jsonl', '--no-memory-model', '--jobs', String(jobs)]);
    const grep = await grepped(path);
    const scanner = megabytes / scan.seconds;
    return {
      rows,
      megabytes,
      jobs,
      plain: megabytes / plain.seconds,
      scanner,
      per_core: megabytes / scan.cpu,
      plain_per_core: megabytes / plain.cpu,
      grep: megabytes / grep,
      resident: scan.resident,
      dataset_minutes: (207_489 * 0.221) / scanner / 60,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function write(path: string, rows: number): Promise<void> {
  const out = createWriteStream(path);
  for (const row of scannerRows(rows)) if (!out.write(`${row}\n`)) await new Promise<void>((resolve) => out.once('drain', () => resolve()));
  out.end();
  await finished(out);
}

async function grepped(path: string): Promise<number> {
  const started = performance.now();
  let hits = 0;
  for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY }))
    if (floor.test(line)) hits += 1;
  if (hits === 0) throw new Error('the rows hold nothing to find');
  return (performance.now() - started) / 1000;
}
