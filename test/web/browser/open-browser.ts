import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { z } from 'zod';
import { findProgram } from '../../../infra/bootstrap/system-command.ts';

/** What a page did that no page of Tracemill may do, and where it asked. */
interface Watched {
  page: Page;
  context: BrowserContext;
  /** Every address that was asked for, in order. */
  requests: string[];
  /** Errors of the page's programs, threads included, and lines of `console.error`. */
  errors: string[];
  /** What the content security policy refused, as the browser reports it. */
  violations(): Promise<string[]>;
  /** Throws unless everything came from `origin`, nothing was refused, and no program failed. */
  expectNothingForeign(): Promise<void>;
  close(): Promise<void>;
}

export interface WatchedBrowser {
  browser: Browser;
  /** A page in a fresh context, with no history, storage or cache of others. */
  open(url: string, options?: { width?: number; height?: number; dark?: boolean }): Promise<Watched>;
  close(): Promise<void>;
}

/** Runs before the page's own programs, in every frame. */
const listener = `
  globalThis.refusedByPolicy = [];
  document.addEventListener('securitypolicyviolation', (event) =>
    globalThis.refusedByPolicy.push(event.violatedDirective + ' ' + event.blockedURI));
`;

/** One real browser for the tests of a file. */
export async function openBrowser(): Promise<WatchedBrowser> {
  const executablePath = findProgram('chromium') ?? '/usr/bin/chromium';
  // As root, as in most containers, it starts in no other way.
  const args = ['--no-sandbox', '--enable-precise-memory-info'];
  const browser = await chromium.launch({ executablePath, args });
  return {
    browser,
    open: async (url, { width = 1280, height = 800, dark = false } = {}) => {
      const context = await browser.newContext({ viewport: { width, height }, colorScheme: dark ? 'dark' : 'light' });
      const page = await context.newPage();
      const watched = watch(page, context, new URL(url).origin);
      await page.addInitScript(listener);
      await page.goto(url);
      return watched;
    },
    close: async () => await browser.close(),
  };
}

function watch(page: Page, context: BrowserContext, origin: string): Watched {
  const requests: string[] = [];
  const errors: string[] = [];
  const refusals: string[] = [];
  context.on('request', (request) => requests.push(request.url()));
  page.on('websocket', (socket) => requests.push(socket.url()));
  page.on('popup', (popup) => errors.push(`the page opened ${popup.url()}`));
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('dialog', (dialog) => {
    errors.push(`the page asked: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('console', (message) => {
    if (/content security policy/i.test(message.text())) refusals.push(message.text());
    else if (message.type() === 'error') errors.push(message.text());
  });
  const violations = async () => {
    const reported = z.array(z.string()).parse(await page.evaluate('globalThis.refusedByPolicy'));
    return [...reported, ...refusals];
  };
  return {
    page,
    context,
    requests,
    errors,
    violations,
    expectNothingForeign: async () => {
      const foreign = requests.filter((url) => !isOwn(url, origin));
      const wrong = [
        ...foreign.map((url) => `asked for ${url}`),
        ...(await violations()).map((text) => `refused: ${text}`),
        ...errors.map((text) => `error: ${text}`),
      ];
      if (wrong.length > 0) throw new Error(`${page.url()}:\n${wrong.slice(0, 20).join('\n')}`);
    },
    close: async () => await context.close(),
  };
}

/** Of the server itself, or made by the page without any server. */
function isOwn(url: string, origin: string): boolean {
  return new URL(url).origin === origin || url.startsWith(`blob:${origin}/`) || url === 'data:,';
}
