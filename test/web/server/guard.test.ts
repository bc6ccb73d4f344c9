import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { viewApp } from '../../../web/server/app.ts';
import { hostsOf } from '../../../web/server/guard.ts';
import { serve, type Serving } from '../../../web/server/serve.ts';
import type { ViewSource } from '../../../web/server/view-source.ts';

const source: ViewSource = {
  site: async () => ({ kind: 'files', title: 'x', tracemill: '0', steering: false, collections: [], limits: [] }),
  rows: async () => undefined,
  transcript: async () => undefined,
};
const token = 'a-long-random-text';
let pages: string;
let open: Serving;
let locked: Serving;

beforeAll(async () => {
  pages = mkdtempSync(join(tmpdir(), 'tracemill-pages-'));
  writeFileSync(join(pages, 'index.html'), '<!doctype html><title>x</title>');
  writeFileSync(join(pages, 'main.js'), 'export {};');
  open = await serve({ host: '127.0.0.1', port: 0, token: null }, (access) => viewApp(source, pages, access));
  locked = await serve({ host: '127.0.0.1', port: 0, token }, (access) => viewApp(source, pages, access));
});

afterAll(async () => {
  await Promise.all([open.close(), locked.close()]);
  rmSync(pages, { recursive: true, force: true });
});

interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
}

/** One request with headers that `fetch` would not let through. */
async function ask(url: string, path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  return await new Promise((resolve, reject) => {
    const asked = request(new URL(path, url), { method, headers }, (answer) => {
      answer.resume();
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers }));
    });
    asked.on('error', reject).end();
  });
}

const paths = [
  '/',
  '/index.html',
  '/main.js',
  '/data/site.json',
  '/data/c/a/rows.json',
  '/data/c/a/r/b/head.json',
  '/data/c/a/r/b/index-0.json',
  '/data/c/a/r/b/chunk-0.json',
  '/session',
  '/no/such/path',
  '/../../etc/passwd',
];

describe('behaviour 24: a server of pages answers its own pages alone', () => {
  it.each(paths)('refuses a foreign Host, Origin and site at %s, by any method', async (path) => {
    for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS']) {
      for (const headers of [
        { host: 'evil.example' },
        { host: `evil.example:${new URL(open.url).port}` },
        { origin: 'http://evil.example' },
        { origin: 'null' },
        { origin: 'http://127.0.0.1:1' },
        { 'sec-fetch-site': 'cross-site' },
        { 'sec-fetch-site': 'same-site' },
      ]) {
        const { status, headers: answered } = await ask(open.url, path, { 'x-tracemill-change': '1', ...headers }, method);
        expect(status, `${method} ${JSON.stringify(headers)}`).toBe(403);
        expect(answered['content-security-policy']).toContain("default-src 'none'");
        expect(answered['access-control-allow-origin']).toBeUndefined();
      }
    }
  });

  it('answers its own pages under each name of this machine', async () => {
    const { port } = new URL(open.url);
    for (const host of ['127.0.0.1', 'localhost', '[::1]']) {
      const own = { host: `${host}:${port}`, origin: `http://${host}:${port}`, 'sec-fetch-site': 'same-origin' };
      expect((await ask(open.url, '/data/site.json', own)).status).toBe(200);
    }
  });

  it('refuses a change without the header of its pages', async () => {
    expect((await ask(open.url, '/session', {}, 'POST')).status).toBe(403);
    expect((await ask(open.url, '/session', { 'x-tracemill-change': '1' }, 'POST')).status).toBe(204);
  });

  it('gives no data without the token, and takes it in no address', async () => {
    for (const path of paths.filter((name) => name.startsWith('/data/'))) {
      expect((await ask(locked.url, path)).status).toBe(401);
      expect((await ask(locked.url, `${path}?token=${token}`)).status).toBe(401);
      expect((await ask(locked.url, path, { authorization: 'Bearer wrong' })).status).toBe(401);
      expect((await ask(locked.url, path, { cookie: `tracemill=${token}` })).status).toBe(401);
    }
    expect((await ask(locked.url, '/data/site.json', { authorization: `Bearer ${token}` })).status).toBe(200);
  });

  it('exchanges the token for a cookie that scripts and other sites never see', async () => {
    const session = { 'x-tracemill-change': '1', authorization: `Bearer ${token}` };
    const { status, headers } = await ask(locked.url, '/session', session, 'POST');
    expect(status).toBe(204);
    const cookie = String(headers['set-cookie']);
    expect(cookie).toMatch(/HttpOnly/);
    expect(cookie).toMatch(/SameSite=Strict/);
    expect(cookie).not.toContain(token);
    expect((await ask(locked.url, '/data/site.json', { cookie: cookie.split(';')[0] ?? '' })).status).toBe(200);
    const wrong = await ask(locked.url, '/session', { 'x-tracemill-change': '1', authorization: 'Bearer x' }, 'POST');
    expect(wrong.status).toBe(401);
  });

  it('does not serve other machines without a token', async () => {
    await expect(serve({ host: '0.0.0.0', port: 0, token: null }, (access) => viewApp(source, pages, access))).rejects.toMatchObject({
      code: 'token_needed',
    });
  });

  it('knows the names of what stands in front of it', () => {
    expect([...hostsOf('0.0.0.0', 80, ['pages.example', 'pages.example:443'])]).toEqual([
      '0.0.0.0:80',
      'pages.example:80',
      'pages.example:443',
    ]);
  });
});
