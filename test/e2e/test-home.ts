import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { dockerEngine } from '../../activities/engine/docker-engine.ts';
import type { ContainerSummary } from '../../activities/engine/engine.ts';
import { engineOfHome, type HomeEngine } from '../../activities/sandbox/home-engine.ts';
import { label } from '../../activities/sandbox/labels.ts';
import { type BackgroundProcess, isAlive, readBackground, startBackground } from '../../platform/background-process.ts';
import { paths, projectRoot } from '../../platform/home.ts';
import { stopAll } from '../../infra/stop-all.ts';

const main = join(projectRoot, 'cli', 'main.ts');

export interface CommandResult {
  exitCode: number;
  stdout: string;
  stderr: string;
}

/**
 * A home of its own in a temporary folder, driven through the command line as a user would. Becomes the home of this
 * process too until it is removed. Tools, Python environments, bundles of code and what the demo has downloaded are those of
 * the home that was in use before.
 */
export class TestHome {
  readonly folder: string;
  readonly engine: HomeEngine;
  readonly #before = process.env['TRACEMILL_HOME'];

  constructor(purpose: string) {
    const [tools, demo] = [paths.tools(), join(paths.cache(), 'demo')];
    const shared = ['python', 'workflows', 'pages'].map((name) => join(paths.cache(), name));
    this.folder = mkdtempSync(join(tmpdir(), `tracemill-${purpose}-`));
    process.env['TRACEMILL_HOME'] = this.folder;
    this.engine = engineOfHome(dockerEngine(), this.folder);
    mkdirSync(tools, { recursive: true });
    symlinkSync(tools, paths.tools());
    // Environments take minutes to make and gigabytes to keep; bundles of code take seconds in every file of tests.
    mkdirSync(paths.cache(), { recursive: true });
    for (const folder of shared) {
      mkdirSync(folder, { recursive: true });
      symlinkSync(folder, join(paths.cache(), basename(folder)));
    }
    if (existsSync(demo)) cpSync(demo, join(paths.cache(), 'demo'), { recursive: true });
  }

  /** Runs `tracemill` with these arguments to its end, two minutes at most. */
  async run(...args: string[]): Promise<CommandResult> {
    return await this.runWithin(120_000, ...args);
  }

  /** As {@link TestHome.run}, with a time limit of its own in milliseconds. */
  async runWithin(timeout: number, ...args: string[]): Promise<CommandResult> {
    return await new Promise((resolve) => {
      execFile(process.execPath, [main, ...args], { maxBuffer: 64 * 1024 ** 2, timeout }, (error, stdout, stderr) => {
        resolve({ exitCode: error === null ? 0 : Number(error.code ?? -1), stdout, stderr });
      });
    });
  }

  /** The answer of a command that has to succeed, as `--json` gives it. */
  async ask(...args: string[]): Promise<unknown> {
    const { exitCode, stdout, stderr } = await this.run(...args, '--json');
    if (exitCode !== 0) throw new Error(`tracemill ${args.join(' ')} ended with ${exitCode}: ${stderr}`);
    return JSON.parse(stdout);
  }

  /** Starts `tracemill` in the foreground of this process; its lines go to `onLine`. */
  start(args: string[], onLine: (line: string) => void): ChildProcess {
    const child = spawn(process.execPath, [main, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [child.stdout, child.stderr]) {
      let rest = '';
      stream.setEncoding('utf8').on('data', (text: string) => {
        const lines = `${rest}${text}`.split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) onLine(line);
      });
    }
    return child;
  }

  async startWorker(env: Record<string, string> = {}): Promise<BackgroundProcess> {
    return await startBackground({ name: 'worker', command: [join(projectRoot, 'bin', 'tracemill'), 'worker', '--slots', '16'], env });
  }

  /** A recorded process that lives; waits for one that is being started. */
  async living(name: string): Promise<BackgroundProcess> {
    for (;;) {
      const record = readBackground(name);
      if (record !== undefined && isAlive(record)) return record;
      await sleep(20);
    }
  }

  /** Ends a process as a crash would. */
  async crash(name: string): Promise<BackgroundProcess> {
    const record = await this.living(name);
    process.kill(record.pid, 'SIGKILL');
    while (isAlive(record)) await sleep(5);
    return record;
  }

  /** Containers of this home, of one kind or all. */
  async containers(kind?: 'rollout'): Promise<ContainerSummary[]> {
    const labels = [`${label.home}=${this.engine.home}`, ...(kind === undefined ? [] : [`${label.kind}=${kind}`])];
    return await this.engine.listContainers(labels);
  }

  async stop(): Promise<void> {
    await stopAll({ engine: false });
  }

  /** Stops everything, removes containers and folder, and gives this process its former home back. */
  async remove(): Promise<void> {
    await this.stop();
    const gateway = readBackground('gateway');
    if (gateway !== undefined && isAlive(gateway)) process.kill(gateway.pid, 'SIGKILL');
    for (const { id } of await this.containers()) await this.engine.container(id).remove();
    this.leave();
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }

  /** Makes this home the one of this process again, where there are several. */
  enter(): void {
    process.env['TRACEMILL_HOME'] = this.folder;
  }

  /** Gives this process its former home back; the folder stays. */
  leave(): void {
    if (this.#before === undefined) delete process.env['TRACEMILL_HOME'];
    else process.env['TRACEMILL_HOME'] = this.#before;
  }
}
