import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { openLocalLedger } from '../../activities/ledger/local/local-ledger.ts';
import { demoCampaignName } from '../../demo/demo-campaign.ts';
import { paths } from '../../platform/home.ts';
import { RolloutStage } from '../../schemas/rollout-detail.ts';
import { changeCampaign, type DemoRun, prepareDemoRun, startDemoRun } from '../e2e/demo-run.ts';
import { TestHome } from '../e2e/test-home.ts';
import { openBrowser, type WatchedBrowser } from './browser/open-browser.ts';
import { seriousOn } from './browser/serious-on.ts';
import { type ServedPages, startPages } from './served-pages.ts';

const task = 'tracemill-demo__timespan-2.3.1';
const followed = `${demoCampaignName}/${task}/openhands/think/0`;
const bothSchemes = ['dark', 'light'] as const;
const patient = { timeout: 90_000, interval: 100 };

let home: TestHome;
let run: DemoRun;
let pages: ServedPages;
let browser: WatchedBrowser;

/** A real campaign of one rollout, whose teacher is slow enough to be watched; nothing of it runs yet. */
beforeAll(async () => {
  home = new TestHome('live-pages');
  [run, browser] = await Promise.all([prepareDemoRun({ tasks: [task], latencyMs: 400 }), openBrowser()]);
  const { harnesses, modes } = { harnesses: { openhands: { max_turns: 24 } }, modes: { think: 'minimax' } };
  changeCampaign(run, { harnesses, modes, verification: { gate_runs: 1 }, release: { build: false } });
  pages = await startPages(home);
});

afterAll(async () => {
  await browser?.close();
  await pages?.close();
  await run?.teacher.close();
  await home.remove();
});

/** Changes the campaign by its page, as a person would. */
async function steer(page: Page, button: string, reason: string): Promise<void> {
  await page.getByRole('button', { name: `${button}…` }).click();
  await page.locator('dialog textarea').fill(reason);
  await page.getByRole('button', { name: 'Do it', exact: true }).click();
  await expect.poll(async () => await page.locator('dialog [role=status]').textContent(), patient).toContain('Done.');
  await page.getByRole('button', { name: 'Close' }).click();
}

/** Notes each text that an element has had, from now on. */
async function note(page: Page, selector: string): Promise<() => Promise<string[]>> {
  await page.evaluate(`globalThis.noted = new Set();
    setInterval(() => document.querySelectorAll(${JSON.stringify(selector)}).forEach(({ textContent }) => noted.add(textContent)), 50)`);
  return async () => z.array(z.string()).parse(await page.evaluate('[...globalThis.noted]'));
}

describe('a campaign that runs', () => {
  it('behaviours 14, 19 and 25: is seen from before its start to its verdicts, and steered', async () => {
    const open = async (place: string) => await browser.open(`${pages.url}#/${place}`);
    const campaign = await open(`campaigns/${demoCampaignName}`);
    const main = async () => await campaign.page.locator('main').innerText();
    // What is not there yet is called so by name, and comes by itself.
    await expect.poll(main, patient).toContain('no campaign called demo');
    await home.startWorker();
    await startDemoRun(home, run);
    await expect.poll(main, patient).toContain('0 of 1');
    // The browser notes each 404 of the time before.
    campaign.errors.length = 0;

    const grid = await open(`campaigns/${demoCampaignName}/grid`);
    const cells = await note(grid.page, '[role=cell] .state');
    await steer(campaign.page, 'Pause', 'a look before the first turn');
    await expect.poll(async () => await campaign.page.locator('.facts .state').first().innerText(), patient).toContain('paused');
    const rollout = await open(`c/campaign.${demoCampaignName}/r/${encodeURIComponent(followed)}`);
    const now = await note(rollout.page, '.run-now');
    await steer(campaign.page, 'Resume', 'it looks right');
    expect(await seriousOn(campaign.page, bothSchemes)).toEqual([]);

    const facts = async () => await rollout.page.locator('.run-facts').innerText();
    await expect.poll(async () => await rollout.page.locator('.turn').count(), patient).toBeGreaterThan(1);
    expect(await rollout.page.title()).toBe(`${task} · openhands · think · 0 – Tracemill`);
    expect(await facts()).toContain('no verdict');
    await expect.poll(main, patient).toMatch(/openhands · think · 0\s+(model|tool)\s+\d:\d\d/);
    await expect.poll(facts, patient).toMatch(/^resolved[\s\S]*fate: kept/);
    expect(await rollout.page.locator('aside').innerText()).toContain('Tests behind the verdict (');
    expect(await rollout.page.locator('.run-now').count()).toBe(0);
    const waited = await now();
    expect(waited).toContainEqual(expect.stringMatching(/rollout\s*waits for (model|tool) for \d:\d\d/));
    expect(waited.filter((text) => text.includes('not known'))).toEqual([]);

    await expect.poll(main, patient).toContain('1 of 1');
    await expect.poll(cells, patient).toContainEqual(expect.stringContaining('decided · kept · resolved'));
    const stages = (await cells()).map((text) => text.replace(/^\S /, '')).filter((text) => !text.startsWith('decided'));
    expect(stages).toContain('rollout');
    expect(stages.filter((stage) => !RolloutStage.safeParse(stage).success)).toEqual([]);

    await campaign.page.goto(`${pages.url}#/campaigns/${demoCampaignName}/audit`);
    const lines = async () => await campaign.page.locator('main tbody tr').allInnerTexts();
    await expect.poll(lines, patient).toEqual([expect.stringContaining('it looks right'), expect.stringContaining('a look before')]);
    await campaign.page.goto(`${pages.url}#/campaigns`);
    const ledger = openLocalLedger(paths.ledger());
    const { planned, open: undecided, kept, resolved, dropped, lost } = (await ledger.campaignFunnel(demoCampaignName)).total;
    await ledger.close();
    const numbers = [planned, undecided, kept, resolved, dropped, lost].map(String);
    const shown = async () => (await campaign.page.locator('main tbody td.number').allInnerTexts()).slice(0, numbers.length);
    await expect.poll(shown, patient).toEqual(numbers);

    expect(await seriousOn(rollout.page, bothSchemes)).toEqual([]);
    expect(await seriousOn(grid.page, bothSchemes)).toEqual([]);
    for (const place of [`c/campaign.${demoCampaignName}`, `campaigns/${demoCampaignName}/tasks/${task}`]) {
      await grid.page.goto(`${pages.url}#/${place}`);
      await expect.poll(async () => await grid.page.locator('main').innerText(), patient).toContain('resolved');
      expect(await seriousOn(grid.page, bothSchemes)).toEqual([]);
    }
    for (const watched of [campaign, rollout, grid]) await watched.expectNothingForeign();
  }, 240_000);
});
