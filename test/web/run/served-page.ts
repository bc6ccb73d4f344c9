import { type Browser, chromium, type Page } from 'playwright-core';
import { ensurePageBundle } from '../../../platform/page-bundle.ts';
import { viewApp } from '../../../web/server/app.ts';
import { serve } from '../../../web/server/serve.ts';
import type { ViewSource } from '../../../web/server/view-source.ts';

export interface ServedPages {
  browser: Browser;
  url: string;
  /** A page at a run; `problems` takes errors of its program, requests to elsewhere, and what the policy refused. */
  open(collection: string, row: string, query?: string): Promise<{ page: Page; problems: string[] }>;
  close(): Promise<void>;
}

/** Serves a source to a real browser: to one that is there, which stays, or to one of its own. */
export async function servePages(source: ViewSource, given?: Browser): Promise<ServedPages> {
  const { path } = await ensurePageBundle();
  const serving = await serve({ host: '127.0.0.1', port: 0, token: null }, (access) => viewApp(source, path, access));
  const executablePath = '/usr/bin/chromium';
  const browser = given ?? (await chromium.launch({ executablePath, args: ['--no-sandbox', '--enable-precise-memory-info'] }));
  return {
    browser,
    url: serving.url,
    open: async (collection, row, query = '') => {
      const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
      const problems: string[] = [];
      page.on('pageerror', (error) => problems.push(error.message));
      page.on('console', (message) => {
        if (/Content Security Policy/.test(message.text())) problems.push(message.text());
      });
      page.on('request', (request) => {
        if (!request.url().startsWith(serving.url)) problems.push(`a request to ${request.url()}`);
      });
      await page.goto(`${serving.url}#/c/${encodeURIComponent(collection)}/r/${encodeURIComponent(row)}${query}`);
      await page.waitForSelector('.turn .part', { timeout: 30_000 });
      return { page, problems };
    },
    close: async () => {
      if (given === undefined) await browser.close();
      await serving.close();
    },
  };
}
