import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { ensureDescribed } from '../../activities/python/ensure-environment.ts';
import { installedFile } from '../../activities/rendering/student-tokenizer.ts';
import { projectRoot } from '../../platform/home.ts';
import { messageOf } from '../../schemas/problem.ts';
import { transformersEnvironment } from '../rendering/python/render-with-python.ts';
import type { Figure } from './figure.ts';
import { measuredCommand } from './measured-command.ts';
import { writeReleaseOfText } from './release-of-text.ts';

const execute = promisify(execFile);

interface Options {
  rows?: number;
  say: (line: string) => void;
}

/** Rows that the Python tokenizer counts: it takes longer. */
const peerRows = 60;

/**
 * Speed and memory of `tracemill export` over rows of the published shape, in text of the rows, its start included. Beside it
 * transformers, which renders and counts the same rows with two processes as a trainer's loader does, without reading or writing.
 */
export async function benchExport({ rows = 2000, say }: Options): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'tracemill-export-bench-'));
  try {
    const release = join(folder, 'release');
    const bytes = await writeReleaseOfText(release, rows);
    const small = join(folder, 'small');
    // A thread writes files of 500 rows: fewer rows would be a measurement of fewer threads.
    await writeReleaseOfText(small, Math.ceil(rows / 2));
    const megabytes = bytes / 1e6;
    say(`${rows} rows, ${megabytes.toFixed(0)} MB`);
    const command = (from: string, out: string) =>
      measuredCommand(['export', from, '--for', 'automodel', '--base', 'coder', '--jobs', '2', '--out', join(folder, out)]);
    const half = await command(small, 'half');
    const whole = await command(release, 'whole');
    const peer = await countByPython(join(folder, 'whole'), say);
    const shape = `${rows} rows of ${Math.round(bytes / rows / 1000)} KB`;
    return [
      {
        name: 'export of training files, two threads',
        unit: 'MB/s',
        ours: megabytes / whole.seconds,
        ...(peer === undefined
          ? {}
          : { peer: { name: 'transformers in Python, two processes, counting alone', value: (bytes / rows / 1e6) * peer.rowsASecond } }),
        target: { at: 'least', value: 20 },
        note: peer === undefined ? `${shape}; no Python with transformers here` : `${shape}; ${peer.same ? 'same counts' : 'OTHER COUNTS'}`,
      },
      { name: 'the same, a core', unit: 'MB/s of processor time', ours: megabytes / whole.cpu },
      {
        name: 'export, most memory',
        unit: 'MB',
        ours: whole.resident,
        peer: { name: 'of half of the rows', value: half.resident },
        target: { at: 'most', value: 400 },
      },
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const Counted = z.object({ seconds: z.number(), rows: z.int(), other: z.int() });

/** Undefined on a machine that has no such Python and cannot get it. */
async function countByPython(files: string, say: Options['say']): Promise<{ rowsASecond: number; same: boolean } | undefined> {
  const first = readdirSync(files).find((name) => name.endsWith('.jsonl'));
  if (first === undefined) throw new Error('nothing was exported');
  try {
    const { python } = await ensureDescribed(transformersEnvironment, { onProgress: say });
    const template = join(projectRoot, 'activities/rendering/templates/coder.jinja');
    const program = join(import.meta.dirname, 'count_tokens.py');
    const { stdout } = await execute(python, [program, installedFile(), template, String(peerRows), join(files, first)]);
    const { seconds, rows, other } = Counted.parse(JSON.parse(stdout));
    return { rowsASecond: rows / seconds, same: other === 0 };
  } catch (error) {
    say(`without Python beside it: ${messageOf(error)}`);
    return undefined;
  }
}
