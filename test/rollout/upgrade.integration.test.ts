import { existsSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { decodeJournal, journalPath } from '../../activities/journal/journal.ts';
import { journalledSpending } from '../../activities/model/gateway/journalled-spending.ts';
import { rolloutId } from '../../schemas/rollout-id.ts';
import type { Task } from '../../schemas/task.ts';
import { Rig } from '../model/rig.ts';
import { engine } from '../sandbox/containers.ts';
import { makeTaskImage } from '../sandbox/task-image.ts';
import { scratchFolder } from '../scratch-folder.ts';
import { tinyHarness, tinyTurns, Workplace } from './tiny-harness.ts';

const tag = `tracemill-test/upgrade:${process.pid}`;
let rig: Rig;
let task: Task;

beforeAll(async () => {
  task = await makeTaskImage(tag);
});
afterAll(async () => {
  await engine.removeImage(tag, { force: true });
});

/** A rollout that version 0.1.0 began and left behind its second reply. */
async function begun() {
  rig = await Rig.start(tinyTurns);
  const folder = scratchFolder('upgrade');
  const work = new Workplace(folder, rig, task);
  onTestFinished(async () => {
    await work.close();
    await rig.end();
    const left = await engine.listContainers([`tracemill.rollout=${rolloutId(work.key())}`]);
    await Promise.all(left.map(({ id }) => engine.container(id).remove()));
  });
  const plan = await work.plan(tinyHarness(folder));
  await expect(work.attempt(plan, tinyHarness(folder, { diesAt: 1 }), { version: '0.1.0' })).rejects.toThrow('the process died');
  const path = journalPath(rig.journals, work.key());
  return { folder, work, plan, path, journal: () => readFileSync(path, 'utf8') };
}

const changed = { version: 2, tool: 'Runs a line, in other words.' };

describe('a rollout that an earlier version began', () => {
  it('goes on under a later one whose harness is the same', async () => {
    const { folder, work, plan } = await begun();
    expect(await work.attempt(plan, tinyHarness(folder))).toMatchObject({ ending: 'finished', turns: 3 });
    expect(rig.asked).toBe(3);
  });

  it.each([
    ['by its version', changed, /version 1 of tiny-1, this is Tracemill 0\.2\.0 with version 2: its requests may differ/],
    [
      'by its requests',
      { tool: changed.tool },
      /version 1 of tiny-1, this is Tracemill 0\.2\.0 with version 1: .*exchange 0 is journalled with another request/,
    ],
  ])('is refused by name under a harness that differs %s, and goes on under its own', async (_how, options, words) => {
    const { folder, work, plan, journal } = await begun();
    const before = journal();
    const refused = await work.attempt(plan, tinyHarness(folder, options)).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 'rollout_changed', hint: expect.stringContaining('on_change: restart') });
    expect(String(refused)).toContain(`${rolloutId(work.key())} was begun by Tracemill 0.1.0 with`);
    expect(String(refused)).toMatch(words);
    expect(rig.asked).toBe(2);
    // A refusal by requests is found out on the way: nothing but the note of that attempt is added.
    expect(journal().startsWith(before)).toBe(true);
    expect(await work.attempt(plan, tinyHarness(folder), { version: '0.1.0' })).toMatchObject({ ending: 'finished', turns: 3 });
    expect(rig.asked).toBe(3);
  });

  it.each([
    ['by its version', changed],
    ['by its requests', { tool: changed.tool }],
  ])('starts again where the campaign says so and the harness differs %s', async (_how, options) => {
    const { folder, work, path } = await begun();
    const harness = tinyHarness(folder, options);
    const plan = await work.plan(harness, { rollout: { on_change: 'restart' } });
    const result = await work.attempt(plan, harness);
    expect(result).toMatchObject({ ending: 'finished', turns: 3 });
    expect((await work.trajectory(result)).tools[0]?.function.description).toBe(changed.tool);
    const aside = path.replace('.jsonl', '.before-1.jsonl');
    const { entries } = decodeJournal(readFileSync(path), path);
    expect(entries[1]).toMatchObject({ type: 'note', event: 'restarted', detail: expect.stringContaining(basename(aside)) });
    expect(existsSync(aside)).toBe(true);
    // What was paid before the restart still counts.
    expect(rig.asked).toBe(5);
    const exchanges = [path, aside].flatMap((file) =>
      decodeJournal(readFileSync(file), file).entries.filter(({ type }) => type === 'exchange'),
    );
    expect(exchanges).toHaveLength(5);
    const spent = await journalledSpending(rig.journals, work.key().campaign);
    expect(spent).toMatchObject({ exchanges: 5 });
    expect(spent.prompt_tokens).toBeGreaterThan(result.usage.prompt_tokens);
  });

  it('stays as it is once it has ended, whatever changed since', async () => {
    const { folder, work, plan, journal } = await begun();
    const result = await work.attempt(plan, tinyHarness(folder));
    const before = journal();
    const restarting = await work.plan(tinyHarness(folder, changed), {
      rollout: { on_change: 'restart' },
      harnesses: { 'tiny-1': { max_turns: 3 } },
    });
    expect(await work.attempt(restarting, tinyHarness(folder, changed))).toEqual(result);
    expect(journal()).toBe(before);
    expect(rig.asked).toBe(3);
  });
});
