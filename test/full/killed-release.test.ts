import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { buildRelease } from '../../activities/dataset/build-release.ts';
import { localReleaseFolder } from '../../activities/dataset/local-release-folder.ts';
import { fillCampaign, type Workplace, workplace } from '../dataset/campaign.ts';

let place: Workplace;
beforeAll(async () => {
  place = workplace();
  await fillCampaign(place, 12);
});
afterAll(() => place.close());

/** Runs a program in a process of its own, killed after so many steps. Gives the steps that it made, and how it ended. */
async function run(program: string, killAfter = Infinity): Promise<{ steps: number; signal: string | null }> {
  const child = spawn(process.execPath, [join(import.meta.dirname, program), place.folder], {
    env: { ...process.env, TRACEMILL_HOME: join(place.folder, 'home') },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const closed = once(child, 'close');
  let steps = 0;
  for await (const line of createInterface(child.stdout)) {
    expect(JSON.parse(line)).toHaveProperty('phase');
    steps += 1;
    if (steps === killAfter) child.kill('SIGKILL');
  }
  const [, signal] = await closed;
  return { steps, signal: typeof signal === 'string' ? signal : null };
}

function files(): Record<string, string> {
  const out = join(place.folder, 'releases', 'v1');
  const found = readdirSync(out, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const hash = (path: string) => createHash('sha256').update(readFileSync(path)).digest('hex');
  return Object.fromEntries(
    found
      .map((entry) => join(entry.parentPath, entry.name))
      .sort()
      .map((path) => [path, hash(path)]),
  );
}

beforeAll(async () => {
  // So many rows that threads encode those of a merge.
  await fillCampaign(place, 60, 'many');
  await fillCampaign(place, 3, 'other');
  const { ledger, store } = place;
  for (const campaign of ['many', 'other']) {
    const out = localReleaseFolder(join(place.folder, 'sources', campaign));
    await buildRelease({ campaign, version: 'v1', out, ledger, store });
  }
}, 120_000);

it.each([
  ['a build', '../dataset/building-process.ts', 20],
  ['a merge', 'deriving-process.ts', 200],
])(
  '%s killed at ten moments and started again gives the same bytes',
  async (_, program, least) => {
    const releases = join(place.folder, 'releases');
    rmSync(releases, { recursive: true, force: true });
    const { steps } = await run(program);
    expect(steps).toBeGreaterThan(least);
    const whole = files();
    expect(Object.keys(whole).length).toBeGreaterThan(8);
    for (let moment = 1; moment <= 10; moment += 1) {
      rmSync(releases, { recursive: true });
      const { signal } = await run(program, Math.max(1, Math.floor((steps * moment) / 10) - 1));
      expect(signal).toBe('SIGKILL');
      expect(existsSync(join(releases, 'v1'))).toBe(false);
      await run(program);
      expect(files()).toEqual(whole);
      expect(readdirSync(releases)).toEqual(['v1']);
    }
  },
  600_000,
);
