import { execFile } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { buildRelease } from '../../activities/dataset/build-release.ts';
import { localReleaseFolder } from '../../activities/dataset/local-release-folder.ts';
import { fillCampaign, type Workplace, workplace } from '../dataset/campaign.ts';
import { task } from '../filtering/rows.ts';

const run = promisify(execFile);
let place: Workplace;

beforeAll(async () => {
  place = workplace();
  await fillCampaign(place, 3);
  const out = localReleaseFolder(join(place.folder, 'theirs'));
  await buildRelease({ campaign: 'demo', version: 'v1', out, ledger: place.ledger, store: place.store });
});
afterAll(() => place.close());

/** Runs the command line on the records of the test. */
async function tracemill(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const main = join(import.meta.dirname, '..', '..', 'cli', 'main.ts');
  const env = { ...process.env, TRACEMILL_HOME: place.folder };
  try {
    return { code: 0, ...(await run(process.execPath, ['--disable-warning=ExperimentalWarning', main, ...args], { env })) };
  } catch (error) {
    if (error instanceof Error && 'code' in error && 'stdout' in error && 'stderr' in error) {
      return { code: Number(error.code), stdout: String(error.stdout), stderr: String(error.stderr) };
    }
    throw error;
  }
}

function trainingFile(release: string, change = ''): string {
  const path = join(place.folder, 'training.yaml');
  const needs = 'needs: { nodes: 1, gpus_per_node: 0, cpus_per_node: 1, memory_mb_per_node: 64 }';
  writeFileSync(path, `name: study\nrelease: ${release}\nvariants:\n  full:\n    base: coder\n${change}trainer:\n  name: trl\n${needs}\n`);
  return path;
}

const DryRun = z.object({
  started: z.literal(false),
  variants: z.array(
    z.object({
      plan: z.object({ release: z.object({ rows: z.int() }) }),
      files: z.object({ rows: z.int(), tokens: z.int(), trained_tokens: z.int() }),
      configuration: z.record(z.string(), z.string()),
    }),
  ),
});

describe('tracemill training start --dry-run', () => {
  it('counts rows and tokens, shows needs and configuration, and writes nothing', async () => {
    const before = readdirSync(place.folder);
    const { stdout } = await tracemill('training', 'start', trainingFile('theirs'), '--dry-run', '--json');
    const [variant] = DryRun.parse(JSON.parse(stdout)).variants;
    expect(variant?.files.rows).toBe(variant?.plan.release.rows);
    expect(variant?.files.trained_tokens).toBeLessThan(variant?.files.tokens ?? 0);
    expect(Object.keys(variant?.configuration ?? {})).not.toEqual([]);
    expect(readdirSync(place.folder).toSorted()).toEqual([...new Set([...before, 'training.yaml'])].toSorted());
  });

  it('refuses a file with line and field, and a release without matching rows', async () => {
    const bad = await tracemill('training', 'start', trainingFile('theirs', '    rows: { outcome: [resolved] }\n'), '--dry-run');
    expect(bad).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/training\.yaml:6:\d+: variants\.full\.rows\.outcome: no such field; did you mean outcomes\?/),
    });
    const none = await tracemill('training', 'start', trainingFile('theirs', '    rows: { languages: [cpp] }\n'), '--dry-run');
    expect(none.code).not.toBe(0);
    expect(none.stderr).toContain('is of language cpp');
  });
});

describe('trajectories of other tools', { timeout: 120_000 }, () => {
  it('are put on record, judged again, released and trained on by the same commands', async () => {
    const tasks = join(place.folder, 'tasks.jsonl');
    const known = [0, 1].map((number) => task({ instance_id: `acme__parser-${number}`, language: number % 2 === 0 ? 'python' : 'go' }));
    writeFileSync(tasks, known.map((one) => `${JSON.stringify(one)}\n`).join(''));
    const shards = join(place.folder, 'theirs', 'data');
    const judge = () => tracemill('judge', shards, '--campaign', 'others', '--tasks', tasks, '--json');
    const judged: unknown = JSON.parse((await judge()).stdout);
    const Judged = z.looseObject({ rows: z.int(), known: z.int(), kept: z.int(), without_task: z.int() });
    const { rows, kept, without_task } = Judged.parse(judged);
    expect(kept).toBeGreaterThan(0);
    expect(without_task).toBeGreaterThan(0);
    expect(Judged.parse(JSON.parse((await judge()).stdout))).toMatchObject({ rows, kept, known: rows });
    expect((await place.ledger.campaignFunnel('others')).total).toMatchObject({ planned: rows, open: 0, kept });

    expect((await tracemill('rejudge', 'others', '--preset', 'strict')).stdout).toContain(`${rows} rows decided again`);
    expect((await tracemill('rejudge', 'others', '--preset', 'open-swe-traces')).code).toBe(0);
    const built = z
      .object({ out: z.string(), rows: z.int() })
      .parse(JSON.parse((await tracemill('release', 'build', 'others', '--local', '--json')).stdout));
    expect(built.rows).toBe(kept);
    const { stdout } = await tracemill('training', 'start', trainingFile(built.out), '--dry-run', '--json');
    expect(DryRun.parse(JSON.parse(stdout)).variants[0]?.files.rows).toBe(kept);
  });
});

describe('tracemill training', () => {
  it('says what there is not', async () => {
    expect(await tracemill('training', 'show', 'study/full')).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('no finished training study/full'),
    });
    expect(await tracemill('training', 'list')).toMatchObject({ code: 0, stdout: expect.stringContaining('no training was started yet') });
  });
});
