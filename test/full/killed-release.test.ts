import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { fillCampaign, type Workplace, workplace } from '../dataset/campaign.ts';

let place: Workplace;
beforeAll(async () => {
  place = workplace();
  await fillCampaign(place, 12);
});
afterAll(() => place.close());

/** Runs a build in a process of its own, killed after so many steps. Gives the steps that it made, and how it ended. */
async function build(killAfter = Infinity): Promise<{ steps: number; signal: string | null }> {
  const child = spawn(process.execPath, [join(import.meta.dirname, '../dataset/building-process.ts'), place.folder], {
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

it('a build killed at ten moments and started again gives the same bytes', async () => {
  const { steps } = await build();
  const whole = files();
  expect(Object.keys(whole).length).toBeGreaterThan(8);
  for (let moment = 1; moment <= 10; moment += 1) {
    rmSync(join(place.folder, 'releases'), { recursive: true });
    const { signal } = await build(Math.max(1, Math.floor((steps * moment) / 10) - 1));
    expect(signal).toBe('SIGKILL');
    expect(existsSync(join(place.folder, 'releases', 'v1'))).toBe(false);
    await build();
    expect(files()).toEqual(whole);
    expect(readdirSync(join(place.folder, 'releases'))).toEqual(['v1']);
  }
}, 300_000);
