import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fillCampaign, idOf, type Workplace, workplace } from '../dataset/campaign.ts';

const run = promisify(execFile);
let place: Workplace;
beforeAll(async () => {
  place = workplace();
  await fillCampaign(place, 3);
});
afterAll(() => place.close());

/** Runs the command line on the records of the test. */
async function tracemill(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const main = join(import.meta.dirname, '..', '..', 'cli', 'main.ts');
  try {
    return { code: 0, ...(await run(process.execPath, [main, ...args], { env: { ...process.env, TRACEMILL_HOME: place.folder } })) };
  } catch (error) {
    if (error instanceof Error && 'code' in error && 'stdout' in error && 'stderr' in error) {
      return { code: Number(error.code), stdout: String(error.stdout), stderr: String(error.stderr) };
    }
    throw error;
  }
}

describe('tracemill why', () => {
  it('explains a dropped row: the deciding rule first, then verdict, scan, cost and artifacts', async () => {
    const { stdout } = await tracemill('why', 'acme__parser-1/openhands/think/0');
    expect(stdout).toContain('→ dropped by no_patch: the rollout changed nothing');
    expect(stdout).toMatch(
      /Against it {2}no_patch v2: [\s\S]*Verdict {5}resolved 0[\s\S]*Scanner {5}no attempt[^\n]* \(version 2, preset follow-up\)[\s\S]*3 turns by Scripted-1\.5[\s\S]*trajectory +\/.*\.zst/,
    );
    expect(stdout.split('\n').length).toBeLessThan(40);
  });

  it('explains a kept row and a lost one, by the beginning of their trajectory ids', async () => {
    expect((await tracemill('why', idOf(2, 'sweagent', 'no_think').slice(0, 13))).stdout).toContain('→ kept, not resolved');
    expect((await tracemill('why', idOf(0, 'openhands', 'think'))).stdout).toContain('engine_unreachable: the engine went away');
  });

  it('lists what an ambiguous id may mean, and fails on an unknown one with exit code 3', async () => {
    expect((await tracemill('why', 'acme__parser-1')).stdout.match(/demo\/acme__parser-1\//g)).toHaveLength(4);
    expect(await tracemill('why', 'nothing')).toMatchObject({
      code: 3,
      stdout: '',
      stderr: expect.stringContaining('nothing on record begins with nothing'),
    });
  });

  it('gives everything as JSON', async () => {
    const { stdout } = await tracemill('why', idOf(1, 'openhands', 'think'), '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      rollout: { key: { instance_id: 'acme__parser-1' } },
      entry: { kept: false },
      attempts: [],
      history: [{ number: 1 }],
    });
  });
});

describe('tracemill ledger', () => {
  it('counts rollouts by harness, mode and language, and rows by the rule that dropped them', async () => {
    const { stdout } = await tracemill('ledger', 'demo');
    expect(stdout).toMatch(/all +– +– +12 +0 +0 +1 +4 +7 +3\n\ndropped by +rows\nno_patch +4/);
    expect(JSON.parse((await tracemill('ledger', 'demo', '--json')).stdout)).toMatchObject({
      campaign: 'demo',
      total: { planned: 12, kept: 7 },
    });
  });

  it('fails on an unknown campaign, naming the known ones', async () => {
    expect(await tracemill('ledger', 'dmeo')).toMatchObject({ code: 3, stderr: expect.stringContaining('known campaigns: demo') });
  });
});

describe('tracemill export', () => {
  let release: string;

  beforeAll(async () => {
    release = join(place.folder, 'to-export');
    await tracemill('release', 'build', 'demo', '--local', '--out', release);
  }, 60_000);

  it('writes training files, and says what they hold', async () => {
    const out = join(place.folder, 'training', 'coder');
    const written = JSON.parse(
      (await tracemill('export', release, '--for', 'automodel', '--base', 'coder', '--out', out, '--json')).stdout,
    );
    expect(written).toMatchObject({ folder: out, reused: false, manifest: { rows: 7, inputs: { profile: 'automodel', base: 'coder' } } });
    expect(readdirSync(out)).toContain('training-files.json');
    const again = await tracemill('export', release, '--for', 'automodel', '--base', 'coder', '--out', out);
    expect(again).toMatchObject({ code: 0, stdout: expect.stringMatching(/^7 rows, \d+ tokens, \d+ of them trained, in 2 files/) });
    expect(again.stdout).toContain('made before of the same');
  }, 60_000);

  it('shows how many rows fit which length', async () => {
    const { stdout } = await tracemill('export', release, '--retention', '--modes', 'think');
    expect(stdout).toMatch(/^harness +mode +language +counted +32K +48K +64K +96K +128K +longest/);
    expect(stdout).toMatch(/openhands +think +python +\d+ +100\.0 %/);
    expect(stdout).not.toContain('no_think');
  }, 60_000);

  it.each([
    [3, 'none of the 7 rows', ['--for', 'trl', '--out', 'x', '--languages', 'rust']],
    [2, '--for', ['--out', 'x']],
    [2, '--modes', ['--for', 'trl', '--out', 'x', '--modes', 'dreaming']],
    [2, 'Allowed choices are automodel', ['--for', 'other', '--out', 'x']],
    [2, 'Allowed choices are', ['--for', 'trl', '--base', 'other', '--out', 'x']],
  ])('ends with %i for wrong usage: %s', async (code, said, args) => {
    expect(await tracemill('export', release, ...args)).toMatchObject({ code, stderr: expect.stringContaining(said) });
  });

  it('ends with 2 for a folder that is no release', async () => {
    expect(await tracemill('export', place.folder, '--for', 'trl', '--out', 'x')).toMatchObject({ code: 2 });
  });
});

describe('tracemill release build and rejudge', () => {
  it('says what to do where there is no server', async () => {
    expect(await tracemill('release', 'build', 'demo')).toMatchObject({ code: 4, stderr: expect.stringContaining('--local') });
  });

  it('build a release, judge by the strict preset and build another', async () => {
    const usual = JSON.parse((await tracemill('release', 'build', 'demo', '--local', '--json')).stdout);
    expect(usual).toMatchObject({ rows: 7, out: join(place.folder, 'releases', 'demo', 'v1') });
    expect(readdirSync(usual.out).sort()).toEqual(['ATTRIBUTION.md', 'README.md', 'data', 'ledger.jsonl', 'manifest.json', 'pictures']);
    const { stdout } = await tracemill('rejudge', 'demo', '--preset', 'strict');
    const changed = Number(/11 rows decided again, (\d+) with another fate/.exec(stdout)?.[1]);
    const strict = JSON.parse((await tracemill('release', 'build', 'demo', '--release-version', 'strict', '--local', '--json')).stdout);
    expect(strict.rows).toBe(usual.rows - changed);
  });
});
