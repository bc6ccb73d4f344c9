import type { Client } from '@temporalio/client';
import { campaignWorkflowId, pullRequestWorkflowId } from '../../../workflows/contract/ids.ts';
import { detailQuery, progressQuery } from '../../../workflows/contract/messages.ts';
import { rolloutId } from '../../../schemas/rollout-id.ts';
import type { TemporalLink } from './temporal-link.ts';

/** Stages of rollouts under way, by row id. */
export interface Stages {
  /** Goes up when a stage changed. */
  version: number;
  of: ReadonlyMap<string, string>;
  /** Stages of the tasks under way, by instance id. */
  tasks: ReadonlyMap<string, string>;
  /** What open rollouts are that are not among them: planned where all that run are known, else just open. */
  others: 'planned' | 'open';
  /** Why they are not known, or not all of them. */
  missing: readonly string[];
}

/** Milliseconds: how old stages may be before they are asked for again, and how long a list waits for those of its first look. */
const oldest = 2000;
const patience = 700;

/** Most tasks that are asked, and how many of them at once; milliseconds that each has. */
const mostTasks = 200;
const atOnce = 8;
const taskPatience = 3000;

/** As long as neither server nor worker said anything. */
export const noStages: Stages = { version: 0, of: new Map(), tasks: new Map(), others: 'open', missing: [] };

interface Known {
  stages: Stages;
  askedAt: number;
  asking: Promise<void> | undefined;
}

/**
 * The stages of rollouts that run, for lists: one look for all readers, asked for behind their backs. A list gets what is known and
 * never waits for a server that does not answer.
 */
export class OpenStages {
  readonly #temporal: Pick<TemporalLink, 'ask'>;
  readonly #known = new Map<string, Known>();

  constructor(temporal: Pick<TemporalLink, 'ask'>) {
    this.#temporal = temporal;
  }

  async of(campaign: string): Promise<Stages> {
    const known = this.#known.get(campaign) ?? { stages: noStages, askedAt: 0, asking: undefined };
    this.#known.set(campaign, known);
    if (known.asking === undefined && Date.now() - known.askedAt >= oldest) {
      known.asking = this.#ask(campaign, known).finally(() => {
        known.askedAt = Date.now();
        known.asking = undefined;
      });
    }
    if (known.stages.version === 0 && known.asking !== undefined) {
      let timer: ReturnType<typeof setTimeout> | undefined;
      const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, patience)));
      await Promise.race([known.asking, late]);
      clearTimeout(timer);
    }
    return known.stages;
  }

  async #ask(campaign: string, known: Known): Promise<void> {
    const missing: string[] = [];
    const found = await this.#temporal.ask(missing, 'at which stage open rollouts are is not known', (client) =>
      stagesOf(client, campaign, missing),
    );
    const before = known.stages;
    const next = { ...(found ?? noStages), missing };
    if (before.version === 0 || textOf(before) !== textOf(next)) known.stages = { ...next, version: before.version + 1 };
  }
}

/** What the workflows of tasks under way say. */
async function stagesOf(client: Client, campaign: string, missing: string[]): Promise<Pick<Stages, 'of' | 'tasks' | 'others'>> {
  const { in_flight, prefetched } = await client.workflow.getHandle(campaignWorkflowId(campaign)).query(progressQuery);
  const under = [...in_flight, ...prefetched];
  if (under.length > mostTasks) missing.push(`the stage of rollouts is told of ${mostTasks} of ${under.length} tasks under way`);
  const asked = under.slice(0, mostTasks);
  const [stages, tasks] = [new Map<string, string>(), new Map<string, string>()];
  let silent = 0;
  const askOn = async () => {
    for (let instance_id = asked.shift(); instance_id !== undefined; instance_id = asked.shift()) {
      try {
        const handle = client.workflow.getHandle(pullRequestWorkflowId(campaign, instance_id));
        const detail = await client.withDeadline(Date.now() + taskPatience, () => handle.query(detailQuery));
        tasks.set(instance_id, detail.stage);
        for (const { cell, stage } of detail.rollouts) {
          const { harness, mode, sample } = cell;
          stages.set(rolloutId({ campaign, instance_id, harness, mode, sample }), stage);
        }
      } catch {
        // One that ended meanwhile, or that no worker answers for: the next look says more.
        silent += 1;
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, askOn));
  if (silent > 0 && silent === under.length)
    missing.push('at which stage open rollouts are is not known: no worker answers for their tasks');
  return { of: stages, tasks, others: silent === 0 && under.length <= mostTasks ? 'planned' : 'open' };
}

function textOf({ of, tasks, others, missing }: Omit<Stages, 'version'>): string {
  const sorted = (map: ReadonlyMap<string, string>) => [...map].sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([sorted(of), sorted(tasks), others, missing]);
}
