import { createHash } from 'node:crypto';
import { appendFileSync, cpSync, mkdirSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { buildRelease } from '../../activities/dataset/build-release.ts';
import { localReleaseFolder } from '../../activities/dataset/local-release-folder.ts';
import { measureRetention, readTrainingFiles, writeTrainingFiles } from '../../activities/training/index.ts';
import { ReleaseManifest } from '../../schemas/release.ts';
import { fillCampaign, type Workplace, workplace } from '../dataset/campaign.ts';
import { writeReleaseOfText } from '../bench/release-of-text.ts';
import { scratchFolder } from '../scratch-folder.ts';

let place: Workplace;
let release: string;

/** Rows of the published length, half of them thinking. */
let long: string;

beforeAll(async () => {
  place = workplace();
  await fillCampaign(place, 6);
  release = join(place.folder, 'release');
  await buildRelease({
    campaign: 'demo',
    version: 'v1',
    out: localReleaseFolder(release),
    ledger: place.ledger,
    store: place.store,
    rowsPerShard: 4,
  });
  long = join(place.folder, 'long');
  await writeReleaseOfText(long, 12);
}, 120_000);
afterAll(() => place.close());

const request = { profile: 'automodel', base: 'coder', rows: {}, max_tokens: 131_072, jobs: 1 } as const;

function linesOf(folder: string): { instance_id: string; mode: string; n_tokens: number; n_trained_tokens: number }[] {
  const Line = z.object({ instance_id: z.string(), mode: z.string(), n_tokens: z.int(), n_trained_tokens: z.int() });
  const files = readdirSync(folder)
    .filter((name) => name.endsWith('.jsonl'))
    .sort();
  return files
    .flatMap((name) => readFileSync(join(folder, name), 'utf8').trimEnd().split('\n'))
    .map((text) => Line.parse(JSON.parse(text)));
}

describe('training files of a release', () => {
  it('hold every row once, and their manifest says how many tokens', async () => {
    const out = join(scratchFolder('files'), 'deep', 'out');
    const { manifest, folder, reused } = await writeTrainingFiles({ ...request, release, out });
    const { rows, content_sha256, campaign } = ReleaseManifest.parse(JSON.parse(readFileSync(join(release, 'manifest.json'), 'utf8')));
    const lines = linesOf(folder);
    expect(reused).toBe(false);
    expect(lines).toHaveLength(rows);
    expect(manifest).toMatchObject({
      rows,
      not_selected: 0,
      dropped: {},
      release: { campaign },
      inputs: { release_content_sha256: content_sha256 },
    });
    expect(manifest.tokens).toBe(lines.reduce((sum, { n_tokens }) => sum + n_tokens, 0));
    expect(manifest.trained_tokens).toBe(lines.reduce((sum, { n_trained_tokens }) => sum + n_trained_tokens, 0));
    expect(manifest.cells.map(({ harness, mode, language }) => `${harness} ${mode} ${language}`)).toEqual([
      'openhands no_think go',
      'openhands no_think python',
      'openhands think go',
      'openhands think python',
      'sweagent no_think go',
      'sweagent no_think python',
      'sweagent think go',
      'sweagent think python',
    ]);
    expect(await readTrainingFiles(out)).toEqual(manifest);
    expect(readdirSync(join(out, '..'))).toEqual(['out']);
  });

  it('are named in order, with their hashes', async () => {
    const out = join(scratchFolder('files'), 'out');
    const { manifest } = await writeTrainingFiles({ ...request, release, out });
    const { length } = manifest.files;
    expect(length).toBeGreaterThan(2);
    expect(manifest.files.map(({ path }) => path)).toEqual(manifest.files.map((_, index) => `train-0000${index}-of-0000${length}.jsonl`));
    for (const { path, size_bytes, sha256 } of manifest.files) {
      const bytes = readFileSync(join(out, path));
      expect([bytes.length, createHash('sha256').update(bytes).digest('hex')]).toEqual([size_bytes, sha256]);
    }
  });

  it('are the same bytes for one thread and three', async () => {
    const folder = scratchFolder('files');
    const [one, three] = await Promise.all(
      [1, 3].map((jobs) => writeTrainingFiles({ ...request, release, out: join(folder, `jobs-${jobs}`), jobs })),
    );
    expect(three?.manifest).toEqual(one?.manifest);
  });

  it('hold the rows that were asked for', async () => {
    const out = join(scratchFolder('files'), 'out');
    const rows = { modes: ['think'], languages: ['go'], harnesses: ['sweagent'], outcomes: ['resolved'] } as const;
    const { manifest } = await writeTrainingFiles({
      ...request,
      release,
      out,
      rows: { modes: [...rows.modes], languages: [...rows.languages], harnesses: [...rows.harnesses], outcomes: [...rows.outcomes] },
    });
    expect(manifest.cells.map(({ harness, mode, language }) => [harness, mode, language])).toEqual([['sweagent', 'think', 'go']]);
    expect(new Set(linesOf(out).map(({ mode }) => mode))).toEqual(new Set(['think']));
    const all = ReleaseManifest.parse(JSON.parse(readFileSync(join(release, 'manifest.json'), 'utf8'))).rows;
    expect(manifest.rows + manifest.not_selected).toBe(all);
  });

  it('leave rows out that are too long, whole, and count them', async () => {
    const folder = scratchFolder('files');
    const whole = await writeTrainingFiles({ ...request, release: long, out: join(folder, 'all') });
    const lengths = linesOf(join(folder, 'all'))
      .map(({ n_tokens }) => n_tokens)
      .sort((a, b) => a - b);
    const limit = lengths[5] ?? 0;
    const { manifest } = await writeTrainingFiles({ ...request, release: long, out: join(folder, 'short'), max_tokens: limit });
    expect(whole.manifest.rows).toBe(12);
    expect(manifest).toMatchObject({ rows: 6, dropped: { over_long: 6 } });
    expect(
      linesOf(join(folder, 'short'))
        .map(({ n_tokens }) => n_tokens)
        .sort((a, b) => a - b),
    ).toEqual(lengths.slice(0, 6));
    expect(manifest.cells.map(({ retention }) => retention)).toEqual(whole.manifest.cells.map(({ retention }) => retention));
  });

  it('are reused when they are complete and made of the same', async () => {
    const out = join(scratchFolder('files'), 'out');
    const first = await writeTrainingFiles({ ...request, release, out });
    const path = join(out, first.manifest.files[0]?.path ?? '');
    const { ino } = statSync(path);
    expect(await writeTrainingFiles({ ...request, release, out, jobs: 1 })).toEqual({ ...first, reused: true });
    expect(statSync(path).ino).toBe(ino);
    truncateSync(path, 10);
    expect(await writeTrainingFiles({ ...request, release, out })).toEqual(first);
    const other = await writeTrainingFiles({ ...request, release, out, base: 'instruct' });
    expect(other).toMatchObject({ reused: false, manifest: { inputs: { base: 'instruct' } } });
  });

  it('are started over after a run that died', async () => {
    const folder = scratchFolder('files');
    const left = join(folder, '.out.building');
    mkdirSync(left);
    writeFileSync(join(left, 'unit-00000'), 'half a li');
    const { manifest } = await writeTrainingFiles({ ...request, release, out: join(folder, 'out') });
    expect(manifest.rows).toBeGreaterThan(0);
    expect(readdirSync(folder)).toEqual(['out']);
  });

  it('are not there when the work was stopped', async () => {
    const folder = scratchFolder('files');
    const stop = new AbortController();
    const onProgress = () => stop.abort(new Error('enough'));
    await expect(writeTrainingFiles({ ...request, release, out: join(folder, 'out'), signal: stop.signal, onProgress })).rejects.toThrow(
      'enough',
    );
    expect(readdirSync(folder)).toEqual([]);
  });

  it('are refused where no row matches, with what the release has', async () => {
    const out = join(scratchFolder('files'), 'out');
    const problem = {
      code: 'no_matching_rows',
      message: expect.stringContaining('language rust'),
      hint: expect.stringMatching(/openhands think go: \d+ resolved/),
    };
    await expect(writeTrainingFiles({ ...request, release, out, rows: { languages: ['rust'] } })).rejects.toMatchObject(problem);
  });

  it('never replace a folder that holds something else', async () => {
    const out = scratchFolder('files');
    writeFileSync(join(out, 'thesis.tex'), 'years of work');
    await expect(writeTrainingFiles({ ...request, release, out })).rejects.toMatchObject({ code: 'bad_output' });
    expect(readdirSync(out)).toEqual(['thesis.tex']);
  });

  it('are refused for a release that is none, or is damaged', async () => {
    const folder = scratchFolder('files');
    const out = join(folder, 'out');
    await expect(writeTrainingFiles({ ...request, release: folder, out })).rejects.toMatchObject({ code: 'release_unreadable' });
    const copy = join(folder, 'copy');
    cpSync(release, copy, { recursive: true });
    const { shards } = ReleaseManifest.parse(JSON.parse(readFileSync(join(copy, 'manifest.json'), 'utf8')));
    appendFileSync(join(copy, shards[0]?.path ?? ''), 'x');
    await expect(writeTrainingFiles({ ...request, release: copy, out })).rejects.toMatchObject({ code: 'release_damaged' });
  });
});

describe('the retention curve', () => {
  it('says of each cell how many rows fit which length, and writes nothing', async () => {
    const folder = scratchFolder('files');
    const { manifest } = await writeTrainingFiles({ ...request, release: long, out: join(folder, 'all') });
    const before = readdirSync(folder);
    const cells = await measureRetention({ release: long, base: 'coder', rows: {}, jobs: 1 });
    expect(cells).toEqual(manifest.cells);
    const lines = linesOf(join(folder, 'all'));
    for (const { mode, retention } of cells) {
      const lengths = lines.filter((one) => one.mode === mode).map(({ n_tokens }) => n_tokens);
      expect(retention).toEqual(
        [32_768, 49_152, 65_536, 98_304, 131_072].map((tokens) => ({ tokens, rows: lengths.filter((length) => length <= tokens).length })),
      );
    }
    expect(readdirSync(folder)).toEqual(before);
  });
});
