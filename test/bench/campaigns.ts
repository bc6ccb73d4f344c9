import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { defaultPayloadConverter } from '@temporalio/common';
import { stringify } from 'yaml';
import type { z } from 'zod';
import { withClient } from '../../client/connect.ts';
import { readCampaignFile } from '../../activities/planning/campaign-file.ts';
import { awaitPlan, startCampaign } from '../../client/start-campaign.ts';
import { home } from '../../platform/home.ts';
import { type Campaign, Cell } from '../../schemas/campaign.ts';
import { rolloutId } from '../../schemas/rollout-id.ts';
import { planningNeeds } from '../../workers/planning-needs.ts';
import { campaignWorkflowId, pullRequestWorkflowId } from '../../workflows/contract/ids.ts';
import { abortUpdate } from '../../workflows/contract/messages.ts';
import type { Workplace } from './workplace.ts';

/** Which rollouts of the one task a campaign holds. */
export interface CampaignShape {
  name: string;
  harnesses: ('openhands' | 'sweagent')[];
  modes: ('think' | 'no_think')[];
  samples: number;
  /** Model name, by which the teacher chooses its script. */
  model: string;
}

export async function startBenchCampaign({ store, sample }: Workplace, teacherUrl: string, shape: CampaignShape): Promise<void> {
  const folder = join(home(), 'bench');
  mkdirSync(folder, { recursive: true });
  const tasks = join(folder, 'tasks.jsonl');
  writeFileSync(tasks, `${JSON.stringify(sample.task)}\n`);
  const file = join(folder, `${shape.name}.yaml`);
  const campaign: z.input<typeof Campaign> = {
    name: shape.name,
    tasks: [tasks],
    harnesses: Object.fromEntries(shape.harnesses.map((harness) => [harness, {}])),
    modes: Object.fromEntries(shape.modes.map((mode) => [mode, 'scripted'])),
    teachers: { scripted: { model: shape.model, base_url: teacherUrl, concurrency: 1000, idle_timeout_seconds: 3600 } },
    samples: shape.samples,
    sandbox: { memory_mb: 256, cpus: 1, pids: 100 },
    verification: { gate_runs: 1 },
    release: { build: false },
  };
  writeFileSync(file, stringify(campaign));
  const read = await readCampaignFile(file, planningNeeds.harnesses);
  await withClient(async (client) => {
    await startCampaign(client, await store.id(), read);
    await awaitPlan(client, shape.name, { silenceMs: 60_000 });
  });
}

/** Waits until the campaign has ended, with any result. */
export async function campaignEnd(name: string): Promise<void> {
  await withClient(async (client) => {
    const handle = client.workflow.getHandle(campaignWorkflowId(name));
    while ((await handle.describe()).status.name === 'RUNNING') await sleep(200);
  });
}

export async function abortBenchCampaign(name: string): Promise<void> {
  await withClient((client) => client.workflow.getHandle(campaignWorkflowId(name)).executeUpdate(abortUpdate, { args: ['measured'] }));
}

/** When the server scheduled each rollout of the campaign: rollout id → milliseconds since 1970. */
export async function scheduledTimes(name: string, instanceId: string): Promise<Map<string, number>> {
  return await withClient(async (client) => {
    const { events } = await client.workflow.getHandle(pullRequestWorkflowId(name, instanceId)).fetchHistory();
    const times = (events ?? []).flatMap(({ activityTaskScheduledEventAttributes: scheduled, eventTime }) => {
      const payload = scheduled?.input?.payloads?.[0];
      if (scheduled?.activityType?.name !== 'rollout' || payload === undefined) return [];
      const { harness, mode, sample } = Cell.parse(cellIn(defaultPayloadConverter.fromPayload(payload)));
      const at = Number(eventTime?.seconds ?? 0) * 1000 + Number(eventTime?.nanos ?? 0) / 1e6;
      return [[rolloutId({ campaign: name, instance_id: instanceId, harness, mode, sample }), at] as const];
    });
    return new Map(times);
  });
}

function cellIn(input: unknown): unknown {
  return typeof input === 'object' && input !== null && 'cell' in input ? input.cell : undefined;
}
