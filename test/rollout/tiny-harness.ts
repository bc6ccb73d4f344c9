import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MockActivityEnvironment } from '@temporalio/testing';
import { z } from 'zod';
import { localStore } from '../../activities/artifacts/local-store.ts';
import { type ArtifactStore, getJson, putJson } from '../../activities/artifacts/store.ts';
import type { Ledger } from '../../activities/ledger/ledger.ts';
import { openLocalLedger } from '../../activities/ledger/local/local-ledger.ts';
import { cellsOf } from '../../activities/planning/cells.ts';
import { readCampaignFile } from '../../activities/planning/campaign-file.ts';
import { planCampaign } from '../../activities/planning/plan-campaign.ts';
import { PlanReader } from '../../activities/planning/plan-reader.ts';
import { createRolloutActivities } from '../../activities/rollout/activities.ts';
import { type Agent, assistantMessage } from '../../activities/rollout/agent.ts';
import { defineHarness } from '../../activities/rollout/define-harness.ts';
import type { Harness } from '../../activities/rollout/harness.ts';
import type { RolloutInput } from '../../schemas/activity-inputs.ts';
import type { CampaignPlan } from '../../schemas/campaign-plan.ts';
import type { RolloutKey } from '../../schemas/names.ts';
import { RolloutResult } from '../../schemas/rollout-result.ts';
import type { Task } from '../../schemas/task.ts';
import { Trajectory } from '../../schemas/trajectory.ts';
import { planningNeeds } from '../../workers/planning-needs.ts';
import type { Rig } from '../model/rig.ts';
import { engine } from '../sandbox/containers.ts';

const Settings = z.strictObject({
  max_turns: z.int().default(9),
  greeting: z.string().default('Hello.'),
  templates: z.string().optional(),
});

interface TinyOptions {
  version?: number;
  /** How the one tool is described to the model. */
  tool?: string;
  /** Reply, from 0, at which the process dies: the reply is journalled and its command is not carried out. */
  diesAt?: number;
}

/** A harness with one tool and one text, which a reply without a call ends. `folder` holds its templates. */
export function tinyHarness(folder: string, { version = 1, tool = 'Runs a line.', diesAt }: TinyOptions = {}): Harness {
  const templates = join(folder, 'texts');
  mkdirSync(templates, { recursive: true });
  writeFileSync(join(templates, 'task.njk'), '{{ greeting }} {{ problem_statement }}\n');
  const parameters = { type: 'object', properties: { line: { type: 'string' } } };
  const agent: Agent<z.infer<typeof Settings>> = {
    tools: () => [{ type: 'function', function: { name: 'sh', description: tool, parameters } }],
    begin({ assignment, settings, say }) {
      let replies = 0;
      return {
        opening: [{ role: 'user', content: say('task', { ...assignment, greeting: settings.greeting }) }],
        limitReached: ({ exchanges }) =>
          exchanges < settings.max_turns ? null : { kind: 'turn_limit', status: 'out of turns', detail: '' },
        async answer(reply, hands) {
          if (replies === diesAt) throw new Error('the process died');
          replies += 1;
          const messages = [assistantMessage(reply)];
          const [call] = reply.tool_calls;
          if (call === undefined)
            return { kind: 'end', messages, errors: [], ending: { kind: 'finished', status: 'answered', detail: '' } };
          const { line } = z.object({ line: z.string() }).parse(JSON.parse(call.function.arguments));
          const waiting = { noChangeMs: null, timeMs: 10_000 };
          const { result } = await hands.shell({ kind: 'command', command: line, waiting, atTimeLimit: 'interrupt' });
          return { kind: 'next', messages: [...messages, { role: 'tool', tool_call_id: call.id, content: result.output }], errors: [] };
        },
        modelEnded: ({ detail }) => ({ kind: 'model_refused', status: 'refused', detail }),
        close: (ending, patch) => ({ ending, model_patch: patch }),
      };
    },
  };
  return defineHarness({
    name: 'tiny-1',
    version,
    settings: Settings,
    texts: {
      folders: [templates],
      samples: { task: { greeting: 'text', problem_statement: 'text' } },
      file: { endings: [], description: 'nothing else', read: () => Promise.reject(new Error('no such form')) },
    },
    facts: { lastCall: 'none', concurrentCalls: false, overlookedArguments: [], machinery: [] },
    loadAgent: () => Promise.resolve(agent),
  });
}

/** What the model says to the tiny harness: a look at a file, a change of it, an answer. */
export const tinyTurns = [
  { text: 'I look.', calls: [{ tool: 'sh', arguments: { line: 'cat a.txt' } }] },
  { text: 'I write.', calls: [{ tool: 'sh', arguments: { line: 'echo three >> a.txt' } }] },
  { text: 'All done.' },
];

/** Campaigns over one task whose image is there, with every activity of the rollout stage, in a folder. */
export class Workplace {
  readonly store: ArtifactStore;
  readonly #folder: string;
  readonly #rig: Rig;
  readonly #task: Task;
  readonly #ledger: Ledger;

  constructor(folder: string, rig: Rig, task: Task) {
    this.#folder = folder;
    this.#rig = rig;
    this.#task = task;
    this.store = localStore(join(folder, 'store'));
    this.#ledger = openLocalLedger(join(folder, 'ledger.sqlite'));
  }

  /** Plans a campaign of the one harness; `more` goes into its file. */
  async plan(harness: Harness, more: object = {}): Promise<CampaignPlan> {
    const campaign = {
      name: `tiny-${process.pid}`,
      tasks: ['tasks.jsonl'],
      harnesses: { [harness.name]: { greeting: 'Good day.' } },
      modes: { think: 'scripted' },
      teachers: { scripted: { model: 'scripted', base_url: this.#rig.teacher.url } },
      sandbox: { memory_mb: 256 },
      ...more,
    };
    const file = join(this.#folder, 'campaign.yaml');
    writeFileSync(join(this.#folder, 'tasks.jsonl'), `${JSON.stringify(this.#task)}\n`);
    writeFileSync(file, JSON.stringify(campaign));
    const needs = { ...planningNeeds, harnesses: [harness] };
    return planCampaign(await readCampaignFile(file, needs.harnesses), this.store, needs);
  }

  /** One attempt of Tracemill `version` at the rollout with that sample number. */
  async attempt(plan: CampaignPlan, harness: Harness, { sample = 0, version = '0.2.0' } = {}): Promise<RolloutResult> {
    const cell = cellsOf(plan.campaign).find((candidate) => candidate.sample === sample);
    const [planned] = plan.tasks;
    if (cell === undefined || planned === undefined) throw new Error('it was not planned');
    const activities = createRolloutActivities({
      harnesses: [harness],
      engine,
      store: this.store,
      ledger: this.#ledger,
      plans: new PlanReader(this.store),
      gateway: this.#rig.gateway,
      journals: this.#rig.journals,
      version,
    });
    const id = (await engine.findImage(this.#task.image_name))?.id ?? '';
    const image = {
      image_id: id,
      tag: this.#task.image_name,
      source: { name: this.#task.image_name, id, digest: null },
      base_commit: this.#task.base_commit,
      workdir: '/widget',
      shell: 'bash' as const,
      removed: { refs: 0, tags: 0, commits: 0, objects: 0, remotes: 0, reflog_entries: 0 },
      reset_files: [],
      excluded_files: 0,
      other_repositories: [],
    };
    const input = { campaign: plan.campaign.name, plan: await putJson(this.store, plan), task: planned.task, cell, image };
    const environment = new MockActivityEnvironment({ attempt: 1 });
    return RolloutResult.parse(await environment.run((cellInput: RolloutInput) => activities.rollout(cellInput), input));
  }

  trajectory({ trajectory }: RolloutResult): Promise<Trajectory> {
    return getJson(this.store, trajectory, Trajectory);
  }

  key(sample = 0): RolloutKey {
    return { campaign: `tiny-${process.pid}`, instance_id: this.#task.instance_id, harness: 'tiny-1', mode: 'think', sample };
  }

  async close(): Promise<void> {
    await this.#ledger.close();
  }
}
