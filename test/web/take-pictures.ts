/**
 * Takes the pictures of README from the pages of trajectories or a release: `node test/web/take-pictures.ts PATH COLLECTION ROW OUT`.
 * They show what is there: choose a path whose names may be shown.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ensurePageBundle } from '../../platform/page-bundle.ts';
import { viewApp } from '../../web/server/app.ts';
import { openAnyView } from '../../web/server/open-any-view.ts';
import { serve } from '../../web/server/serve.ts';
import { openBrowser } from './browser/open-browser.ts';

const [path = '', collection = '', row = '', out = 'docs/pictures'] = process.argv.slice(2);
const pages = await ensurePageBundle();
const view = await openAnyView([path]);
await view.read;
const serving = await serve({ host: '127.0.0.1', port: 0, token: null }, (access) => viewApp(view, pages.path, access));
const browser = await openBrowser();
await mkdir(out, { recursive: true });
try {
  const list = `#/c/${encodeURIComponent(collection)}`;
  const views = [
    { name: 'list', hash: list, wait: 'a[href*="/r/"]', dark: false },
    { name: 'run', hash: `${list}/r/${encodeURIComponent(row)}`, wait: '.turn .part', dark: false },
    { name: 'run-dark', hash: `${list}/r/${encodeURIComponent(row)}`, wait: '.turn .part', dark: true },
  ];
  for (const { name, hash, wait, dark } of views) {
    const watched = await browser.open(`${serving.url}${hash}`, { width: 1100, height: 640, dark });
    await watched.page.waitForSelector(wait);
    // Code is coloured by a thread of its own, after the text is there.
    await watched.page.waitForTimeout(1000);
    await watched.page.screenshot({ path: join(out, `${name}.png`) });
    await watched.close();
  }
} finally {
  await browser.close();
  await serving.close();
  await view.close();
}
