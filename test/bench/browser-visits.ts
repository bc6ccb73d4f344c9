import type { WatchedBrowser } from '../web/browser/open-browser.ts';

/** One visit of a page by a browser that has nothing of it yet. */
export interface Visit {
  /** Milliseconds from the navigation until what was waited for was painted. */
  shown: number;
  /** Bytes that the page's own programs hold then. */
  heap: number;
  requests: number;
  /** Bytes of all bodies, as they were sent. */
  bytes: number;
}

/** Notes in the page itself when the first element of a selector is painted, so that asking for it costs nothing. */
const watcher = (selector: string) => `
  const look = () => {
    if (globalThis.shownAt !== undefined || document.querySelector(${JSON.stringify(selector)}) === null) return;
    globalThis.shownAt = Number.NaN;
    requestAnimationFrame(() => setTimeout(() => (globalThis.shownAt = performance.now())));
  };
  new MutationObserver(look).observe(document, { childList: true, subtree: true });
`;

/** Visits an address in a context of its own, until the selector is shown. Throws when the page does what none may do. */
export async function visit({ browser }: WatchedBrowser, url: string, selector: string): Promise<Visit> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  try {
    const page = await context.newPage();
    await page.addInitScript(watcher(selector));
    const failed: string[] = [];
    const sizes: Promise<number>[] = [];
    page.on('pageerror', ({ message }) => failed.push(message));
    page.on('requestfinished', (request) => sizes.push(request.sizes().then(({ responseBodySize }) => responseBodySize)));
    await page.goto(url, { waitUntil: 'commit' });
    await page.waitForFunction(() => Number(Reflect.get(globalThis, 'shownAt')) > 0, undefined, { polling: 10, timeout: 120_000 });
    const seen = await page.evaluate(() => [
      Number(Reflect.get(globalThis, 'shownAt')),
      Number(Reflect.get(Object(Reflect.get(performance, 'memory')), 'usedJSHeapSize')),
    ]);
    await page.waitForLoadState('networkidle');
    if (failed.length > 0) throw new Error(`${url}: ${failed.join('; ')}`);
    const bytes = await Promise.all(sizes);
    const [shown = Number.NaN, heap = Number.NaN] = seen;
    return { shown, heap, requests: bytes.length, bytes: bytes.reduce((sum, size) => sum + size, 0) };
  } finally {
    await context.close();
  }
}
