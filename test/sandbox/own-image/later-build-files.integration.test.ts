import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { dockerEngine } from '../../../activities/engine/docker-engine.ts';
import { engineOfHome, makeTaskImage } from '../../../activities/sandbox/index.ts';
import { openJobContainer } from '../../../activities/sandbox/job-container.ts';
import { home } from '../../../platform/home.ts';

const engine = engineOfHome(dockerEngine(), home());
const images: string[] = [];
let folder: string;
const git = (...args: string[]) =>
  execFileSync('git', ['-C', folder, '-c', 'user.name=t', '-c', 'user.email=t@example.invalid', ...args], { encoding: 'utf8' }).trim();

/** Stands for a package tool: keeps what the build file names in a cache of its own, and beside the sources as npm does. */
const install = [
  'mkdir -p /opt/cache;',
  'for name in $(cat deps.txt); do',
  '[ "$name" != broken ] || exit 7;',
  'echo "$name of $(cat deps.txt | wc -l)" >>"/opt/cache/$name";',
  'mkdir -p "node_modules/$name" && wc -l <deps.txt >"node_modules/$name/version"; done',
].join(' ');

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tracemill-later-'));
  git('init', '--quiet');
  mkdirSync(join(folder, 'src'));
  writeFileSync(join(folder, 'deps.txt'), 'one\n');
  writeFileSync(join(folder, 'src', 'a.txt'), 'base\n');
  git('add', '-A');
  git('commit', '--quiet', '-m', 'base');
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  for (const image of images) await engine.removeImage(image);
});

async function imageWith(later: string, told: string[] = []): Promise<string> {
  const name = await makeTaskImage({
    engine,
    repository: folder,
    commit: git('rev-parse', 'HEAD'),
    workdir: '/later',
    source: { from: 'tracemill/toolchain:bookworm-1' },
    install: [install],
    later: { written: [['deps.txt', Buffer.from(later)]], removed: ['src/a.txt'], install: [install] },
    instanceId: 'local__later-build-files',
    timeoutMs: 60_000,
    tell: (line) => told.push(line),
    signal: new AbortController().signal,
  });
  images.push(name);
  return name;
}

async function saidIn(image: string, script: string): Promise<string> {
  const job = await openJobContainer(engine, { image, network: 'none', labels: {}, what: 'a test', signal: undefined });
  try {
    const { stdout, stderr } = await job.exec(script, { timeoutMs: 30_000 });
    return stdout + stderr;
  } finally {
    await job.remove();
  }
}

it('fetches what the build files of base and change name, and leaves nothing else of the change', async () => {
  const image = await imageWith('one\ntwo\n');
  expect(await saidIn(image, 'cd /later && cat /opt/cache/one /opt/cache/two')).toBe('one of 2\none of 1\ntwo of 2\n');
  // The base has its way; what it does not have is added.
  expect(await saidIn(image, 'cd /later && cat node_modules/one/version node_modules/two/version')).toBe('1\n2\n');
  expect(await saidIn(image, 'cd /later && cat deps.txt src/a.txt && git status --short && ls /tmp')).toBe('one\nbase\n?? node_modules/\n');
}, 120_000);

it('says what fails for the change, and goes on', async () => {
  const told: string[] = [];
  const image = await imageWith('broken\n', told);
  expect(told.join('\n')).toMatch(/installing for the change as well: deps\.txt, src\/a\.txt\n.*ended with 7/s);
  expect(await saidIn(image, 'cat /opt/cache/one')).toBe('one of 1\n');
}, 120_000);
