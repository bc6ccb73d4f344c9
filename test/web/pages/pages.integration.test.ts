import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { findProgram } from '../../../infra/bootstrap/system-command.ts';
import type { CampaignProgress } from '../../../schemas/campaign-progress.ts';
import { seriousOn } from '../browser/serious-on.ts';
import { campaignLine, campaignView, evaluation, funnel, grid, nightly, taskView, training } from './live-answers.ts';
import { pageServer, type PageServer, someRow } from './page-server.ts';
import { someTranscript } from './some-transcript.ts';

const rows = Array.from({ length: 2000 }, (_, number) => someRow(number));
let browser: Browser;
let server: PageServer;
let page: Page;
let faults: string[];

beforeAll(async () => {
  [browser, server] = await Promise.all([
    chromium.launch({ executablePath: findProgram('chromium') ?? '/usr/bin/chromium', args: ['--no-sandbox'] }),
    pageServer({}, rows),
  ]);
});
afterAll(async () => {
  await browser?.close();
  await server?.close();
});

beforeEach(async () => {
  server.forget();
  const { live } = server;
  live.set('campaigns.json', { missing: [], campaigns: [campaignLine] });
  live.set('campaigns/demo/status.json', campaignView());
  live.set('campaigns/demo/grid.json', grid(400));
  live.set('campaigns/demo/funnel.json', funnel());
  live.set('campaigns/demo/audit.json', { missing: [], lines: [] });
  live.set('campaigns/demo/tasks/owner__repo-00001.json', taskView(['a', 'b']));
  live.set('trainings/small.json', training());
  live.set('nightly/night.json', nightly());
  live.set('evaluations/night-2.json', evaluation());
  for (const room of ['pipelines', 'trainings', 'evaluations', 'nightly']) live.set(`${room}.json`, { missing: [], runs: [] });
  server.transcripts.set('a', someTranscript('run a', ['ls', 'cat x.py', 'pytest', 'git diff'], patch('x.py', '+fixed')));
  server.transcripts.set('b', someTranscript('run b', ['ls', 'cat x.py', 'grep -n x', 'git diff'], patch('x.py', '+other')));
  await open();
});
afterEach(async () => {
  await page.context().close();
  if (faults.length > 0) throw new Error(`the page said: ${faults.join('; ')}`);
});

async function open(): Promise<void> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  page = await context.newPage();
  faults = [];
  page.on('pageerror', (error) => faults.push(String(error)));
  page.on('console', (message) => {
    // The browser itself notes each answer of 4xx and 5xx.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) faults.push(message.text());
  });
}

async function go(hash: string): Promise<void> {
  await page.goto(`${server.url}#/${hash}`);
}

const text = async () => (await page.locator('main').innerText()).replaceAll('\u202f', ' ');

describe('lists', () => {
  it('behaviour 9: filter, order, columns, picked rows and place stand in the address, and a new visit shows the same', async () => {
    await go('c/campaign.demo');
    await page.getByRole('button', { name: 'turns' }).click();
    await page.getByRole('button', { name: 'turns' }).click();
    await page.locator('summary', { hasText: 'language' }).click();
    await page.getByRole('checkbox', { name: /^python/ }).check();
    await page.getByRole('checkbox', { name: /^pick/ }).first().check();
    await expect.poll(text).toContain('1 333 of 2 000 rows match');
    await page.locator('.grid-scroll').evaluate((element) => element.scrollTo(0, 26 * 200));
    await expect.poll(() => page.url()).toContain('at=');
    await page.waitForTimeout(500);
    const address = page.url();
    expect(address).toContain('sort=turns&desc=1');
    expect(address).toContain('language=python');
    expect(address).toContain('picked=');
    const first = await firstSeen();
    await open();
    await page.goto(address);
    await expect.poll(firstSeen).toBe(first);
    expect(await page.getByRole('columnheader', { name: 'turns' }).getAttribute('aria-sort')).toBe('descending');
    await expect.poll(text).toContain('1 333 of 2 000 rows match');
    expect(page.url()).toBe(address);
  });

  it('keeps few elements however far one scrolls, and steps by keys', async () => {
    await go('c/campaign.demo');
    await expect.poll(text).toContain('2 000 of 2 000');
    for (let step = 0; step < 12; step += 1) {
      await page.locator('.grid-scroll').evaluate((element) => element.scrollTo(0, element.scrollHeight));
      await page.waitForTimeout(60);
    }
    expect(await page.getByRole('row').count()).toBeLessThan(100);
    await page.keyboard.press('j');
    await page.keyboard.press('x');
    await expect.poll(() => page.url()).toContain('picked=');
  });
});

describe('freshness', () => {
  it('behaviour 13: says how old it is; a failed poll empties nothing, and after three intervals it is stale', async () => {
    await page.clock.install();
    await go('campaigns/demo');
    await expect.poll(text).toContain('tasks at the same time');
    await expect.poll(ageState).toBe('fresh');
    server.broken.add('live/campaigns/demo/status.json');
    await page.clock.runFor(3000);
    await expect.poll(ageState).toBe('failed');
    expect(await page.locator('.age-text').innerText()).toContain('the ledger is locked');
    expect(await text()).toContain('tasks at the same time');
    await page.clock.runFor(6000);
    await expect.poll(ageState).toBe('stale');
    expect(await text()).toContain('tasks at the same time');
    server.broken.clear();
    await page.clock.runFor(3000);
    await expect.poll(ageState).toBe('fresh');
  });

  it('a list that nobody sees is asked for each half minute, and at once when it is seen again', async () => {
    // Long waits end when the test says so.
    await page.addInitScript(`globalThis.waits = [];
      const wait = globalThis.setTimeout;
      globalThis.setTimeout = (then, ms, ...more) => (ms < 5000 || ms === undefined ? wait(then, ms, ...more) : -waits.push({ ms, then }));`);
    const waits = async () => z.array(z.number()).parse(await page.evaluate('waits.map(({ ms }) => ms)'));
    const endWait = async () => await page.evaluate('waits.at(-1).then()');
    const polls = () => server.asked.filter((path) => path.startsWith('c/campaign.demo/rows.json') && !path.includes('after='));
    await go('c/campaign.demo');
    await expect.poll(text).toContain('2 000 of 2 000');
    // Nothing is counted while the page still asks for what it begins with.
    await page.waitForLoadState('networkidle');
    await expect.poll(async () => (await waits()).at(-1)).toBe(5000);
    // Others of the page stand before it.
    await page.evaluate('waits.splice(0, waits.length - 1)');
    const before = polls().length;
    await endWait();
    await expect.poll(waits).toEqual([5000, 5000]);
    await look(false);
    await endWait();
    await expect.poll(waits).toEqual([5000, 5000, 30_000]);
    await endWait();
    await expect.poll(waits).toEqual([5000, 5000, 30_000, 30_000]);
    expect(polls()).toHaveLength(before + 3);
    await look(true);
    await expect.poll(waits).toEqual([5000, 5000, 30_000, 30_000, 5000]);
    expect(polls()).toHaveLength(before + 4);
  });

  it('behaviour 15: a slow answer for one thing never stands under the name of another', async () => {
    server.live.set('campaigns/other/status.json', campaignView({ endings: { other_ending: 5 } }));
    const gate = Promise.withResolvers<void>();
    server.held.set('live/campaigns/demo/status.json', gate.promise);
    await go('campaigns/demo');
    await page.waitForTimeout(200);
    await go('campaigns/other');
    await expect.poll(text).toContain('other_ending');
    gate.resolve();
    await page.waitForTimeout(300);
    expect(await page.locator('h1').innerText()).toContain('other');
    expect(await text()).toContain('other_ending');
    expect(await text()).not.toContain('submitted');
  });
});

describe('live pages', () => {
  it('behaviour 14: says what each rollout waits for, and for how long', async () => {
    await go('campaigns/demo');
    const waits = page.getByRole('table', { name: /the longest wait first/ });
    for (const [what, long] of [
      ['model', '7:1'],
      ['tool', '0:4'],
      ['retry', '0:3'],
      ['queue', '0:0'],
    ] as const) {
      expect(await waits.getByRole('row', { name: new RegExp(what) }).innerText()).toContain(long);
    }
    await go('campaigns/demo/tasks/owner__repo-00001');
    await expect.poll(text).toMatch(/model\s+7:1\d/);
  });

  it('behaviour 14: names a teacher that refuses every request for now, and how many wait', async () => {
    const view = campaignView({ teachers: [{ name: 'main', model: 'teacher-1', state: 'busy', detail: '7 wait', since: null }] });
    const since = new Date(Date.now() - 180_000).toISOString();
    const busy = [{ teacher: 'main', since, message: '429 <b>slow down</b>', waiting: 7 }];
    server.live.set('campaigns/demo/status.json', { ...view, status: { ...view.status, busy } });
    await go('campaigns/demo');
    await expect.poll(text).toMatch(/Busy 3:0\d: main/);
    expect(await text()).toContain('and 7 more wait; they are repeated: 429 <b>slow down</b>');
    expect(await page.getByRole('table', { name: 'Teachers of this campaign' }).innerText()).toContain('busy');
  });

  it('say once what fails and is tried again for one reason, and in how many tasks', async () => {
    const view = campaignView();
    const failed = (number: number, next_try: string | null) => {
      const instance_id = `owner__repo-0000${number}`;
      const message = `no image for ${instance_id}`;
      return { instance_id, activity: 'prepareImage', attempt: 3, next_try, code: 'engine_unreachable', message };
    };
    const retries = [failed(1, '2026-01-01T10:09:00Z'), failed(2, null), failed(3, '2026-01-01T10:04:00Z')];
    server.live.set('campaigns/demo/status.json', { ...view, status: { ...view.status, retries } });
    await go('campaigns/demo');
    const notice = page.getByRole('status').filter({ hasText: 'prepareImage' });
    await expect.poll(() => notice.count()).toBe(1);
    expect(await notice.innerText()).toMatch(
      /tried again \(attempt 3, next try .*10:04\): owner__repo-00001 and 2 more\s+engine_unreachable: no image/,
    );
  });

  it('behaviour 17: each number of the funnel leads to the rows that it counts', async () => {
    await go('campaigns/demo/funnel');
    for (const stage of ['generated', 'verified', 'filtered', 'scanned', 'released']) {
      await page.getByRole('heading', { name: stage }).waitFor();
    }
    await page.getByRole('link', { name: '40 rows: dropped by no_patch' }).click();
    const dropped = rows.filter(({ rule }) => rule === 'no_patch').length;
    await expect.poll(text).toContain(`${dropped} of 2 000 rows match`);
    expect(page.url()).toContain('rule=no_patch');
  });

  it('behaviour 6: rollouts of a task stand side by side from where they part, and their final changes are compared', async () => {
    await go('campaigns/demo/tasks/owner__repo-00001');
    await expect.poll(text).toContain('they part at turn 3');
    const table = page.getByRole('table', { name: /where the rollouts part/ });
    expect(await table.getByRole('row').nth(1).innerText()).toMatch(/pytest[\s\S]*grep -n x/);
    expect(await page.getByRole('table', { name: /Files by rollout/ }).innerText()).toMatch(/x\.py\s+A \+1 −0\s+B \+1 −0/);
    await table.getByRole('link', { name: /grep -n x/ }).click();
    expect(page.url()).toContain('/r/b?turn=2');
  });

  it('behaviour 20: histories say n, interval and commit, and a regression leads to the tasks that changed', async () => {
    await go('nightly/night');
    const row = page.getByRole('row', { name: /night-2/ });
    await expect
      .poll(async () => await row.innerText())
      .toMatch(/120\s+32\.0 %\s+24\.0 % to 40\.0 %\s+abc1234\s+■ regression\s+fell by 9 points/);
    expect(await text()).toContain("the alarm's line is at 35.0 %");
    await row.getByRole('link').click();
    await page.getByRole('table', { name: 'Against the baseline' }).getByRole('link', { name: 'owner__repo-00001' }).click();
    await expect.poll(text).toContain('4 of 2 000 rows match');
  });
});

describe('what is empty', () => {
  it('names the command that fills it', async () => {
    server.live.set('campaigns.json', { missing: [], campaigns: [] });
    for (const [place, command] of [
      ['campaigns', 'tracemill campaign start FILE'],
      ['pipelines', 'tracemill pipeline start FILE'],
      ['trainings', 'tracemill training start FILE'],
      ['evaluations', 'tracemill evaluation start FILE'],
      ['nightly', 'tracemill schedule create FILE'],
    ] as const) {
      await go(place);
      await expect.poll(text, { timeout: 15_000 }).toContain(command);
    }
  });
});

describe('steering', () => {
  it('behaviour 19: shows the effect, needs a reason, sends key and version, and asks again after a conflict', async () => {
    server.answerPost = (path, _body) =>
      path.endsWith('/preview')
        ? { status: 200, body: { version: 'v1', effects: ['2 tasks go on to their end'], refused: null } }
        : { status: 412, body: { version: 'v2', effects: ['3 tasks go on to their end'], refused: null } };
    await go('campaigns/demo');
    await page.getByRole('button', { name: 'Pause…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('2 tasks go on to their end').waitFor();
    expect(await dialog.getByRole('button', { name: 'Do it' }).isDisabled()).toBe(true);
    await dialog.getByRole('textbox').fill('the teacher is to be moved');
    await dialog.getByRole('button', { name: 'Do it' }).click();
    await dialog.getByText('3 tasks go on to their end').waitFor();
    expect(await dialog.innerText()).toContain('nothing was done');
    server.answerPost = () => ({ status: 200, body: { applied: true, detail: 'paused', version: 'v3' } });
    await dialog.getByRole('button', { name: 'Do it nevertheless' }).click();
    await dialog.getByText('Done.').waitFor();
    const [first, second] = server.posts.filter(({ path }) => path.endsWith('/steer'));
    expect(first?.headers['if-match']).toBe('"v1"');
    expect(second?.headers['if-match']).toBe('"v2"');
    expect(first?.headers['idempotency-key']).toMatch(/^[0-9a-f]{32}$/);
    expect(second?.headers['idempotency-key']).not.toBe(first?.headers['idempotency-key']);
    expect(second?.body).toEqual({ action: { action: 'pause' }, reason: 'the teacher is to be moved' });
  });

  it('behaviour 19: says why nothing can be changed, where no worker answers or all has ended', async () => {
    const { status } = campaignView();
    const buttons = page.getByRole('region', { name: 'Steering' }).getByRole('button');
    const why = async (change: Partial<typeof status>) => {
      server.live.set('campaigns/demo/status.json', campaignView({ status: { ...status, ...change } }));
      await go('campaigns');
      await go('campaigns/demo');
      await expect.poll(async () => await buttons.count()).toBe(5);
      expect(await buttons.filter({ hasText: 'Pause' }).isDisabled()).toBe(true);
      const described = await buttons.first().getAttribute('aria-describedby');
      return await page.locator(`[id="${described}"]`).innerText();
    };
    expect(await why({ progress: null })).toContain('no worker answers for the campaign. Start one: tracemill worker');
    expect(await why({ progress: null, workflow: 'unknown' })).toContain('the Temporal server does not answer');
    expect(await why({ workflow: 'completed', closed_at: '2026-11-30T02:00:00.000Z' })).toContain('The campaign has ended');
  });

  it('behaviour 19: lets a campaign that waits by itself be paused, and only one that somebody paused be resumed', async () => {
    const { status } = campaignView();
    const buttons = page.getByRole('region', { name: 'Steering' }).getByRole('button');
    const enabled = async (state: CampaignProgress['state']) => {
      const progress = status.progress === null ? null : { ...status.progress, state };
      server.live.set('campaigns/demo/status.json', campaignView({ status: { ...status, progress } }));
      await go('campaigns');
      await go('campaigns/demo');
      await expect.poll(async () => await page.locator('.facts .state').first().innerText()).toContain(state);
      return await Promise.all(['Pause', 'Resume'].map(async (name) => await buttons.filter({ hasText: name }).isEnabled()));
    };
    expect(await enabled('waiting')).toEqual([true, false]);
    expect(await enabled('paused')).toEqual([false, true]);
  });

  it('behaviour 19: is not there where the server is read only', async () => {
    server.site.steering = false;
    await go('campaigns/demo');
    await expect.poll(text).toContain('tasks at the same time');
    expect(await page.getByRole('button', { name: /Pause|Resume|Abort|Change/ }).count()).toBe(0);
    expect(await page.locator('header').innerText()).toContain('read only');
  });
});

const places = [
  'campaigns',
  'campaigns/demo',
  'campaigns/demo/grid',
  'campaigns/demo/funnel',
  'campaigns/demo/audit',
  'campaigns/demo/tasks/owner__repo-00001',
  'c',
  'c/campaign.demo',
  'pipelines',
  'trainings/small',
  'evaluations/night-2',
  'nightly/night',
  'compare?c=campaign.demo&row=a&row=b',
  'nowhere/at/all',
];

/** Lists, figures, tables with states, curves, texts side by side: what colours are used for stands on these. */
const fullest = new Set(['campaigns/demo', 'c/campaign.demo', 'trainings/small', 'compare?c=campaign.demo&row=a&row=b']);

/** Looked at in both colours with figures of real records and campaigns, by the tests of those. */
const elsewhere = new Set(['campaigns/demo/grid', 'evaluations/night-2', 'nightly/night']);

describe('for everyone', () => {
  it('behaviour 25: axe finds nothing serious on any page in the light, nor in the dark on the fullest page of each kind', async () => {
    await page.setViewportSize({ width: 1280, height: 500 });
    // What repeats itself is looked at a few times, and not hundreds.
    server.rows = rows.slice(0, 8);
    const found: string[] = [];
    for (const place of places.filter((name) => !elsewhere.has(name))) {
      await go(place);
      await page.locator('main').locator('h1, [role=alert], p').first().waitFor();
      await expect.poll(async () => await page.locator('[aria-busy=true]').count()).toBe(0);
      found.push(...(await seriousOn(page, fullest.has(place) ? ['dark', 'light'] : ['light'])));
    }
    expect(found).toEqual([]);
  });

  it('behaviour 25: at twice the size no page is wider than the screen, and keys alone reach what is there', async () => {
    // 200 % of a window of 1280 pixels leaves 640 of the page's own.
    await page.setViewportSize({ width: 640, height: 400 });
    for (const place of places) {
      await go(place);
      await page.waitForTimeout(100);
      expect([place, await widthOf()]).toEqual([place, 640]);
    }
    await go('campaigns');
    await page.getByRole('link', { name: 'demo' }).focus();
    await page.keyboard.press('Enter');
    await expect.poll(async () => await page.locator(':focus').evaluate((element) => element.tagName)).toBe('H1');
    await expect.poll(async () => await page.title()).toBe('Campaign demo – home of the test');
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keys' }).waitFor();
    await page.keyboard.press('Escape');
    expect(await page.getByRole('dialog').count()).toBe(0);
  });

  it('behaviour 25: hostile names stay text and break no page', async () => {
    const hostile = '<img src=x onerror=alert(1)>\u202egpj.\u200b';
    server.rows[0] = someRow(0, { instance_id: hostile, model: 'x'.repeat(10_000), harness: '__proto__', ending: 'javascript:alert(1)' });
    const view = campaignView();
    view.teachers = [{ name: hostile, model: 'y'.repeat(10_000), state: 'fine', detail: hostile, since: null }];
    server.live.set('campaigns/demo/status.json', view);
    await go('c/campaign.demo?cols=instance_id,model,harness,ending');
    await expect.poll(text).toContain('<img src=x onerror=alert(1)>⟨U+202E⟩gpj.⟨U+200B⟩');
    await go('campaigns/demo');
    await expect.poll(text).toContain('<img src=x onerror=alert(1)>⟨U+202E⟩gpj.⟨U+200B⟩');
    expect(await widthOf()).toBe(1280);
    expect(await page.locator('img').count()).toBe(0);
  });
});

/** As if the reader looked at another tab, or came back. */
async function look(at: boolean): Promise<void> {
  await page.evaluate(`Object.defineProperty(document, 'hidden', { configurable: true, value: ${!at} });
    document.dispatchEvent(new Event('visibilitychange'))`);
}

const ageState = async () => await page.locator('.age').getAttribute('data-state');

/** The text of the first row that lies below the head of the grid. */
async function firstSeen(): Promise<string> {
  const top = await page.locator('.grid-head').evaluate((element) => element.getBoundingClientRect().bottom);
  return await page
    .locator('.grid-body .grid-row')
    .evaluateAll((shown, from) => shown.find((row) => row.getBoundingClientRect().top >= from - 1)?.textContent ?? '', top);
}

/** Pixels that the page needs from left to right. */
async function widthOf(): Promise<number> {
  return await page.locator('html').evaluate((element) => element.scrollWidth);
}

function patch(file: string, line: string): string {
  return `diff --git a/${file} b/${file}\n--- a/${file}\n+++ b/${file}\n@@ -1,1 +1,2 @@\n x\n${line}\n`;
}
