import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { dockerEngine } from '../../../activities/engine/docker-engine.ts';
import { engineOfHome, makeTaskImage } from '../../../activities/sandbox/index.ts';
import { openJobContainer } from '../../../activities/sandbox/job-container.ts';
import { minimalImage } from '../../../infra/bootstrap/images.ts';
import { home } from '../../../platform/home.ts';

const engine = engineOfHome(dockerEngine(), home());
let image: string | undefined;
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

/** Of the image: what the change's build file names, and last something that cannot be installed. */
let seen: string[];
const told: string[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tracemill-later-'));
  git('init', '--quiet');
  mkdirSync(join(folder, 'src'));
  writeFileSync(join(folder, 'deps.txt'), 'one\n');
  writeFileSync(join(folder, 'src', 'a.txt'), 'base\n');
  git('add', '-A');
  git('commit', '--quiet', '-m', 'base');
  image = await makeTaskImage({
    engine,
    repository: folder,
    commit: git('rev-parse', 'HEAD'),
    workdir: '/later',
    source: { from: minimalImage },
    install: [install],
    later: { written: [['deps.txt', Buffer.from('one\ntwo\nbroken\n')]], removed: ['src/a.txt'], install: [install] },
    instanceId: 'local__later-build-files',
    timeoutMs: 60_000,
    tell: (line) => told.push(line),
    signal: new AbortController().signal,
  });
  seen = await saidIn(image, [
    'cat /opt/cache/one /opt/cache/two',
    'cat node_modules/one/version node_modules/two/version',
    'cat deps.txt src/a.txt && git status --short && ls /tmp',
  ]);
}, 120_000);
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  if (image !== undefined) await engine.removeImage(image);
});

/** What each of these lines prints at the top of the repository. */
async function saidIn(name: string, lines: string[]): Promise<string[]> {
  const job = await openJobContainer(engine, { image: name, network: 'none', labels: {}, what: 'a test', signal: undefined });
  try {
    const script = lines.map((line) => `( cd /later && ${line} ) 2>&1; echo ==`).join('\n');
    return (await job.exec(script, { timeoutMs: 30_000 })).stdout.split('==\n').slice(0, -1);
  } finally {
    await job.remove();
  }
}

it('fetches what the build files of base and change name', () => {
  expect(seen[0]).toBe('one of 3\none of 1\ntwo of 3\n');
});

it('lets the base have its way, and adds what it does not have', () => {
  expect(seen[1]).toBe('1\n3\n');
});

it('leaves nothing else of the change', () => {
  expect(seen[2]).toBe('one\nbase\n?? node_modules/\n');
});

it('says what fails for the change, and goes on', () => {
  expect(told.join('\n')).toMatch(/installing for the change as well: deps\.txt, src\/a\.txt\n.*ended with 7/s);
  expect(told.at(-1)).toBe('installing: 1 line');
});
