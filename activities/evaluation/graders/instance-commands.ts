import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { Problem } from '../../../schemas/problem.ts';
import type { InstanceCommands } from '../benchmarks/benchmark.ts';

const program = join(import.meta.dirname, '..', 'programs', 'swebench4-commands.py');

const Line = z.object({
  instance_id: z.string(),
  eval_script: z.string().optional(),
  log_parser: z.string().optional(),
  eval_type: z.string().optional(),
  problem: z.string().optional(),
});

/**
 * How rows of the form of version 4 are tested, asked of the package by an interpreter that has it; by instance id, a text
 * where the package does not know. Nothing is fetched. Throws `Problem` grader_failed.
 */
export async function instanceCommands(
  python: string,
  rows: readonly Readonly<Record<string, unknown>>[],
  signal: AbortSignal,
): Promise<Map<string, InstanceCommands | string>> {
  const child = spawn(python, [program], { stdio: ['pipe', 'pipe', 'pipe'], signal, env: { ...process.env, HF_HUB_OFFLINE: '1' } });
  const exit = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  // A program that ended early takes no more input; its exit code says so.
  child.stdin.on('error', () => undefined);
  child.stdin.end(rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  const [output, errors, code] = await Promise.all([text(child.stdout), text(child.stderr), exit]);
  const lines = output.split('\n').filter((line) => line !== '');
  if (code !== 0 || lines.length !== rows.length) {
    const reason = code === 0 ? `it answered for ${lines.length} of ${rows.length} rows` : errors.trim().split('\n').slice(-6).join('\n');
    throw new Problem('grader_failed', `the package swebench was asked how instances are tested, and failed: ${reason}`, {
      hint: 'the rows may be of a newer revision than version 4 of the package; compare both',
    });
  }
  return new Map(
    lines.map((line) => {
      const { instance_id, eval_script, log_parser, eval_type, problem } = Line.parse(JSON.parse(line));
      const known = eval_script !== undefined && log_parser !== undefined && eval_type !== undefined;
      return [
        instance_id,
        known ? { eval_script, log_parser, eval_type } : (problem ?? 'the package swebench does not know this instance'),
      ];
    }),
  );
}
