import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser, type WatchedBrowser } from '../web/browser/open-browser.ts';
import { serveLargeBundle } from '../web/large-bundle.ts';

const folder = mkdtempSync(join(tmpdir(), 'large-bundle-'));
let browser: WatchedBrowser;

beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('a bundle of a very long run', () => {
  it('behaviour 2: shows the beginning, the middle and the end of 350,000 turns in few rows, from few of its files', async () => {
    const plain = await serveLargeBundle(folder, 350_000);
    const watched = await browser.open(`${plain.url}#/c/large.jsonl/r/run-0`);
    for (const turn of [0, 123_456, 349_999]) {
      await watched.page.goto(`${plain.url}#/c/large.jsonl/r/run-0?turn=${turn}`);
      await watched.page.reload();
      await watched.page.waitForSelector(`.turn.selected:has-text("number ${turn}")`);
      expect(await watched.page.locator('.turn').count()).toBeLessThan(300);
    }
    expect(new Set(watched.requests.filter((url) => /chunk-|index-/.test(url))).size).toBeLessThan(25);
    await watched.expectNothingForeign();
    await watched.close();
    expect(plain.missing).toEqual([]);
    await plain.close();
  });
});
