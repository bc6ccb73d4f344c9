import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { messageOf } from '../../schemas/problem.ts';
import { HarnessTemplates } from '../../schemas/templates.ts';
import { earlierScripts } from './earlier-scripts.ts';
import { attempt, newJournalPath, openhands, sweagent } from './rollout.ts';

const Plan = z.object({ settings: z.record(z.string(), z.unknown()), templates: HarnessTemplates });
const folder = join(import.meta.dirname, 'fixtures', 'journals');

/**
 * An unfinished rollout as Tracemill 0.1.0 left it: its journal, and what the campaign's plan holds of its harness. Where a change
 * of a harness makes these tests fail, its requests have changed: its version goes up, and its journal here is made again.
 */
function earlier(name: string) {
  const path = newJournalPath();
  copyFileSync(join(folder, `${name}.jsonl`), path);
  const plan = Plan.parse(JSON.parse(readFileSync(join(folder, `${name}.plan.json`), 'utf8')));
  return { path, script: earlierScripts[name] ?? [], ...plan };
}

describe.each([
  { name: 'openhands', choose: openhands, exchanges: 6 },
  { name: 'sweagent', choose: sweagent, exchanges: 4 },
])('a rollout of $name that an earlier version began', ({ name, choose, exchanges }) => {
  it('goes on from its journal with the texts of its plan, and asks for nothing twice', async () => {
    const { path, script, settings, templates } = earlier(name);
    const { trajectory, session } = await attempt(choose(settings), script, { path, templates });
    expect(session.asked.map(({ exchange }) => exchange)).toEqual(script.map((_, index) => index).slice(exchanges));
    expect(trajectory.ending.kind).toBe('finished');
    expect(trajectory).toEqual((await attempt(choose(settings), script, { templates })).trajectory);
  });

  it('is refused by name where requests would differ, without a request or a written byte', async () => {
    const { path, script, settings, templates } = earlier(name);
    const before = readFileSync(path, 'utf8');
    const { harness } = choose();
    const refusal = async (attempted: Promise<unknown>) => {
      const refused = await attempted.catch((error: unknown) => error);
      expect(refused).toMatchObject({ code: 'rollout_changed', hint: expect.stringContaining('on_change: restart') });
      expect(readFileSync(path, 'utf8')).toBe(before);
      return messageOf(refused);
    };
    const { version } = harness;
    const later = { harness: { ...harness, version: version + 1 }, settings };
    expect(await refusal(attempt(later, script, { path, templates }))).toBe(
      `c/owner__name-1/${name}/think/0 was begun by Tracemill 0.1.0 with version ${version} of ${name}, this is Tracemill 0.2.0 with version ${version + 1}: its requests may differ`,
    );
    const reworded = { ...templates, texts: { ...templates.texts, system: 'Other words.' } };
    const others = 'settings, templates or teacher are others now';
    expect(await refusal(attempt(choose(settings), script, { path, templates: reworded }))).toContain(others);
    expect(await refusal(attempt(choose({ ...settings, max_turns: 3 }), script, { path, templates }))).toContain(others);
  });
});
