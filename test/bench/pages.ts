import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { putJson } from '../../activities/artifacts/store.ts';
import { buildRelease } from '../../activities/dataset/build-release.ts';
import { localReleaseFolder } from '../../activities/dataset/local-release-folder.ts';
import { decideRow } from '../../activities/filtering/ledger-entry.ts';
import { presetOf } from '../../activities/filtering/presets.ts';
import { ensurePageBundle } from '../../platform/page-bundle.ts';
import { trajectoryId } from '../../schemas/trajectory-id.ts';
import { viewApp } from '../../web/server/app.ts';
import { writeBundle } from '../../web/server/bundle/write-bundle.ts';
import { openView } from '../../web/server/files/open-view.ts';
import { openAnyView } from '../../web/server/open-any-view.ts';
import { serve } from '../../web/server/serve.ts';
import { countTokens } from '../filtering/count-tokens.ts';
import { finish, run, scan, task, trajectory, verdict } from '../filtering/rows.ts';
import { keyOf, planned } from '../ledger/records.ts';
import { type Workplace, workplace } from '../dataset/campaign.ts';
import { openBrowser, type WatchedBrowser } from '../web/browser/open-browser.ts';
import { serveFolder } from '../web/browser/static-server.ts';
import { fiftyMegabytes, hundredTurns } from '../web/run/sample-runs.ts';
import { type Visit, visit } from './browser-visits.ts';
import type { Figure } from './figure.ts';
import { percentile } from './percentiles.ts';

interface Options {
  visits?: number;
  /** Of the release that is bundled. */
  rows?: number;
  say?: (line: string) => void;
}

interface Needs {
  visits: number;
  say: (line: string) => void;
  peer: NonNullable<Figure['peer']>;
}

/** What a reader waits for in a real browser that was never here: the first rows of a run, and the list of a bundle. */
export async function benchPages({ visits = 15, rows = 3000, say = () => undefined }: Options = {}): Promise<Figure[]> {
  const browser = await openBrowser();
  try {
    const peer = { name: 'a page of one word', value: await bareVisit(browser, visits) };
    return [...(await firstScreens(browser, { visits, say, peer })), ...(await bundleStart(browser, { visits, rows, say, peer }))];
  } finally {
    await browser.close();
  }
}

/** What the browser itself takes on this machine, in milliseconds. */
async function bareVisit(browser: WatchedBrowser, visits: number): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'tracemill-bench-bare-'));
  writeFileSync(join(folder, 'index.html'), '<!doctype html><p>bare</p>');
  const site = await serveFolder(folder);
  try {
    const seen = await several(visits, () => visit(browser, site.url, 'p'));
    return percentile(
      seen.map(({ shown }) => shown),
      0.5,
    );
  } finally {
    await site.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function firstScreens(browser: WatchedBrowser, { visits, say, peer }: Needs): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'tracemill-bench-pages-'));
  const path = join(folder, 'runs.jsonl');
  const runs = { hundred: hundredTurns(), large: fiftyMegabytes() };
  writeFileSync(
    path,
    Object.entries(runs)
      .map(([id, messages]) => `${JSON.stringify({ id, messages })}\n`)
      .join(''),
  );
  const view = await openView([path]);
  await view.read;
  const { path: pages } = await ensurePageBundle();
  const serving = await serve({ host: '127.0.0.1', port: 0, token: null }, (access) => viewApp(view, pages, access));
  try {
    const see = async (id: string) => await visit(browser, `${serving.url}#/c/runs.jsonl/r/${id}`, '.turn .part');
    say('looks at a run of 50 MB');
    const first = await see('large');
    const large = await several(visits, () => see('large'));
    say('looks at a run of 100 turns');
    const hundred = await several(visits, () => see('hundred'));
    return [
      ...shownFigures('first-screen: a run of 50 MB', large, { peer, most: 1000 }),
      {
        name: 'first-screen: a run of 50 MB, memory of the page',
        unit: 'MB',
        ours: Math.max(...large.map(({ heap }) => heap)) / 1e6,
        target: { at: 'most', value: 250 },
        note: 'the most of all visits',
      },
      { name: 'first-screen: a run of 50 MB, the very first visit', unit: 'ms', ours: first.shown, note: 'the server reads the run' },
      ...shownFigures('first-screen: a run of 100 turns', hundred, { peer, most: 300 }),
    ];
  } finally {
    await serving.close();
    await view.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function bundleStart(browser: WatchedBrowser, { visits, rows, say, peer }: Needs & { rows: number }): Promise<Figure[]> {
  const place = workplace();
  try {
    say(`builds a release of ${rows} rows`);
    await fill(place, rows);
    const release = localReleaseFolder(join(place.folder, 'release'));
    await buildRelease({ campaign: 'demo', version: 'v1', out: release, ledger: place.ledger, store: place.store });
    say('bundles it');
    const view = await openAnyView([release.location]);
    await view.read;
    const out = join(place.folder, 'site');
    const { path: pages } = await ensurePageBundle();
    const bundled = await writeBundle({ source: view, paths: [release.location], pages, out, limits: { rows: 1e6, bytes: 1e12 } });
    await view.close();
    const site = await serveFolder(out);
    say('looks at the bundle');
    try {
      const seen = await several(visits, () => visit(browser, `${site.url}#/c/released`, 'a[href*="/r/"]'));
      const name = `bundle-start: a list of ${rows.toLocaleString('en')} rows`;
      const most = (of: (visit: Visit) => number) => Math.max(...seen.map(of));
      return [
        ...shownFigures(name, seen, { peer, note: `${bundled.files.toLocaleString('en')} files, a plain server without ranges` }),
        { name: `${name}, fetched`, unit: 'KB', ours: most(({ bytes }) => bytes) / 1000, note: 'not packed' },
        { name: `${name}, requests`, unit: '', ours: most(({ requests }) => requests) },
      ];
    } finally {
      await site.close();
    }
  } finally {
    await place.close();
  }
}

/** One visit after the other. */
async function several(count: number, look: () => Promise<Visit>): Promise<Visit[]> {
  const visits: Visit[] = [];
  while (visits.length < count) visits.push(await look());
  return visits;
}

interface About {
  peer: NonNullable<Figure['peer']>;
  /** Milliseconds wanted. */
  most?: number;
  note?: string;
}

function shownFigures(name: string, visits: readonly Visit[], { peer, most, note = `${visits.length} visits` }: About): Figure[] {
  const shown = visits.map((seen) => seen.shown);
  const target = most === undefined ? {} : { target: { at: 'most' as const, value: most } };
  return [
    { name: `${name}, p50`, unit: 'ms', ours: percentile(shown, 0.5), peer, ...target, note },
    { name: `${name}, p95`, unit: 'ms', ours: percentile(shown, 0.95) },
  ];
}

/** Rollouts of four a task, as a campaign leaves them; short ones, since a list shows none of their turns. */
async function fill({ ledger, store }: Workplace, rows: number): Promise<void> {
  await ledger.recordCampaign({ campaign: 'demo', plan: null });
  for (let number = 0; number < rows / 4; number += 1) {
    const instance_id = `acme__parser-${number}`;
    const source = task({ instance_id });
    const taskRef = await putJson(store, source);
    await ledger.planTasks([planned(instance_id, { task: taskRef })]);
    const keys = [0, 1, 2, 3].map((sample) => keyOf({ instance_id, sample }));
    await ledger.planRollouts(keys.map((key) => ({ key, teacher: 'scripted' })));
    const entries = keys.map(async (key) => {
      const row = trajectory([run(`ls ${number}`, `${key.sample} of ${number}`), finish], { key, id: trajectoryId(key) });
      const refs = { task: taskRef, trajectory: await putJson(store, row), verdict: await putJson(store, verdict()) };
      const judged = { trajectory: row, task: source, verdict: verdict(), scan: scan({ id: row.id }), refs };
      return decideRow(judged, presetOf('open-swe-traces'), countTokens);
    });
    await ledger.recordEntries(await Promise.all(entries));
  }
}
