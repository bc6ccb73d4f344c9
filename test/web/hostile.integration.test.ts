import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensurePageBundle } from '../../platform/page-bundle.ts';
import { viewApp } from '../../web/server/app.ts';
import { writeBundle } from '../../web/server/bundle/write-bundle.ts';
import { type FileView, openView } from '../../web/server/files/open-view.ts';
import { serve, type Serving } from '../../web/server/serve.ts';
import { openBrowser, type WatchedBrowser } from './browser/open-browser.ts';
import { serveFolder } from './browser/static-server.ts';
import { writeHostile } from './hostile-files.ts';

const folder = mkdtempSync(join(tmpdir(), 'hostile-'));
let browser: WatchedBrowser;
let view: FileView;
let served: Serving;
let site: Awaited<ReturnType<typeof serveFolder>>;

beforeAll(async () => {
  writeHostile(join(folder, 'runs.jsonl'));
  view = await openView([join(folder, 'runs.jsonl')]);
  await view.read;
  const pages = (await ensurePageBundle()).path;
  served = await serve({ host: '127.0.0.1', port: 0, token: null }, (access) => viewApp(view, pages, access));
  const out = join(folder, 'site');
  await writeBundle({ source: view, pages, out, limits: { rows: 10, bytes: 1e9 } });
  site = await serveFolder(out, { below: '/some/where/', gzip: true });
  browser = await openBrowser();
});

afterAll(async () => {
  await browser?.close();
  await site?.close();
  await served?.close();
  await view?.close();
  rmSync(folder, { recursive: true, force: true });
});

const addresses = () => ({ 'a file': served.url, 'a bundle': site.url });
const isPlace = (name: string): name is keyof ReturnType<typeof addresses> => name in addresses();

async function firstRun(page: Page): Promise<void> {
  await page.locator('a[href*="/r/"]').first().click();
  await page.waitForSelector('.turn .part');
}

describe.each(['a file', 'a bundle'])('hostile trajectories in %s', (place) => {
  const start = () => `${isPlace(place) ? addresses()[place] : ''}#/c/runs.jsonl`;

  it('behaviour 23: are text in list and run, ask for nothing and break no rule of the policy', async () => {
    const watched = await browser.open(start());
    await watched.page.waitForSelector('a[href*="/r/"]');
    await firstRun(watched.page);
    const text = await watched.page.locator('body').textContent();
    expect(text).toContain('<script>');
    expect(await watched.page.title()).not.toBe('run');
    expect(await watched.page.locator('iframe, img, svg use, body script, object, embed').count()).toBe(0);
    expect(await watched.page.locator('a[href^="javascript" i], a[href^="data" i]').count()).toBe(0);
    // A web address may be followed by who wants to: it says where it leads, and learns nothing of the page.
    expect(await watched.page.locator('a[href*="127.0.0.1:9"]:not([rel~="noreferrer"][rel~="noopener"])').count()).toBe(0);
    expect(await watched.page.evaluate('({}).polluted')).toBeUndefined();
    await watched.expectNothingForeign();
    await watched.close();
  });

  it.each([false, true])('behaviour 25: axe finds nothing serious, dark: %j', async (dark) => {
    const watched = await browser.open(start(), { dark });
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
  it('behaviour 2: shows 350,000 turns and a result of 50 MB from few of its files, in few rows', async () => {
    const path = join(folder, 'large.jsonl');
    const turns = Array.from({ length: 350_000 }, (_, number) => ({ role: 'assistant', content: `number ${number}` }));
    const result = [
      {
        role: 'assistant',
        content: '',
        tool_calls: [{ id: 'a', type: 'function', function: { name: 'bash', arguments: '{"command":"cat x"}' } }],
      },
      { role: 'tool', tool_call_id: 'a', content: `<script>${'y'.repeat(50_000_000)}` },
    ];
    writeFileSync(path, [turns, result].map((messages, id) => `${JSON.stringify({ id: `run-${id}`, messages })}\n`).join(''));
    const large = await openView([path]);
    await large.read;
    const out = join(folder, 'large');
    await writeBundle({ source: large, pages: (await ensurePageBundle()).path, out, limits: { rows: 10, bytes: 1e9 } });
    await large.close();
    const plain = await serveFolder(out);
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
    const watched = await browser.open(`${site.url}#/`);
    await watched.page.waitForSelector('a[href*="/r/"]');
    await firstRun(watched.page);
    await watched.expectNothingForeign();
    expect(site.missing).toEqual([]);
    await watched.close();
  });
});
