import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TranscriptHead, TurnView } from '../../../schemas/transcript.ts';
import { TranscriptBuilder } from '../../../web/model/transcript/builder.ts';
import { type RawTurn, textPart } from '../../../web/model/transcript/raw-turn.ts';
import type { ViewSource } from '../../../web/server/view-source.ts';
import { type ServedPages, servePages } from './served-page.ts';

/** A rollout that grows when it is told to, and whose server can fail or be slow. */
class GrowingRun {
  #builder = new TranscriptBuilder();
  #chunks: TurnView[][] = [];
  #again = 0;
  readonly #name: string;
  failing = false;
  waitMs = 0;

  constructor(name: string) {
    this.#name = name;
  }

  grow(turns: number, gapMs = 1000): void {
    for (let more = 0; more < turns; more += 1) {
      const turn = this.#builder.turns;
      const at = 1_700_000_000_000 + turn * 1000 + (turn >= 20 ? gapMs : 0);
      const parts = [
        textPart('reply', '', `${this.#name}${'\u2032'.repeat(this.#again)} turn ${turn}`),
        textPart('result', '', 'line\n'.repeat(8)),
      ];
      const raw: RawTurn = { kind: 'turn', turn, at, prompt_tokens: 1, completion_tokens: 1, latency_ms: 5, parts };
      this.#place(raw);
    }
  }

  #place(raw: RawTurn): void {
    const { chunk, view } = this.#builder.add(raw);
    this.#chunks[chunk] = [...(this.#chunks[chunk] ?? []), view];
  }

  /** Things that happened around it; the last failed where it says so. */
  note(names: readonly string[], failed = false): void {
    for (const [at, name] of names.entries()) {
      const parts = [{ ...textPart('note', name, `${name} ${at}`), failed: failed && at === names.length - 1 }];
      this.#place({ kind: 'note', turn: null, at: null, prompt_tokens: null, completion_tokens: null, latency_ms: null, parts });
    }
  }

  /** As a rollout that another version runs from its start. */
  beginAgain(): void {
    this.#builder = new TranscriptBuilder();
    this.#chunks = [];
    this.#again += 1;
  }

  async head(): Promise<TranscriptHead> {
    if (this.waitMs > 0) await new Promise((resolve) => setTimeout(resolve, this.waitMs));
    if (this.failing) throw new Error('no');
    const unknown = { facts: [], ending: null, resolved: null, tests: [], decisions: [], fate: null, patch: null, unread: [] };
    return this.#builder.head({
      ...unknown,
      id: this.#name,
      title: this.#name,
      open: true,
      again: this.#again,
      version: `${this.#again}.${this.#builder.turns}`,
    });
  }

  source = {
    head: async () => await this.head(),
    index: async (page: number) => this.#builder.index(page),
    chunk: async (chunk: number) => {
      const turns = this.#chunks[chunk];
      return turns === undefined ? undefined : { chunk, turns };
    },
    blob: async () => undefined,
  };
}

const runs = new Map([
  ['a', new GrowingRun('a')],
  ['b', new GrowingRun('b')],
  ['c', new GrowingRun('c')],
  ['d', new GrowingRun('d')],
]);
const run = (name: string): GrowingRun => runs.get(name) ?? new GrowingRun(name);

const source: ViewSource = {
  site: async () => ({ kind: 'files', title: 'runs', tracemill: '0', steering: false, collections: [], limits: [] }),
  rows: async () => undefined,
  transcript: async (_collection, row) => runs.get(row)?.source,
};

let pages: ServedPages;
beforeAll(async () => {
  run('a').grow(60, 2 * 3_600_000);
  run('b').grow(30);
  run('c').grow(15);
  run('d').grow(2);
  run('d').note(['container_created', 'resumed', 'resumed', 'model_retry', 'resumed', 'resumed', 'resumed']);
  run('d').note(['context_full'], true);
  run('d').grow(1);
  pages = await servePages(source);
});
afterAll(async () => {
  await pages?.close();
});

const patient = { timeout: 15_000 };

describe('the page of a rollout that goes on', () => {
  it('behaviour 12: never moves the reader, counts what came, and follows only at the end', async () => {
    const { page, problems } = await pages.open('x', 'a', '?turn=10');
    const list = page.locator('.turns');
    await page.waitForTimeout(600);
    const before = await list.evaluate((node) => node.scrollTop);
    run('a').grow(12);
    await expect.poll(() => page.locator('.new-turns').textContent(), patient).toBe('12 new turns ↓');
    expect(await list.evaluate((node) => node.scrollTop)).toBe(before);
    expect(await page.locator('.turn.selected .seq').textContent()).toBe('#10');
    await page.locator('.new-turns').click();
    await page.waitForSelector('.turn:has-text("a turn 71")');
    await page.waitForTimeout(600);
    await list.hover();
    await page.mouse.wheel(0, 5000);
    await page.waitForTimeout(300);
    run('a').grow(3);
    await page.waitForSelector('.turn:has-text("a turn 74")', patient);
    expect(await page.locator('.new-turns').count()).toBe(0);
    expect(problems).toEqual([]);
    await page.close();
  });

  it('behaviour 13: says how old what is shown is, and a failed poll empties nothing', async () => {
    const { page } = await pages.open('x', 'b', '?turn=5');
    await expect.poll(() => page.locator('.age').textContent(), patient).toMatch(/^open, read /);
    run('b').failing = true;
    await expect.poll(() => page.locator('.age.stale').textContent(), patient).toMatch(/^stale: read \d.* ago/);
    expect(await page.locator('.turn:has-text("b turn 5")').count()).toBe(1);
    run('b').failing = false;
    await expect.poll(() => page.locator('.age').textContent(), patient).toMatch(/^open, read /);
    await page.close();
  });

  it('behaviour 15: never paints a slow answer of one run over another', async () => {
    const { page } = await pages.open('x', 'b');
    run('a').waitMs = 1500;
    await page.goto(`${pages.url}#/c/x/r/a`);
    await page.goto(`${pages.url}#/c/x/r/b?turn=3`);
    await page.waitForSelector('.turn:has-text("b turn 3")');
    await page.waitForTimeout(2000);
    expect(await page.locator('h1').last().textContent()).toBe('b');
    expect(await page.locator('.turn:has-text("a turn")').count()).toBe(0);
    run('a').waitMs = 0;
    await page.close();
  });

  it('shows the turns of a rollout that was begun again, and none of those before', async () => {
    const { page } = await pages.open('x', 'c', '?turn=14');
    await page.waitForSelector('.turn.selected:has-text("c turn 14")');
    run('c').beginAgain();
    run('c').grow(6);
    await page.waitForSelector('.turn.selected:has-text("c\u2032 turn 5")', patient);
    expect(await page.locator('.said').textContent()).toContain('begun again');
    expect(await page.locator('.turn:has-text("c turn")').count()).toBe(0);
    await page.close();
  });

  it('behaviour 16: folds notes as a group that clicks, keys, addresses and finding open, and no failure', async () => {
    const { page, problems } = await pages.open('x', 'd', '?turn=0');
    const group = page.locator('.turn.group');
    await page.waitForSelector('.turn:has-text("d turn 10")');
    expect(await group.textContent()).toBe('7 notes #2 to #8: container_created, resumed, model_retry');
    const shown = async () => await page.locator('.turn .seq').allTextContents();
    expect(await shown()).toEqual(['#0', '#1', '#9', '#10']);
    await group.getByRole('button').click();
    await expect.poll(shown).toEqual(expect.arrayContaining(['#1', '#2', '#3']));
    await group.getByRole('button').click();
    await expect.poll(shown).toEqual(['#0', '#1', '#9', '#10']);
    for (const key of ['g', 'j', 'j']) await page.keyboard.press(key);
    await page.waitForSelector('.turn.group.selected');
    await page.keyboard.press('o');
    await page.waitForSelector('.turn.selected:has-text("container_created 0")');
    await page.keyboard.press('j');
    await page.waitForSelector('.turn.selected:has-text("resumed 1")');
    await page.keyboard.press('o');
    await page.keyboard.press('j');
    await page.waitForSelector('.turn.selected.failed:has-text("context_full")');
    await page.keyboard.press('k');
    await page.waitForSelector('.turn.group.selected');
    await page.keyboard.press('/');
    await page.keyboard.type('model_retry 3');
    await page.waitForSelector('.turn.selected:has-text("model_retry 3")');
    await page.goto(`${pages.url}#/c/x/r/d?turn=4`);
    await page.reload();
    await page.waitForSelector('.turn.selected:has-text("resumed 2")');
    expect(problems).toEqual([]);
    await page.close();
  });

  it('behaviour 16: draws a long idle time short, with its length, and can be zoomed', async () => {
    const { page } = await pages.open('x', 'a', '?turn=30');
    await expect.poll(() => page.locator('.gap-words').textContent(), patient).toBe('2 h');
    const strip = page.locator('.timeline svg');
    expect(await strip.getAttribute('aria-label')).toContain('idle: 2 h');
    await page.getByLabel('zoom in on the strip').click();
    await expect.poll(() => page.locator('.timeline .zoom').textContent()).toContain('by time, ×2');
    await strip.click({ position: { x: 3, y: 20 } });
    await expect.poll(() => new URL(page.url()).hash).not.toContain('turn=30');
    await page.close();
  });
});
