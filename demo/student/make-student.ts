import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { StudentBase } from '../../schemas/student.ts';
import { ensureEnvironment } from '../../activities/python/ensure-environment.ts';
import { runTool } from '../../activities/python/run-tool.ts';
import { chatTemplate } from '../../activities/rendering/chat-template.ts';
import { installedFile } from '../../activities/rendering/student-tokenizer.ts';

export interface StudentToMake {
  /** Whose chat template it has. */
  base: StudentBase;
  /**
   * `small`: the real tokenizer with its first merges alone, 4,122 tokens, for training on long rows by a processor: the
   * loss of each token compares all tokens. `real`: the bases' own.
   */
  tokenizer: 'small' | 'real';
  seed: number;
}

/** Of the small tokenizer; with the 256 bytes 4,096 tokens, and 26 that were added. */
const merges = 3840;

/**
 * Writes a random model of a million parameters (20 with the real tokenizer) that has every part of the bases, as a folder in
 * the form of Hugging Face: for proofs of training and serving on a machine without a GPU. The same arguments give the same
 * files. A folder that is there is left as it is. Throws `Problem` python_environment_failed.
 */
export async function makeStudent(
  folder: string,
  { base, tokenizer, seed }: StudentToMake,
  options: { onProgress?: (text: string) => void; signal?: AbortSignal } = {},
): Promise<void> {
  if (existsSync(folder)) return;
  const { python } = await ensureEnvironment('train', options);
  options.onProgress?.('making a small random model');
  const aside = `${folder}.${process.pid}.partial`;
  mkdirSync(dirname(folder), { recursive: true });
  const template = `${aside}.jinja`;
  try {
    writeFileSync(template, chatTemplate(base).text);
    await runTool(
      python,
      [
        join(import.meta.dirname, 'make_student.py'),
        aside,
        '--tokenizer',
        installedFile(),
        '--template',
        template,
        '--seed',
        String(seed),
        ...(tokenizer === 'small' ? ['--merges', String(merges)] : []),
      ],
      { ...(options.signal && { signal: options.signal }) },
    );
    renameSync(aside, folder);
  } finally {
    rmSync(aside, { recursive: true, force: true });
    rmSync(template, { force: true });
  }
}
