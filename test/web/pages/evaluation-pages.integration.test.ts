import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { localStore } from '../../../activities/artifacts/local-store.ts';
import { putJson } from '../../../activities/artifacts/store.ts';
import { acceptEvaluation, checkEvaluation, evaluationFigures } from '../../../activities/evaluation/index.ts';
import type { EvaluationStores } from '../../../activities/evaluation/records.ts';
import { openLocalLedger } from '../../../activities/ledger/local/local-ledger.ts';
import type { EvaluationRecord } from '../../../schemas/evaluation-record.ts';
import { rolloutId } from '../../../schemas/rollout-id.ts';
import { evaluationCampaign } from '../../../workflows/contract/ids.ts';
import { percent, points } from '../../../web/pages/parts/units.ts';
import { servePages } from '../../../web/server/live/serve-pages.ts';
import type { Serving } from '../../../web/server/serve.ts';
import { type SeededEvaluation, seededRecord } from '../../evaluation/seeded-record.ts';
import { planned } from '../../ledger/records.ts';
import { openBrowser, type WatchedBrowser } from '../browser/open-browser.ts';
import { seriousOn } from '../browser/serious-on.ts';

const homeBefore = process.env['TRACEMILL_HOME'];
const patient = { timeout: 15_000 };
/** Two cells, so that a rate of all of them is no rate of one. */
const cells: SeededEvaluation['cells'] = [
  { harness: 'openhands', mode: 'think' },
  { harness: 'sweagent', mode: 'no_think' },
];
const records = new Map<string, EvaluationRecord>();
let home: string;
let at: EvaluationStores;
let serving: Serving;
let browser: WatchedBrowser;
let page: Page;

/** Three nights of a series, recorded, accepted and checked by what does that for people; the last one is much worse. */
beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'tracemill-evaluation-pages-'));
  process.env['TRACEMILL_HOME'] = home;
  at = { ledger: openLocalLedger(join(home, 'ledger.sqlite')), store: localStore(join(home, 'store')) };
  await ended({ name: 'nightly-20260101', seed: 1, cells });
  await ended({ name: 'nightly-20260102', seed: 2, cells });
  await ended({ name: 'nightly-20260103', seed: 3, cells, regression: 0.35 });
  // With few rows, for what looks at each of them.
  for (const [seed, name] of ['few-20260101', 'few-20260102'].entries()) await ended({ name, seed, cells, instances: 10 });
  await acceptEvaluation({ name: 'nightly-20260101' }, at);
  for (const name of ['nightly-20260102', 'nightly-20260103']) await checkEvaluation({ name, baseline: 'accepted' }, at);
  await plan('nightly-20260103');
  const options = { host: '127.0.0.1', port: 0, token: null, names: [], readOnly: true, listed: false };
  [serving, browser] = await Promise.all([servePages(at, options), openBrowser()]);
  ({ page } = await browser.open(serving.url));
});

afterAll(async () => {
  await browser?.close();
  await serving?.close();
  await at?.ledger.close();
  rmSync(home, { recursive: true, force: true });
  if (homeBefore === undefined) delete process.env['TRACEMILL_HOME'];
  else process.env['TRACEMILL_HOME'] = homeBefore;
});

/** An evaluation as it ends: with all the facts that a real one has, hashes of other things among them. */
async function ended(of: SeededEvaluation & { name: string }): Promise<void> {
  const day = of.name.slice(-2);
  const record = seededRecord(of);
  record.ended_at = `2026-01-${day}T05:00:00.000Z`;
  record.model.facts = {
    chat_template_sha256: 'c'.repeat(64),
    checkpoint_sha256: `${day}${'d'.repeat(62)}`,
    inputs_sha256: 'e'.repeat(64),
    tracemill: '0.1.0',
    'tracemill commit': `${day}${'f'.repeat(38)}-dirty`,
  };
  records.set(of.name, record);
  await at.ledger.recordRun({ kind: 'evaluation', name: of.name, record: await putJson(at.store, record), recorded_at: record.ended_at });
}

/** Puts the rollouts of an evaluation on the ledger, as its campaign does. */
async function plan(name: string): Promise<void> {
  const campaign = evaluationCampaign(name);
  const outcomes = records.get(name)?.outcomes ?? [];
  await at.ledger.planTasks(
    [...new Set(outcomes.map(({ instance_id }) => instance_id))].map((id) => planned(id, { campaign, state: 'done' })),
  );
  await at.ledger.planRollouts(
    outcomes.map(({ instance_id, harness, mode, run }) => ({
      key: { campaign, instance_id, harness, mode, sample: run },
      teacher: 'student',
    })),
  );
}

function recordOf(name: string): EvaluationRecord {
  const record = records.get(name);
  if (record === undefined) throw new Error(`no record of ${name}`);
  return record;
}

async function go(place: string): Promise<void> {
  await page.goto(`${serving.url}#/${place}`);
}

const main = async () => (await page.locator('main').innerText()).replaceAll('\u202f', ' ');
const rowOf = async (table: string, name: string) =>
  (await page.getByRole('table', { name: table }).getByRole('row', { name }).innerText()).replaceAll('\u202f', ' ');

describe('evaluations on their pages', () => {
  it('behaviour 20: an evaluation shows its rate with n, interval and commit', async () => {
    await go('evaluations/nightly-20260103');
    const figures = evaluationFigures(recordOf('nightly-20260103'));
    await expect.poll(main, patient).toContain('commit\n03ffffffffff-dirty, checkpoint 03dddddddddd');
    expect(await main()).toMatch(/state\n○ recorded\nstarted\n2026-01-01 \d\d:\d\d\nended\n2026-01-03/);
    for (const { harness, mode, rate, interval } of figures.cells) {
      const row = await rowOf('Resolve rate by cell', `${harness}/${mode}`);
      expect(row.split('\t').slice(1, 5)).toEqual([
        '200',
        '1',
        percent(rate.mean),
        `${percent(interval.low)} to ${percent(interval.high)}`,
      ]);
    }
  });

  it('behaviour 20: a paired comparison shows n, interval and both commits, and its changed tasks lead to their runs', async () => {
    await go('evaluations/nightly-20260103?baseline=nightly-20260101');
    const baseline = recordOf('nightly-20260101');
    const { comparison } = evaluationFigures(recordOf('nightly-20260103'), { baseline, intersect: true });
    const overall = comparison?.overall;
    if (overall === null || overall === undefined || overall.by_instance === null) throw new Error('nothing was compared');
    await expect.poll(main, patient).toContain('Against nightly-20260101 of 2026-01-01');
    const { instances, here, there, difference, by_instance: interval } = overall;
    const shown = (await rowOf('Paired by instance', 'all cells')).split('\t');
    expect(shown.slice(1, 6)).toEqual([
      String(instances),
      percent(here),
      percent(there),
      points(difference),
      `${points(interval.low)} to ${points(interval.high)}`,
    ]);
    expect(await main()).toContain('tracemill commit: 03ffff');
    const [cell] = comparison?.cells ?? [];
    const lost = cell?.lost[0] ?? '';
    const changed = page.getByRole('table', { name: 'Against the baseline' });
    const row = changed.getByRole('row', { name: `${lost} openhands` });
    expect(await row.innerText()).toMatch(/resolved[\s\S]*(unresolved|empty patch)/);
    await row.getByRole('link', { name: lost, exact: true }).click();
    const campaign = evaluationCampaign('nightly-20260103');
    const id = rolloutId({ campaign, instance_id: lost, harness: 'openhands', mode: 'think', sample: 0 });
    await expect.poll(() => page.url(), patient).toContain(`#/c/campaign.${campaign}/r/${encodeURIComponent(id)}`);
    await expect.poll(async () => await page.title(), patient).toContain(`${lost} · openhands · think · 0`);
  });

  it('behaviour 20: a series shows n, interval and commit of each night, and the line and reason of its alarm', async () => {
    await go('nightly/nightly');
    await expect.poll(main, patient).toContain("Compared with nightly-20260101; the alarm's line is at");
    const { cells: figures } = evaluationFigures(recordOf('nightly-20260103'));
    const mean = figures.reduce((sum, { rate }) => sum + rate.mean, 0) / figures.length;
    const [night = '', , n, rate, interval = '', commit, alarm, why = ''] = (await rowOf('Evaluations', 'nightly-20260103')).split('\t');
    expect([night, n, rate, commit, alarm]).toEqual([
      'nightly-20260103',
      '200',
      percent(mean),
      '03ffffffffff-dirty, checkpoint 03dddddddddd',
      '■ regression',
    ]);
    const [low = 1, high = 0] = interval.split(' to ').map((text) => Number.parseFloat(text) / 100);
    expect(low).toBeLessThan(mean - 0.05);
    expect(high).toBeGreaterThan(mean + 0.05);
    expect(why).toMatch(/points/);
    expect(await rowOf('Evaluations', 'nightly-20260102')).toContain('● fine');
    expect(await page.getByRole('img', { name: /Resolve rate of 3 evaluations/ }).count()).toBe(1);
    await page.getByRole('link', { name: 'nightly-20260103' }).click();
    await expect.poll(main, patient).toContain('Against nightly-20260101');
  });

  it('behaviour 25: axe finds nothing serious on pages with figures, in light and dark', async () => {
    const found: string[] = [];
    for (const place of ['evaluations/few-20260102?baseline=few-20260101', 'nightly/nightly']) {
      await go(place);
      await expect.poll(main, patient).toContain('95 % interval');
      found.push(...(await seriousOn(page, ['light', 'dark'])));
    }
    expect(found).toEqual([]);
  });
});
