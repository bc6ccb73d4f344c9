import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MockActivityEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { localStore } from '../../activities/artifacts/local-store.ts';
import { getJson, putJson } from '../../activities/artifacts/store.ts';
import { openLocalLedger } from '../../activities/ledger/local/local-ledger.ts';
import { cellsOf } from '../../activities/planning/cells.ts';
import { planCampaign } from '../../activities/planning/plan-campaign.ts';
import { PlanReader } from '../../activities/planning/plan-reader.ts';
import { createRolloutActivities } from '../../activities/rollout/activities.ts';
import { type Agent, assistantMessage } from '../../activities/rollout/agent.ts';
import { defineHarness } from '../../activities/rollout/define-harness.ts';
import type { RolloutInput } from '../../schemas/activity-inputs.ts';
import { RolloutResult } from '../../schemas/rollout-result.ts';
import type { Task } from '../../schemas/task.ts';
import { Trajectory } from '../../schemas/trajectory.ts';
import { planningNeeds } from '../../workers/planning-needs.ts';
import { Rig } from '../model/rig.ts';
import { docker } from '../sandbox/containers.ts';
import { makeTaskImage } from '../sandbox/task-image.ts';
import { scratchFolder } from '../scratch-folder.ts';

const Settings = z.strictObject({
  max_turns: z.int().default(9),
  greeting: z.string().default('Hello.'),
  templates: z.string().optional(),
});

/** One tool, one text, and a plain answer ends it. */
const agent: Agent<z.infer<typeof Settings>> = {
  tools: (say) => [
    {
      type: 'function',
      function: { name: 'sh', description: say('tool', {}), parameters: { type: 'object', properties: { line: { type: 'string' } } } },
    },
  ],
  begin: ({ assignment, settings, say }) => ({
    opening: [{ role: 'user', content: say('task', { ...assignment, greeting: settings.greeting }) }],
    limitReached: ({ exchanges }) => (exchanges < settings.max_turns ? null : { kind: 'turn_limit', status: 'out of turns', detail: '' }),
    async answer(reply, hands) {
      const messages = [assistantMessage(reply)];
      const [call] = reply.tool_calls;
      if (call === undefined) return { kind: 'end', messages, errors: [], ending: { kind: 'finished', status: 'answered', detail: '' } };
      const { line } = z.object({ line: z.string() }).parse(JSON.parse(call.function.arguments));
      const waiting = { noChangeMs: null, timeMs: 10_000 };
      const { result } = await hands.shell({ kind: 'command', command: line, waiting, atTimeLimit: 'interrupt' });
      return { kind: 'next', messages: [...messages, { role: 'tool', tool_call_id: call.id, content: result.output }], errors: [] };
    },
    modelEnded: ({ detail }) => ({ kind: 'model_refused', status: 'refused', detail }),
    close: (ending, patch) => ({ ending, model_patch: patch }),
  }),
};

const turns = [
  { text: 'I look.', calls: [{ tool: 'sh', arguments: { line: 'cat a.txt' } }] },
  { text: 'I write.', calls: [{ tool: 'sh', arguments: { line: 'echo three >> a.txt' } }] },
  { text: 'All done.' },
];
const tag = `tracemill-test/third-harness:${process.pid}`;
let rig: Rig;
let task: Task;

beforeAll(async () => {
  [rig, task] = await Promise.all([Rig.start(turns), makeTaskImage(tag)]);
});
afterAll(async () => {
  await rig.end();
  await docker.getImage(tag).remove({ force: true });
});

describe('a harness that only a catalogue names', () => {
  it('is planned by its schema and texts, and runs to a trajectory and its patch', async () => {
    const folder = scratchFolder('third-harness');
    mkdirSync(join(folder, 'texts'));
    writeFileSync(join(folder, 'texts', 'task.njk'), '{{ greeting }} {{ problem_statement }}\n');
    writeFileSync(join(folder, 'texts', 'tool.njk'), 'Runs a line.\n');
    const tiny = defineHarness({
      name: 'tiny-1',
      version: 1,
      settings: Settings,
      texts: {
        folders: [join(folder, 'texts')],
        samples: { task: { greeting: 'text', problem_statement: 'text' }, tool: {} },
        file: { endings: [], description: 'nothing else', read: () => Promise.reject(new Error('no such form')) },
      },
      facts: { lastCall: 'none', concurrentCalls: false, overlookedArguments: [], machinery: [] },
      agent,
    });
    const campaign = {
      name: `third-${process.pid}`,
      tasks: ['tasks.jsonl'],
      harnesses: { 'tiny-1': { greeting: 'Good day.' } },
      modes: { think: 'scripted' },
      teachers: { scripted: { model: 'scripted', base_url: rig.teacher.url } },
      sandbox: { memory_mb: 256 },
    };
    writeFileSync(join(folder, 'tasks.jsonl'), `${JSON.stringify(task)}\n`);
    writeFileSync(join(folder, 'campaign.yaml'), JSON.stringify(campaign));

    const store = localStore(join(folder, 'store'));
    const ledger = openLocalLedger(join(folder, 'ledger.sqlite'));
    const plan = await planCampaign(join(folder, 'campaign.yaml'), store, { ...planningNeeds, harnesses: [tiny] });
    expect(plan.campaign.harnesses).toEqual({ 'tiny-1': { max_turns: 9, greeting: 'Good day.' } });
    const [cell] = cellsOf(plan.campaign);
    const [planned] = plan.tasks;
    if (cell === undefined || planned === undefined) throw new Error('nothing was planned');

    const activities = createRolloutActivities({
      harnesses: [tiny],
      docker,
      store,
      ledger,
      plans: new PlanReader(store),
      gateway: rig.gateway,
      journals: rig.journals,
    });
    const inspected = await docker.getImage(tag).inspect();
    const image = {
      image_id: inspected.Id,
      tag,
      source: { name: tag, id: inspected.Id, digest: null },
      base_commit: task.base_commit,
      workdir: '/widget',
      shell: 'bash' as const,
      removed: { refs: 0, tags: 0, commits: 0, objects: 0, remotes: 0, reflog_entries: 0 },
      reset_files: [],
      excluded_files: 0,
      other_repositories: [],
    };
    const input = { campaign: campaign.name, plan: await putJson(store, plan), task: planned.task, cell, image };
    const run = async () =>
      RolloutResult.parse(
        await new MockActivityEnvironment({ attempt: 1 }).run((cellInput: RolloutInput) => activities.rollout(cellInput), input),
      );
    const result = await run();
    expect(result).toMatchObject({ ending: 'finished', turns: 3, empty_patch: false });
    const trajectory = await getJson(store, result.trajectory, Trajectory);
    expect(trajectory.key.harness).toBe('tiny-1');
    expect(trajectory.tools.map(({ function: { name, description } }) => [name, description])).toEqual([['sh', 'Runs a line.']]);
    expect(trajectory.messages.map(({ role, content }) => [role, content])).toEqual([
      ['user', 'Good day. It fails.'],
      ['assistant', 'I look.'],
      ['tool', 'one\ntwo\n'],
      ['assistant', 'I write.'],
      ['tool', ''],
      ['assistant', 'All done.'],
    ]);
    expect(trajectory.model_patch).toContain('+three\n');
    const { asked } = rig;
    expect(await run()).toEqual(result);
    expect(rig.asked).toBe(asked);
    await ledger.close();
  });
});
