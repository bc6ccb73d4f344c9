import { setTimeout as sleep } from 'node:timers/promises';
import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import type { GatewayStatus } from '../activities/model/gateway/protocol.ts';
import type { Logger } from '../platform/logger.ts';
import type { Budget } from '../schemas/budget.ts';
import { messageOf } from '../schemas/problem.ts';
import type { GatewayPause, HostPauses } from '../schemas/teacher-health.ts';
import { campaignWorkflowId } from '../workflows/contract/ids.ts';
import { budgetQuery, gatewayPausedSignal } from '../workflows/contract/messages.ts';

const everyMs = 3000;
/** A campaign forgets a report that is not repeated, so that no host without a worker holds it up for ever. */
const repeatMs = 5 * 60_000;
const answerMs = 5000;

/** The gateway of this host. */
export interface WatchedGateway {
  /** Undefined when none runs. */
  status(): Promise<Pick<GatewayStatus, 'campaigns'> | undefined>;
  setBudget(campaign: string, budget: Budget): Promise<void>;
}

/** The workflows of running campaigns. */
export interface RunningCampaigns {
  names(): Promise<string[]>;
  /** Undefined when no such campaign runs, or it does not answer for now. */
  budget(campaign: string): Promise<Budget | undefined>;
  report(campaign: string, pauses: HostPauses): Promise<void>;
}

/**
 * Connects the gateway of a host with the campaigns it works for: it reports to campaigns what is held back, when that
 * changes and every few minutes again, and passes changed budgets to the gateway.
 */
export class GatewayWatch {
  readonly #host: string;
  readonly #gateway: WatchedGateway;
  readonly #campaigns: RunningCampaigns;
  /** The last report to each campaign. */
  readonly #reported = new Map<string, { what: string; at: number }>();
  #begun = false;

  constructor(host: string, gateway: WatchedGateway, campaigns: RunningCampaigns) {
    this.#host = host;
    this.#gateway = gateway;
    this.#campaigns = campaigns;
  }

  async look(now: number): Promise<void> {
    if (!this.#begun) {
      // What an earlier worker reported is unknown; it may be over.
      for (const name of await this.#campaigns.names()) this.#reported.set(name, { what: 'unknown', at: 0 });
      this.#begun = true;
    }
    const campaigns = (await this.#gateway.status())?.campaigns ?? [];
    const names = new Set([...campaigns.map(({ campaign }) => campaign), ...this.#reported.keys()]);
    await Promise.all(
      [...names].map((name) =>
        this.#lookAt(
          name,
          campaigns.find(({ campaign }) => campaign === name),
          now,
        ),
      ),
    );
  }

  async #lookAt(campaign: string, seen: GatewayStatus['campaigns'][number] | undefined, now: number): Promise<void> {
    // The gateway remembers campaigns that ended; one that asks for nothing needs no budget.
    const budget = seen === undefined || seen.running === 0 ? undefined : await this.#campaigns.budget(campaign);
    if (seen !== undefined && budget !== undefined && !sameBudget(budget, seen.budget)) {
      await this.#gateway.setBudget(campaign, budget);
      // What waits for it now is seen at the next look.
      return;
    }
    await this.#report(campaign, seen?.pauses ?? [], now);
  }

  async #report(campaign: string, pauses: GatewayPause[], now: number): Promise<void> {
    const what = pauses.map(({ teacher, code, since }) => `${teacher ?? ''} ${code} ${since}`).join('\n');
    const last = this.#reported.get(campaign);
    if (what === (last?.what ?? '') && (what === '' || now - (last?.at ?? 0) < repeatMs)) return;
    await this.#campaigns.report(campaign, { host: this.#host, pauses });
    if (what === '') this.#reported.delete(campaign);
    else this.#reported.set(campaign, { what, at: now });
  }
}

function sameBudget(a: Budget, b: Budget): boolean {
  return a.tokens === b.tokens && a.cost_usd === b.cost_usd;
}

/** Looks every few seconds until stopped. What goes wrong is logged, once while it stays the same, and tried again. */
export function startGatewayWatch({
  host,
  gateway,
  client,
  queue,
  logger,
}: {
  host: string;
  gateway: WatchedGateway;
  client: Client;
  /** The queue of this store's campaigns. */
  queue: string;
  logger: Logger;
}): { stop(): void } {
  const stopped = new AbortController();
  const watch = new GatewayWatch(host, gateway, runningCampaigns(client, queue));
  let trouble = '';
  const run = async () => {
    while (!stopped.signal.aborted) {
      const found = await watch.look(Date.now()).then(() => '', messageOf);
      if (found !== '' && found !== trouble) logger.warn({ error: found }, 'campaigns do not learn yet what the gateway holds back');
      trouble = found;
      await sleep(everyMs, undefined, { signal: stopped.signal, ref: false }).catch(() => undefined);
    }
  };
  void run();
  return { stop: () => stopped.abort() };
}

function runningCampaigns(client: Client, queue: string): RunningCampaigns {
  const handleOf = (campaign: string) => client.workflow.getHandle(campaignWorkflowId(campaign));
  return {
    async names() {
      const names: string[] = [];
      const query = `WorkflowType = 'campaign' AND ExecutionStatus = 'Running' AND TaskQueue = '${queue}'`;
      for await (const { workflowId } of client.workflow.list({ query })) names.push(workflowId.slice(campaignWorkflowId('').length));
      return names;
    },
    async budget(campaign) {
      try {
        return await client.withDeadline(Date.now() + answerMs, () => handleOf(campaign).query(budgetQuery));
      } catch {
        // It is asked again at the next look. What is held back must be reported anyway.
        return undefined;
      }
    },
    async report(campaign, pauses) {
      try {
        await handleOf(campaign).signal(gatewayPausedSignal, pauses);
      } catch (error) {
        // It has ended and needs no report.
        if (!(error instanceof WorkflowNotFoundError)) throw error;
      }
    },
  };
}
