import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { engineOfHome } from '../../activities/sandbox/home-engine.ts';
import { label } from '../../activities/sandbox/labels.ts';
import { type BackgroundProcess, isAlive, startBackground, startTime, stopBackground } from '../../platform/background-process.ts';
import { testEngine } from '../engine/engines.ts';
import { sweep } from './sweep.ts';

/** More than any process id. */
const goneFork = 2 ** 31 - 2;
const engine = testEngine();
const before = process.env['TRACEMILL_HOME'];

let folder: string;
let server: BackgroundProcess;
let helper: ChildProcess;
let containers: { ofHome: string; ofFork: string; other: string };

/** What an interrupted run leaves: a server that is on record, a process of its own session, containers. */
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tracemill-swept-'));
  const home = join(folder, 'home');
  for (const name of ['forks', 'home']) mkdirSync(join(folder, name));
  writeFileSync(join(folder, 'forks', String(goneFork)), '');
  process.env['TRACEMILL_HOME'] = home;
  server = await startBackground({ name: 'server', command: ['sleep', '600'] });
  restoreHome();
  helper = spawn('sh', ['-c', 'sleep 600 & echo $!; wait'], {
    env: { ...process.env, TMPDIR: folder },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const of = async (homeLabel: string, owner: number) => {
    const labels = { [label.home]: homeLabel, [label.owner]: `${hostname()}/${owner}` };
    const container = await engine.createContainer({
      image: 'tracemill/minimal:bookworm-1',
      command: ['sleep', '600'],
      network: 'none',
      labels,
    });
    await container.start();
    return container.id;
  };
  containers = {
    ofHome: await of(engineOfHome(engine, home).home, process.pid),
    ofFork: await of(engine.home, goneFork),
    other: await of(engine.home, process.pid),
  };
});

afterEach(async () => {
  helper.kill('SIGKILL');
  await stopBackground(server, 0);
  const left = await idsOf();
  for (const id of Object.values(containers)) if (left.includes(id)) await engine.container(id).remove();
});

function restoreHome(): void {
  if (before === undefined) delete process.env['TRACEMILL_HOME'];
  else process.env['TRACEMILL_HOME'] = before;
}

async function idsOf(): Promise<string[]> {
  return (await engine.listContainers([label.home])).map(({ id }) => id);
}

it('ends what an interrupted run of tests left, and nothing else', async () => {
  const [line]: unknown[] = await once(helper.stdout ?? helper, 'data');
  const grandchild = Number(String(line));
  expect(startTime(grandchild)).toBeDefined();
  const watcher = spawn(process.execPath, [join(import.meta.dirname, 'sweep.ts'), folder], { stdio: ['pipe', 'ignore', 'pipe'] });
  const said: Buffer[] = [];
  watcher.stderr.on('data', (piece: Buffer) => said.push(piece));
  // The end of its input is how a watcher learns that the run is over.
  watcher.stdin.destroy();
  await once(watcher, 'close');
  expect(Buffer.concat(said).toString()).toContain('tests left 3 processes and 2 containers, ended now');
  expect(isAlive(server)).toBe(false);
  expect(startTime(grandchild)).toBeUndefined();
  const left = await idsOf();
  expect(left).not.toContain(containers.ofHome);
  expect(left).not.toContain(containers.ofFork);
  expect(left).toContain(containers.other);
  expect(existsSync(folder)).toBe(false);
  await sweep(folder);
});
