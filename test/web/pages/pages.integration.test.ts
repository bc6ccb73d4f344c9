import { AxeBuilder } from '@axe-core/playwright';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { campaignLine, campaignView, evaluation, funnel, grid, nightly, taskView, training } from './live-answers.ts';
import { pageServer, type PageServer, someRow } from './page-server.ts';
import { someTranscript } from './some-transcript.ts';

const rows = Array.from({ length: 2000 }, (_, number) => someRow(number));
let browser: Browser;
let server: PageServer;
let page: Page;
let faults: string[];

beforeAll(async () => {
  browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
});
afterAll(async () => await browser.close());

beforeEach(async () => {
  server = await pageServer({}, rows);
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
  await server.close();
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
    await eventually(text).toContain('1 333 of 2 000 rows match');
    await page.locator('.grid-scroll').evaluate((element) => element.scrollTo(0, 26 * 200));
    await eventually(() => page.url()).toContain('at=');
    await page.waitForTimeout(500);
    const address = page.url();
    expect(address).toContain('sort=turns&desc=1');
    expect(address).toContain('language=python');
    expect(address).toContain('picked=');
    const first = await firstSeen();
    await open();
    await page.goto(address);
    await eventually(firstSeen).toBe(first);
    expect(await page.getByRole('columnheader', { name: 'turns' }).getAttribute('aria-sort')).toBe('descending');
    await eventually(text).toContain('1 333 of 2 000 rows match');
    expect(page.url()).toBe(address);
  });

  it('keeps few elements however far one scrolls, and steps by keys', async () => {
    await go('c/campaign.demo');
    await eventually(text).toContain('2 000 of 2 000');
    for (let step = 0; step < 12; step += 1) {
      await page.locator('.grid-scroll').evaluate((element) => element.scrollTo(0, element.scrollHeight));
      await page.waitForTimeout(60);
    }
    expect(await page.getByRole('row').count()).toBeLessThan(100);
    await page.keyboard.press('j');
    await page.keyboard.press('x');
    await eventually(() => page.url()).toContain('picked=');
  });
});

describe('freshness', () => {
  it('behaviour 13: says how old it is; a failed poll empties nothing, and after three intervals it is stale', async () => {
    await page.clock.install();
    await go('campaigns/demo');
    await eventually(text).toContain('tasks at the same time');
    await eventually(ageState).toBe('fresh');
    server.broken.add('live/campaigns/demo/status.json');
    await page.clock.runFor(3000);
    await eventually(ageState).toBe('failed');
    expect(await page.locator('.age-text').innerText()).toContain('the ledger is locked');
    expect(await text()).toContain('tasks at the same time');
    await page.clock.runFor(6000);
    await eventually(ageState).toBe('stale');
    expect(await text()).toContain('tasks at the same time');
    server.broken.clear();
    await page.clock.runFor(3000);
    await eventually(ageState).toBe('fresh');
  });

  it('behaviour 15: a slow answer for one thing never stands under the name of another', async () => {
    server.live.set('campaigns/other/status.json', campaignView({ endings: { other_ending: 5 } }));
    const gate = Promise.withResolvers<void>();
    server.held.set('live/campaigns/demo/status.json', gate.promise);
    await go('campaigns/demo');
    await page.waitForTimeout(200);
    await go('campaigns/other');
    await eventually(text).toContain('other_ending');
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
    await eventually(text).toMatch(/model\s+7:1\d/);
  });

  it('behaviour 17: each number of the funnel leads to the rows that it counts', async () => {
    await go('campaigns/demo/funnel');
    for (const stage of ['generated', 'verified', 'filtered', 'scanned', 'released']) {
      await page.getByRole('heading', { name: stage }).waitFor();
    }
    await page.getByRole('link', { name: '40 rows: dropped by no_patch' }).click();
    const dropped = rows.filter(({ rule }) => rule === 'no_patch').length;
    await eventually(text).toContain(`${dropped} of 2 000 rows match`);
    expect(page.url()).toContain('rule=no_patch');
  });

  it('behaviour 6: rollouts of a task stand side by side from where they part, and their final changes are compared', async () => {
    await go('campaigns/demo/tasks/owner__repo-00001');
    await eventually(text).toContain('they part at turn 3');
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
    await eventually(text).toContain('4 of 2 000 rows match');
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

  it('behaviour 19: is not there where the server is read only', async () => {
    server.site.steering = false;
    await go('campaigns/demo');
    await eventually(text).toContain('tasks at the same time');
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

describe('for everyone', () => {
  it.each(['light', 'dark'] as const)('behaviour 25: axe finds nothing serious on any page in %s colours', async (colorScheme) => {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.setViewportSize({ width: 1280, height: 500 });
    // What repeats itself is looked at a few times, and not hundreds.
    server.rows = rows.slice(0, 8);
    server.live.set('campaigns/demo/grid.json', grid(8));
    const found: string[] = [];
    for (const place of places) {
      await go(place);
      await page.waitForTimeout(250);
      await eventually(async () => await page.locator('[aria-busy=true]').count()).toBe(0);
      const axe = new AxeBuilder({ page });
      // Colours are all that is otherwise in the dark.
      const { violations } = await (colorScheme === 'dark' ? axe.withRules(['color-contrast']) : axe).analyze();
      for (const { id, impact, nodes } of violations) {
        if (impact === 'serious' || impact === 'critical') found.push(`${place}: ${id} ${nodes[0]?.html}`);
      }
    }
    expect(found).toEqual([]);
  });

  it('behaviour 25: at twice the size no page is wider than the screen, and keys alone reach what is there', async () => {
    // 200 % of a window of 1280 pixels leaves 640 of the page's own.
    await page.setViewportSize({ width: 640, height: 400 });
    for (const place of places) {
      await go(place);
      await page.waitForTimeout(150);
      expect([place, await widthOf()]).toEqual([place, 640]);
    }
    await go('campaigns');
    await page.getByRole('link', { name: 'demo' }).focus();
    await page.keyboard.press('Enter');
    await eventually(async () => await page.locator(':focus').evaluate((element) => element.tagName)).toBe('H1');
    expect(await page.title()).toBe('Campaign demo – home of the test');
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
    await eventually(text).toContain('<img src=x onerror=alert(1)>⟨U+202E⟩gpj.⟨U+200B⟩');
    await go('campaigns/demo');
    await eventually(text).toContain('<img src=x onerror=alert(1)>⟨U+202E⟩gpj.⟨U+200B⟩');
    expect(await widthOf()).toBe(1280);
    expect(await page.locator('img').count()).toBe(0);
  });
});

/** Machines that do much else need more than the second that a poll has by itself. */
function eventually<T>(read: () => T | Promise<T>) {
  return expect.poll(read, { timeout: 15_000 });
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
