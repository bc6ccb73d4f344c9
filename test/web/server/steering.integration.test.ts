import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openLocalLedger } from '../../../activities/ledger/local/local-ledger.ts';
import type { ArtifactStore } from '../../../activities/artifacts/store.ts';
import { localStore } from '../../../activities/artifacts/local-store.ts';
import type { Ledger } from '../../../activities/ledger/ledger.ts';
import { storeOfQueue } from '../../../workflows/contract/ids.ts';
import { viewApp } from '../../../web/server/app.ts';
import { openHome } from '../../../web/server/live/home-source.ts';
import { liveRoutes } from '../../../web/server/live/live-routes.ts';
import { serve, type Serving } from '../../../web/server/serve.ts';
import { auditRoute, steeringRoutes } from '../../../web/server/steering/steering-routes.ts';
import { keyOf, planned } from '../../ledger/records.ts';
import { WorkflowRig, until } from '../../workflows/world.ts';

const homeBefore = process.env['TRACEMILL_HOME'];
let rig: WorkflowRig;
let home: string;
let ledger: Ledger;
let steering: Serving;
let readOnly: Serving;

beforeAll(async () => {
  // With the bundle that the home in use has already.
  rig = await WorkflowRig.open();
  home = mkdtempSync(join(tmpdir(), 'tracemill-steering-'));
  process.env['TRACEMILL_HOME'] = home;
  writeFileSync(join(home, 'index.html'), '<!doctype html><title>x</title>');
  ledger = openLocalLedger(join(home, 'ledger.sqlite'));
  const client = rig.environment.client;
  const run = rig.campaign('steered', 3, 1);
  await ledger.recordCampaign({ campaign: 'steered', plan: run.plan });
  await ledger.planTasks([planned('acme__parser-7', { campaign: 'steered' })]);
  await ledger.planRollouts([{ key: keyOf({ campaign: 'steered' }), teacher: 'scripted' }]);
  rig.world.waiting = true;
  await rig.start(run);
  await until(async () => rig.world.atOnce > 0);
  const described = await client.workflow.getHandle('campaign/steered').describe();
  const store: ArtifactStore = { ...bare(localStore(join(home, 'store'))), id: async () => storeOfQueue(described.taskQueue) ?? '' };
  const source = openHome({ ledger, store }, { journals: join(home, 'journals'), steering: true });
  const ask = async <T>(_missing: string[], _what: string, work: (given: typeof client) => Promise<T>) => await work(client);
  const context = { ledger, store, source, temporal: { client: async () => client, ask }, journals: join(home, 'journals') };
  const open = async (steers: boolean) =>
    await serve({ host: '127.0.0.1', port: 0, token: null }, (access) =>
      viewApp(source, home, access, (app) => {
        liveRoutes(app, context);
        auditRoute(app, context);
        if (steers) steeringRoutes(app, context);
      }),
    );
  steering = await open(true);
  readOnly = await open(false);
});

afterAll(async () => {
  rig.world.waiting = false;
  await rig.environment.client.workflow
    .getHandle('campaign/steered')
    .terminate('the test is over')
    .catch(() => undefined);
  await Promise.all([steering.close(), readOnly.close()]);
  await ledger.close();
  await rig.close();
  rmSync(home, { recursive: true, force: true });
  if (homeBefore === undefined) delete process.env['TRACEMILL_HOME'];
  else process.env['TRACEMILL_HOME'] = homeBefore;
});

/** Methods of a class do not survive a spread. */
function bare(store: ArtifactStore): ArtifactStore {
  return {
    id: () => store.id(),
    put: (bytes, type) => store.put(bytes, type),
    get: (ref) => store.get(ref),
    getPacked: (ref) => store.getPacked(ref),
    has: (ref) => store.has(ref),
    verify: (ref) => store.verify(ref),
    location: (ref) => store.location(ref),
  };
}

async function post(server: Serving, path: string, body: unknown, headers: Record<string, string> = {}) {
  const answer = await fetch(new URL(`data/live/campaigns/${path}`, server.url), {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json', 'x-tracemill-change': '1', ...headers },
  });
  const text = await answer.text();
  const data: Record<string, unknown> = text.startsWith('{') ? JSON.parse(text) : { text };
  return { status: answer.status, data };
}

const audit = () => readFileSync(join(home, 'audit.jsonl'), 'utf8').trimEnd().split('\n');

describe('behaviour 19: steering', () => {
  it('says in numbers what a change would do, and changes nothing by that', async () => {
    const preview = await post(steering, 'steered/preview', { action: 'concurrency', concurrency: 3 });
    expect(preview).toMatchObject({
      status: 200,
      data: { refused: null, effects: ['tasks at once: 1 → 3', '1 task under way; up to 2 more may begin now'] },
    });
    const again = await post(steering, 'steered/preview', { action: 'resume' });
    expect(again.data).toMatchObject({ refused: 'the campaign is not paused but running', version: preview.data['version'] });
  });

  it('carries a change out once a key, with a reason, and writes who, why, before and after', async () => {
    const { data } = await post(steering, 'steered/preview', { action: 'pause' });
    const headers = { 'if-match': String(data['version']), 'idempotency-key': 'key-of-the-pause' };
    const request = { action: { action: 'pause' }, reason: 'the registry is down' };
    const [first, second] = await Promise.all([
      post(steering, 'steered/steer', request, headers),
      post(steering, 'steered/steer', request, headers),
    ]);
    expect(first).toMatchObject({ status: 200, data: { applied: true } });
    expect(second).toEqual(first);
    expect(await post(steering, 'steered/steer', request, headers)).toEqual(first);
    expect(audit()).toHaveLength(2);
    const shown = await fetch(new URL('data/live/campaigns/steered/audit.json', readOnly.url));
    expect(await shown.json()).toMatchObject({
      missing: [],
      lines: [
        {
          campaign: 'steered',
          who: 'page on this machine',
          action: 'pause',
          reason: 'the registry is down',
          before: 'running, 1 task at once, budget $10, no limit in tokens',
          after: 'paused, 1 task at once, budget $10, no limit in tokens',
        },
      ],
    });
    const other = await post(steering, 'steered/steer', { ...request, action: { action: 'resume' } }, headers);
    expect(other).toMatchObject({ status: 409, data: { error: { code: 'key_reused' } } });
  });

  it('refuses a change of what is no longer as it was previewed, and shows how it is now', async () => {
    const { data } = await post(steering, 'steered/preview', { action: 'budget', cost_usd: 20 });
    const ask = (key: string) =>
      post(
        steering,
        'steered/steer',
        { action: { action: 'budget', cost_usd: 20 }, reason: 'more tasks' },
        { 'if-match': String(data['version']), 'idempotency-key': key },
      );
    expect(await ask('budget-first')).toMatchObject({ status: 200, data: { applied: true } });
    const late = await ask('budget-second');
    expect(late.status).toBe(412);
    expect(late.data['version']).not.toBe(data['version']);
    expect(late.data['effects']).toContain('budget: $20, no limit in tokens → $20, no limit in tokens');
  });

  it('needs a reason, a version, a key and the header of the pages', async () => {
    const request = { action: { action: 'abort' }, reason: 'why not' };
    const headers = { 'if-match': 'x', 'idempotency-key': 'some-key-of-mine' };
    const before = audit().length;
    for (const [body, given, status] of [
      [{ ...request, reason: '  ' }, headers, 400],
      [request, { 'if-match': 'x' }, 400],
      [request, { 'idempotency-key': 'some-key-of-mine' }, 400],
      [request, { ...headers, 'x-tracemill-change': '0' }, 403],
      [request, { ...headers, origin: 'http://evil.example' }, 403],
      [{ ...request, action: { action: 'explode' } }, headers, 400],
      [request, headers, 412],
    ] as const) {
      expect((await post(steering, 'steered/steer', body, given)).status).toBe(status);
    }
    expect((await post(steering, 'unheard/preview', { action: 'pause' })).status).toBe(404);
    expect(audit()).toHaveLength(before);
  });

  it('is not there on a server that only shows', async () => {
    for (const path of ['steered/preview', 'steered/steer']) {
      expect((await post(readOnly, path, { action: 'pause' })).status).toBe(404);
    }
  });
});

describe('the campaign of a page', () => {
  it('comes with its version, what it waits for and since when', async () => {
    const answer = await fetch(new URL('data/live/campaigns/steered/status.json', readOnly.url));
    expect(await answer.json()).toMatchObject({
      collection: 'campaign.steered',
      status: { workflow: 'running', progress: { in_flight: ['o__r-0'] } },
      waiting: expect.arrayContaining([expect.objectContaining({ instance_id: 'o__r-0', waiting_for: expect.any(String) })]),
    });
    const etag = answer.headers.get('etag') ?? '';
    expect(etag).not.toBe('');
  });
});
