import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { ensureDescribed } from '../../activities/python/ensure-environment.ts';
import { installedFile } from '../../activities/rendering/student-tokenizer.ts';
import { projectRoot } from '../../platform/home.ts';
import { pythonVariables, transformersEnvironment } from '../rendering/python/render-with-python.ts';
import type { Figure } from './figure.ts';
import { longConversations } from './rendering-rows.ts';

/** Rows that Python counts: it takes longer. */
const peerRows = 20;

const Measured = z.object({ seconds: z.number(), tokens: z.int(), trained_tokens: z.int(), most_memory: z.number() });

/** Rendering and counting of rows, by processor time of one thread, beside transformers on the same rows: whose counts must be the same. */
export async function benchRendering({ say, rows = 200 }: { say: (line: string) => void; rows?: number }): Promise<Figure[]> {
  const { python } = await ensureDescribed(transformersEnvironment, { onProgress: say });
  const folder = mkdtempSync(join(tmpdir(), 'tracemill-rendering-'));
  try {
    const [file, few] = [join(folder, 'rows.jsonl'), join(folder, 'few.jsonl')];
    const lines = [...longConversations(rows)].map((row) => `${JSON.stringify(row)}\n`);
    writeFileSync(file, lines.join(''));
    writeFileSync(few, lines.slice(0, peerRows).join(''));
    const megabytes = (path: string) => statSync(path).size / 1e6;
    say(`${rows} rows of ${(megabytes(file) / rows).toFixed(2)} MB`);
    const measured = (program: string, args: string[]) =>
      Measured.parse(
        JSON.parse(execFileSync(program, args, { encoding: 'utf8', env: { ...pythonVariables, TOKENIZERS_PARALLELISM: 'false' } })),
      );
    const counter = join(import.meta.dirname, 'rendering-counter.ts');
    const [ours, same] = [measured(process.execPath, [counter, file]), measured(process.execPath, [counter, few])];
    say(`and ${peerRows} of them with Python`);
    const template = join(projectRoot, 'activities/rendering/templates/coder.jinja');
    const theirs = measured(python, [join(import.meta.dirname, 'count_with_transformers.py'), installedFile(), template, few]);
    if (same.tokens !== theirs.tokens || same.trained_tokens !== theirs.trained_tokens) {
      throw new Error(
        `the counts differ: ${same.tokens} and ${same.trained_tokens} here, ${theirs.tokens} and ${theirs.trained_tokens} in Python`,
      );
    }
    const peer = 'transformers, one thread';
    return [
      {
        name: 'rendering and counting, one thread',
        unit: 'MB/s',
        ours: megabytes(file) / ours.seconds,
        peer: { name: peer, value: megabytes(few) / theirs.seconds },
        target: { at: 'least', value: 10 },
        note: `${theirs.tokens} tokens, ${theirs.trained_tokens} trained in ${peerRows} rows, the same in both`,
      },
      {
        name: 'rendering and counting, most memory',
        unit: 'MB',
        ours: ours.most_memory / 1e6,
        peer: { name: peer, value: theirs.most_memory / 1e6 },
        target: { at: 'most', value: 400 },
      },
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
