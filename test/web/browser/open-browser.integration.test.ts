import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser, type WatchedBrowser } from './open-browser.ts';
import { serveFolder } from './static-server.ts';

const folder = mkdtempSync(join(tmpdir(), 'watched-'));
const strict = `<meta http-equiv="content-security-policy" content="default-src 'none'; script-src 'self'">`;
let browser: WatchedBrowser;
let site: Awaited<ReturnType<typeof serveFolder>>;

beforeAll(async () => {
  const pages = {
    'index.html': '<p>calm</p>',
    'remote.html': '<img src="http://127.0.0.1:9/x.png">',
    'inline.html': `${strict}<p onclick="1" style="color: red">styled</p><script>document.title = 'run'</script>`,
    'failing.html': '<script src="failing.js"></script>',
    'failing.js': 'throw new Error("a bug");',
  };
  for (const [name, text] of Object.entries(pages)) writeFileSync(join(folder, name), text);
  [browser, site] = await Promise.all([openBrowser(), serveFolder(folder, { below: '/sub/' })]);
});
afterAll(async () => {
  await browser?.close();
  await site?.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('a watched page', () => {
  it.each([
    ['remote.html', /asked for http:\/\/127\.0\.0\.1:9\/x\.png/],
    ['inline.html', /refused: style-src/],
    ['inline.html', /refused: script-src/],
    ['failing.html', /error: a bug/],
  ])('tells what %s does', async (name, said) => {
    const watched = await browser.open(`${site.url}${name}`);
    await expect.poll(async () => await watched.expectNothingForeign().catch(String)).toMatch(said);
    await watched.close();
  });

  it('finds nothing in a page that does nothing', async () => {
    const watched = await browser.open(site.url);
    // Browsers ask for an icon where the page names none.
    await expect.poll(() => watched.errors.filter((text) => !/404/.test(text))).toEqual([]);
    expect(await watched.violations()).toEqual([]);
    expect(await watched.page.textContent('p')).toBe('calm');
    await watched.close();
  });
});
