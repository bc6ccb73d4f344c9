import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** How many of the last lines of a program a message about its failure shows. */
const shownLines = 15;

export interface ToolOptions {
  /** Added to the environment of this process. */
  env?: Record<string, string>;
  signal?: AbortSignal;
  /** Each line that the program writes, as it comes. */
  onLine?: (line: string) => void;
}

/**
 * Runs a program to its end and gives what it wrote to standard output. Throws an `Error` with its last lines when it fails,
 * the signal's reason after the program was ended for it.
 */
export async function runTool(program: string, args: readonly string[], options: ToolOptions = {}): Promise<string> {
  const { env = {}, signal, onLine } = options;
  signal?.throwIfAborted();
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } });
  const end = () => child.kill('SIGTERM');
  signal?.addEventListener('abort', end, { once: true });
  const last: string[] = [];
  const output: string[] = [];
  const take = (line: string) => {
    if (line.trim() === '') return;
    last.push(line);
    if (last.length > shownLines) last.shift();
    onLine?.(line);
  };
  createInterface({ input: child.stdout }).on('line', (line) => {
    output.push(line);
    take(line);
  });
  createInterface({ input: child.stderr }).on('line', take);
  try {
    const how = await new Promise<string | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code, killedBy) =>
        resolve(code === 0 ? null : code === null ? `was ended by ${killedBy}` : `ended with ${code}`),
      );
    });
    signal?.throwIfAborted();
    if (how !== null) throw new Error([`${program} ${how}`, ...last].join('\n'));
    return output.join('\n');
  } finally {
    signal?.removeEventListener('abort', end);
  }
}
