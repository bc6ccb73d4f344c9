import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensurePageBundle } from '../../platform/page-bundle.ts';
import { viewApp } from '../../web/server/app.ts';
import { writeBundle } from '../../web/server/bundle/write-bundle.ts';
import { openView } from '../../web/server/files/open-view.ts';
import { openAnyView } from '../../web/server/open-any-view.ts';
import { serve } from '../../web/server/serve.ts';
import type { ViewSource } from '../../web/server/view-source.ts';
import { openBrowser, type WatchedBrowser } from './browser/open-browser.ts';
import { serveFolder } from './browser/static-server.ts';
import { writeHostile } from './hostile-files.ts';
import { buildHostileRelease } from './hostile-release.ts';
import { hostileSource } from './hostile-source.ts';
import { serveLargeBundle } from './large-bundle.ts';

const folder = mkdtempSync(join(tmpdir(), 'hostile-'));
const closing: (() => Promise<unknown>)[] = [];
let browser: WatchedBrowser;
let site: Awaited<ReturnType<typeof serveFolder>>;
let pages: string;

/** What is shown, by a server and as a bundle: where each begins. */
const sources = { files: '', release: '', 'a source of nothing but hostile words': '' };
const bundles = { ...sources };

async function show(name: keyof typeof sources, source: ViewSource, paths: readonly string[]): Promise<void> {
  const served = await serve({ host: '127.0.0.1', port: 0, token: null }, (access) => viewApp(source, pages, access));
  const out = join(folder, `site of ${name}`);
  await writeBundle({ source, paths, pages, out, limits: { rows: 10, bytes: 1e9 } });
  const plain = await serveFolder(out, { below: '/some/where/', gzip: true });
  closing.push(async () => await Promise.all([plain.close(), served.close()]));
  sources[name] = served.url;
  bundles[name] = plain.url;
  if (name === 'files') site = plain;
}

beforeAll(async () => {
  pages = (await ensurePageBundle()).path;
  const starting = openBrowser();
  const shown = join(folder, 'shown');
  mkdirSync(shown);
  const paths = writeHostile(shown);
  const view = await openView(paths);
  await view.read;
  await show('files', view, paths);
  const built = await buildHostileRelease();
  const release = await openAnyView([built.path]);
  await release.read;
  await show('release', release, [built.path]);
  await show('a source of nothing but hostile words', hostileSource(), []);
  browser = await starting;
  closing.push(
    async () => await browser.close(),
    async () => await Promise.all([view.close(), release.close()]),
    async () => await built.close(),
  );
});

afterAll(async () => {
  for (const close of closing) await close();
  rmSync(folder, { recursive: true, force: true });
});

async function firstRun(page: Page): Promise<void> {
  await page.locator('a[href*="/r/"]').first().click();
  await page.waitForSelector('.turn .part');
}

/** Unfolds all that a page folds. */
async function unfold(page: Page): Promise<void> {
  await page.evaluate(`
    for (const each of document.querySelectorAll('details')) each.open = true;
    for (const each of document.querySelectorAll('button[aria-expanded="false"]')) each.click();
  `);
  await page.waitForTimeout(100);
}

/** The page holds text alone, and names itself as it should. */
async function expectText(page: Page): Promise<void> {
  expect(await page.title()).not.toBe('run');
  expect(await page.locator('iframe, img, svg use, svg [onload], body script, body style, object, embed, [style*="url"]').count()).toBe(0);
  expect(await page.locator('a[href^="javascript" i], a[href^="data:" i]').count()).toBe(0);
  // A web address may be followed by who wants to: it says where it leads, and learns nothing of the page.
  expect(await page.locator('a[href*="127.0.0.1:9"]:not([rel~="noreferrer"][rel~="noopener"])').count()).toBe(0);
  expect(await page.evaluate('({}).polluted')).toBeUndefined();
}

describe.each([
  ['a server', sources],
  ['a bundle', bundles],
] as const)('hostile words shown by %s', (_how, places) => {
  it.each(['files', 'release', 'a source of nothing but hostile words'] as const)(
    'behaviour 23: are text on every page of %s, ask for nothing, open no dialog and break no rule of the policy',
    async (name) => {
      const watched = await browser.open(places[name]);
      const { page } = watched;
      const links = page.locator('main a[href^="#/c/"]');
      await expect.poll(async () => await links.count()).toBeGreaterThanOrEqual(name === 'release' ? 2 : 3);
      await expectText(page);
      const lists = await links.evaluateAll((all) => all.map((link) => link.getAttribute('href') ?? ''));
      const seen: string[] = [];
      for (const list of lists) {
        await page.goto(`${places[name]}${list}`);
        await page.waitForSelector('a[href*="/r/"]');
        await expectText(page);
        const runs = await page.locator('a[href*="/r/"]').evaluateAll((links) => links.map((link) => link.getAttribute('href') ?? ''));
        const [first = '', second] = [...new Set(runs)];
        await page.goto(`${places[name]}${first}`);
        await page.waitForSelector('.side');
        if (name !== 'release' || list !== lists[1]) await page.waitForSelector('.turn .part');
        await unfold(page);
        await expectText(page);
        seen.push((await page.locator('body').textContent()) ?? '');
        if (second === undefined) continue;
        const rows = [first, second].map((run) => `row=${run.split('/').at(-1)}`).join('&');
        await page.goto(`${places[name]}#/compare?c=${list.split('/').at(-1)}&${rows}`);
        await page.waitForSelector('h1:has-text("side by side")');
        await unfold(page);
        await expectText(page);
      }
      for (const text of seen) expect(text).toContain('<script>');
      await watched.expectNothingForeign();
      await watched.close();
    },
  );
});

describe('hostile words', () => {
  it.each([
    ['a server', false],
    ['a bundle', true],
  ] as const)('behaviour 25: axe finds nothing serious, shown by %s, dark: %j', async (how, dark) => {
    const watched = await browser.open(`${(how === 'a server' ? sources : bundles).files}#/c/runs.jsonl`, { dark });
    await watched.page.waitForSelector('a[href*="/r/"]');
    const serious = async () => {
      const { violations } = await new AxeBuilder({ page: watched.page }).analyze();
      return violations
        .filter(({ impact }) => impact === 'serious' || impact === 'critical')
        .map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 200)}`);
    };
    expect(await serious()).toEqual([]);
    await firstRun(watched.page);
    expect(await serious()).toEqual([]);
    await watched.close();
  });
});

describe('a bundle', () => {
  it('behaviour 2: shows a run of many turns and a result of 50 MB from few of its files, in few rows', async () => {
    const plain = await serveLargeBundle(folder, 30_000);
    for (const run of ['run-0', 'run-1']) {
      const watched = await browser.open(`${plain.url}#/c/large.jsonl/r/${run}`);
      await watched.page.waitForSelector('.turn .part');
      expect(await watched.page.locator('.turn').count()).toBeLessThan(300);
      expect(watched.requests.filter((url) => /chunk-|blob/.test(url)).length).toBeLessThan(5);
      await watched.expectNothingForeign();
      await watched.close();
    }
    expect(plain.missing).toEqual([]);
    await plain.close();
  });

  it('behaviour 21: lies below any path, packed on the way and without ranges, and asks for no file that is not there', async () => {
    const watched = await browser.open(`${site.url}#/c/runs.jsonl`);
    await watched.page.waitForSelector('a[href*="/r/"]');
    await firstRun(watched.page);
    await watched.expectNothingForeign();
    expect(site.missing).toEqual([]);
    await watched.close();
  });
});
