/**
 * Takes the pictures of README from pages that are served: `node test/web/take-pictures.ts URL OUT NAME=HASH…`, for example
 * `run='#/c/campaign.demo/r/…'`. A name that ends in `-dark` is taken in dark. They show what is there: choose a home whose names may be shown.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { openBrowser } from './browser/open-browser.ts';

const [url = '', out = 'docs/pictures', ...views] = process.argv.slice(2);
const browser = await openBrowser();
await mkdir(out, { recursive: true });
try {
  for (const view of views) {
    const [name, hash]: [string, string] = [view.slice(0, view.indexOf('=')), view.slice(view.indexOf('=') + 1)];
    const watched = await browser.open(`${url}${hash}`, { width: 1100, height: 640, dark: name.endsWith('-dark') });
    await watched.page.waitForSelector('main h1');
    // Bodies come after the index, and code is coloured by a thread of its own.
    await watched.page.waitForTimeout(3000);
    await watched.page.screenshot({ path: join(out, `${name}.png`) });
    await watched.close();
  }
} finally {
  await browser.close();
}
