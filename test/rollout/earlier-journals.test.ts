import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { HarnessTemplates } from '../../schemas/templates.ts';
import { earlierScripts } from './earlier-scripts.ts';
import { attempt, newJournalPath, openhands, sweagent } from './rollout.ts';

const Plan = z.object({ settings: z.record(z.string(), z.unknown()), templates: HarnessTemplates });
const folder = join(import.meta.dirname, 'fixtures', 'journals');

/** A rollout in mid-way as Tracemill 0.1.0 left it: its journal, and what the campaign's plan holds of its harness. */
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
});
