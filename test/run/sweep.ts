import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { dockerEngine } from '../../activities/engine/docker-engine.ts';
import { engineOfHome } from '../../activities/sandbox/home-engine.ts';
import { label } from '../../activities/sandbox/labels.ts';
import { isAlive, listBackground, startTime } from '../../platform/background-process.ts';
import { messageOf } from '../../schemas/problem.ts';

/**
 * Ends what a run of tests left behind: processes that have its folder for temporary files or are recorded in a home in it, containers
 * of these homes and of the run's processes, and the folder itself. Says on standard error what it had to end. Children of this process
 * are spared: the runner of the tests ends its own. A second sweep of the same folder finds nothing.
 */
export async function sweep(folder: string): Promise<void> {
  if (!existsSync(folder)) return;
  const ended = await endProcesses(folder);
  const removed = await removeContainers(folder);
  rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  if (ended.length + removed > 0)
    process.stderr.write(
      `tests left ${ended.length} processes and ${removed} containers, ended now${ended.map((one) => `\n  ${one}`).join('')}\n`,
    );
}

/**
 * SIGTERM after two seconds, in which most end by themselves as their parents have; after five more SIGKILL; until no process of the
 * run is left, since one that ends may have started another.
 */
async function endProcesses(folder: string): Promise<string[]> {
  const asked = new Map<string, string>();
  const began = Date.now();
  const passed = (ms: number) => Date.now() - began > ms;
  for (; !passed(30_000); await sleep(100)) {
    const left = [...withFolder(folder), ...recordedIn(folder)];
    if (left.length === 0) break;
    if (!passed(2_000)) continue;
    for (const { pid, started, command } of left) {
      const name = `${pid}@${started}`;
      const isLate = passed(7_000);
      if (!asked.has(name) || isLate) signal(pid, isLate ? 'SIGKILL' : 'SIGTERM');
      asked.set(name, command);
    }
  }
  return [...asked.values()];
}

interface Left {
  pid: number;
  started: string;
  command: string;
}

function withFolder(folder: string): Left[] {
  return readdirSync('/proc').flatMap((entry) => {
    const pid = Number(entry);
    if (!Number.isInteger(pid) || pid === process.pid) return [];
    const started = startTime(pid);
    if (started === undefined || !read(pid, 'environ').includes(`TMPDIR=${folder}`) || isOwnChild(pid)) return [];
    return [{ pid, started, command: `${pid} ${read(pid, 'cmdline').join(' ').trim()}`.slice(0, 160) }];
  });
}

function isOwnChild(pid: number): boolean {
  const stat = read(pid, 'stat').join('');
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) === process.pid;
}

/** Background processes of the homes in the folder, whatever their environment. */
function recordedIn(folder: string): Left[] {
  const before = process.env['TRACEMILL_HOME'];
  try {
    return readdirSync(folder).flatMap((name) => {
      process.env['TRACEMILL_HOME'] = join(folder, name);
      return listBackground()
        .filter(isAlive)
        .map(({ pid, started, command }) => ({ pid, started, command: `${pid} ${command.join(' ')}`.slice(0, 160) }));
    });
  } finally {
    if (before === undefined) delete process.env['TRACEMILL_HOME'];
    else process.env['TRACEMILL_HOME'] = before;
  }
}

/** The strings of a file of a process; none when it is gone or another user's. */
function read(pid: number, file: string): string[] {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8').split('\0');
  } catch {
    return [];
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It ended on its own in between.
  }
}

async function removeContainers(folder: string): Promise<number> {
  const engine = dockerEngine();
  const homes = new Set(readdirSync(folder).map((name) => engineOfHome(engine, join(folder, name)).home));
  const owners = new Set(readdirSync(join(folder, 'forks')).map((pid) => `${hostname()}/${pid}`));
  let removed = 0;
  try {
    for (const { id, labels } of await engine.listContainers([label.home])) {
      if (!homes.has(labels[label.home] ?? '') && !owners.has(labels[label.owner] ?? '')) continue;
      await engine.container(id).remove();
      removed += 1;
    }
  } catch (error) {
    // Tests of values need no engine, and then there is nothing to remove.
    if (homes.size > 1) process.stderr.write(`containers of tests were not looked for: ${messageOf(error)}\n`);
  }
  return removed;
}

if (import.meta.main) {
  const [folder = ''] = process.argv.slice(2);
  process.stdin.resume();
  process.stdin.once('close', () => void sweep(folder));
}
