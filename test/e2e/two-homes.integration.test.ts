import { readdirSync } from 'node:fs';
import type { Client } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { localStore } from '../../activities/artifacts/local-store.ts';
import { withClient } from '../../client/connect.ts';
import { ensureTemporal } from '../../infra/temporal.ts';
import { paths } from '../../platform/home.ts';
import { hostName } from '../../workers/host-name.ts';
import { campaignWorkflowId, sharedQueue } from '../../workflows/contract/ids.ts';
import { changeCampaign, type DemoRun, endOf, prepareDemoRun } from './demo-run.ts';
import { TestHome } from './test-home.ts';

interface Site {
  home: TestHome;
  run: DemoRun;
  campaign: string;
  task: string;
}

const Listed = z.array(z.object({ campaign: z.string(), planned: z.number(), open: z.number(), lost: z.number() }));

let a: Site;
let b: Site;

beforeAll(async () => {
  a = await open('alpha', 'tracemill-demo__timespan-2.3.1');
  // The second home works with the server of the first.
  vi.stubEnv('TEMPORAL_ADDRESS', (await ensureTemporal()).address);
  b = await open('beta', 'tracemill-demo__armor32-0.4.1');
  for (const { home, run } of [a, b]) {
    home.enter();
    await home.ask('campaign', 'start', run.campaignFile);
  }
  await Promise.all([ended(a), ended(b)]);
}, 600_000);

afterAll(async () => {
  for (const site of [b, a]) {
    await site?.run.teacher.close();
    site?.home.enter();
    await site?.home.remove();
  }
  vi.unstubAllEnvs();
});

/** A home with a worker and a campaign file of one task. */
async function open(campaign: string, task: string): Promise<Site> {
  const home = new TestHome(campaign);
  const run = await prepareDemoRun({ tasks: [task] });
  changeCampaign(run, { name: campaign });
  await home.startWorker();
  return { home, run, campaign, task };
}

async function ended({ home, campaign }: Site): Promise<void> {
  await endOf(campaignWorkflowId(campaign));
  home.enter();
  expect(await home.ask('campaign', 'status', campaign)).toMatchObject({ workflow: 'completed' });
}

async function within<T>({ home }: Site, work: () => Promise<T>): Promise<T> {
  home.enter();
  return await work();
}

/** Who took the tasks of each workflow on the server: workflow id → queue, and the identities of workers. */
async function takers(client: Client): Promise<Map<string, { queue: string; identities: string[] }>> {
  const found = new Map<string, { queue: string; identities: string[] }>();
  for await (const { workflowId, runId, taskQueue } of client.workflow.list()) {
    const { events } = await client.workflow.getHandle(workflowId, runId).fetchHistory();
    const identities = (events ?? []).flatMap(
      ({ activityTaskStartedEventAttributes: activity, workflowTaskStartedEventAttributes: task }) =>
        [activity?.identity, task?.identity].flatMap((identity) => (typeof identity === 'string' && identity !== '' ? [identity] : [])),
    );
    found.set(workflowId, { queue: taskQueue, identities: [...new Set(identities)] });
  }
  return found;
}

describe('two homes with different campaigns on one namespace of one server', () => {
  it('both finish, each with its own tasks alone', async () => {
    for (const site of [a, b]) {
      const listed = await within(site, async () => Listed.parse(await site.home.ask('campaign', 'list')));
      expect(listed).toEqual([expect.objectContaining({ campaign: site.campaign, planned: 4, open: 0, lost: 0 })]);
      const journals = await within(site, async () => readdirSync(paths.journals()));
      expect(journals).toEqual([site.campaign]);
    }
  });

  it('never took a task of the other: neither workflow nor activity', async () => {
    const workers: Record<string, { queue: string; host: string }> = {};
    for (const site of [a, b]) {
      workers[site.campaign] = await within(site, async () => ({
        queue: sharedQueue(await localStore(paths.store()).id()),
        host: hostName(),
      }));
    }
    const found = await withClient(takers);
    const named = ({ campaign, task }: Site) => [`campaign/${campaign}`, `pr/${campaign}/${task}`, `release/${campaign}/v1`];
    expect([...found.keys()].sort()).toEqual([...named(a), ...named(b)].sort());
    for (const [id, { queue, identities }] of found) {
      const own = workers[id.split('/')[1] ?? ''];
      expect({ id, queue }).toEqual({ id, queue: own?.queue });
      expect(identities.length).toBeGreaterThan(0);
      expect(identities.filter((identity) => identity.split(':')[0] !== own?.host)).toEqual([]);
    }
  });

  it('cannot start a campaign under the name of the other’s, and have nothing of it on record', async () => {
    changeCampaign(b.run, { name: a.campaign });
    const refused = await within(b, () => b.home.run('campaign', 'start', b.run.campaignFile, '--json'));
    expect(refused.exitCode).not.toBe(0);
    expect(JSON.parse(refused.stderr)).toMatchObject({
      error: { code: 'campaign_of_another_store', hint: expect.stringContaining('name') },
    });
    const listed = await within(b, async () => Listed.parse(await b.home.ask('campaign', 'list')));
    expect(listed.map(({ campaign }) => campaign)).toEqual([b.campaign]);
  });
});
