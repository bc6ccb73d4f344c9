import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Hono } from 'hono';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { localStore } from '../../../activities/artifacts/local-store.ts';
import type { ArtifactStore } from '../../../activities/artifacts/store.ts';
import { putJson } from '../../../activities/artifacts/store.ts';
import { encodeEntry, journalPath } from '../../../activities/journal/journal.ts';
import type { Ledger } from '../../../activities/ledger/ledger.ts';
import { openLocalLedger } from '../../../activities/ledger/local/local-ledger.ts';
import { Redactor } from '../../../platform/redactor.ts';
import { CampaignPlan } from '../../../schemas/campaign-plan.ts';
import type { JournalEntry } from '../../../schemas/journal-entry.ts';
import { rolloutId } from '../../../schemas/rollout-id.ts';
import { viewApp } from '../../../web/server/app.ts';
import { openView } from '../../../web/server/files/open-view.ts';
import { type HomeSource, openHome } from '../../../web/server/live/home-source.ts';
import { liveRoutes } from '../../../web/server/live/live-routes.ts';
import { OpenStages } from '../../../web/server/live/open-stages.ts';
import { TemporalLink } from '../../../web/server/live/temporal-link.ts';
import { auditRoute, steeringRoutes } from '../../../web/server/steering/steering-routes.ts';
import { seededRecord } from '../../evaluation/seeded-record.ts';
import { decided, keyOf, planned } from '../../ledger/records.ts';

const secrets = {
  token: 'tok-0f9e8d7c6b5a49382716',
  teacherKey: 'sk-live-3b1c9d55e0aa4f7788',
  temporalKey: 'tmprl_9a8b7c6d5e4f3a2b1c',
  password: 'pw-Zq7/rT+91xLm',
};
const variables: Record<string, string> = {
  TRACEMILL_TEST_TEACHER_KEY: secrets.teacherKey,
  TEMPORAL_ADDRESS: '127.0.0.1:9',
  TEMPORAL_API_KEY: secrets.temporalKey,
};
const redactor = new Redactor(Object.values(secrets));
const before = { ...process.env };
const teacherUrl = `https://me:${encodeURIComponent(secrets.password)}@teacher.example/v1`;
const [over, open] = [keyOf(), keyOf({ sample: 1 })];

let home: string;
let ledger: Ledger;
let store: ArtifactStore;
let source: HomeSource;
let live: Hono;
let files: Hono;

/** A home whose worker would have keys: a campaign with a teacher, one rollout decided and one with a journal, an evaluation. */
beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'tracemill-secrets-'));
  Object.assign(process.env, variables, { TRACEMILL_HOME: home });
  ledger = openLocalLedger(join(home, 'ledger.sqlite'));
  store = localStore(join(home, 'store'));
  const teacher = { model: 'Scripted-1.5', base_url: teacherUrl, api_key_env: 'TRACEMILL_TEST_TEACHER_KEY' };
  const campaign = {
    name: 'demo',
    tasks: ['t.jsonl'],
    harnesses: { openhands: {} },
    modes: { think: 'scripted' },
    teachers: { scripted: teacher },
  };
  const plan = await putJson(store, CampaignPlan.parse({ campaign, templates: {}, tasks: [], skipped: [] }));
  await ledger.recordCampaign({ campaign: 'demo', plan });
  await ledger.planTasks([planned('acme__parser-7')]);
  await ledger.planRollouts([over, open].map((key) => ({ key, teacher: 'scripted' })));
  await ledger.recordEntries([decided(over)]);
  const record = seededRecord({ name: 'nightly-20260101', seed: 1, instances: 4 });
  record.model.facts['endpoint'] = teacherUrl;
  await ledger.recordRun({ kind: 'evaluation', name: record.name, record: await putJson(store, record), recorded_at: record.ended_at });
  const journals = join(home, 'journals');
  const path = journalPath(journals, open);
  mkdirSync(dirname(path), { recursive: true });
  for (const entry of journal) appendFileSync(path, encodeEntry(entry));
  writeFileSync(join(home, 'index.html'), '<!doctype html><title>x</title>');
  const temporal = new TemporalLink();
  source = openHome({ ledger, store }, { journals, steering: true, stages: new OpenStages(temporal) });
  const context = { ledger, store, source, temporal, journals };
  const access = { hosts: new Set(['pages.test']), token: secrets.token };
  live = viewApp(source, home, access, (app) => {
    liveRoutes(app, context);
    auditRoute(app, context);
    steeringRoutes(app, context);
  });
  const run = join(home, 'run.json');
  writeFileSync(
    run,
    JSON.stringify({
      info: {},
      messages: [
        { role: 'user', content: 'fix it' },
        { role: 'assistant', content: 'looking' },
      ],
      trajectory_format: 'mini-swe-agent-1',
    }),
  );
  files = viewApp(await openView([run]), home, access);
});

afterAll(async () => {
  source?.close();
  await ledger?.close();
  rmSync(home, { recursive: true, force: true });
  for (const name of [...Object.keys(variables), 'TRACEMILL_HOME']) {
    if (before[name] === undefined) delete process.env[name];
    else process.env[name] = before[name];
  }
});

const journal: JournalEntry[] = [
  { type: 'begin', at: 1, key: open, base_commit: 'a'.repeat(40), settings_sha256: '', tracemill: '0.1.0', harness_version: 1 },
  {
    type: 'exchange',
    at: 2,
    exchange: 0,
    turn: 0,
    request_sha256: '',
    reply: { content: 'I look at the parser.', tool_calls: [], finish_reason: 'stop', model: 'm' },
    usage: { prompt_tokens: 1, completion_tokens: 1 },
    cost_usd: 0,
    latency_ms: 1,
  },
];

/** What stands for the parts of an address; the name of what a file is about depends on its folder. */
const parts: Record<string, string> = {
  name: 'demo',
  collection: 'campaign.demo',
  row: rolloutId(open),
  page: 'index-0.json',
  chunk: 'chunk-0.json',
  blob: '1-0.txt',
};
const about: Record<string, string> = {
  tasks: 'acme__parser-7',
  rollouts: rolloutId(open),
  evaluations: 'nightly-20260101',
  nightly: 'nightly',
  pipelines: 'student',
  trainings: 'student',
};

/** An address of a route; throws for a part that nothing here stands for, so that a new route is looked at, too. */
function addressOf(route: string): string {
  return route.replace(/:(\w+)(\{[^}]*\})?/g, (part: string, name: string, _shape: string | undefined, at: number) => {
    const folder = route.slice(0, at).split('/').at(-2) ?? '';
    const value = name === 'file' ? about[folder] : parts[name];
    if (value === undefined) throw new Error(`nothing stands for ${part} of ${route}`);
    return encodeURIComponent(name === 'file' ? `${value}.json` : value);
  });
}

/** Status, headers and body of what a route answers to somebody who has the token, and to one who has not. */
async function answersOf(app: Hono, method: string, route: string): Promise<{ asked: string; text: string }[]> {
  const address = addressOf(route);
  const bodies =
    method === 'POST'
      ? [JSON.stringify({ action: 'pause' }), JSON.stringify({ action: { action: 'pause' }, reason: 'a look' }), '{']
      : [undefined];
  const found = [];
  for (const known of [true, false]) {
    for (const body of bodies) {
      for (const path of [
        address,
        address.replace('acme__parser-7', 'nobody').replace('demo', 'other'),
        `${address}?sort=nothing&limit=x&baseline=other`,
      ]) {
        const headers = {
          host: 'pages.test',
          'x-tracemill-change': '1',
          'if-match': '"v"',
          'idempotency-key': 'key-of-the-test',
          ...(known && { authorization: `Bearer ${secrets.token}` }),
        };
        const answer = await app.request(`http://pages.test${path}`, { method, headers, ...(body !== undefined && { body }) });
        found.push({ asked: `${method} ${path}`, text: `${answer.status} ${JSON.stringify([...answer.headers])} ${await answer.text()}` });
      }
    }
  }
  return found;
}

function routesOf(app: Hono): { method: string; path: string }[] {
  return app.routes.filter(({ method }) => method === 'GET' || method === 'POST').filter(({ path }) => !path.endsWith('*'));
}

describe('answers of the server', () => {
  it.each(['live', 'files'] as const)(
    'hold no key, token or password, on no route: %s',
    async (kind) => {
      const app = kind === 'live' ? live : files;
      const answers = [];
      for (const { method, path } of routesOf(app)) answers.push(...(await answersOf(app, method, path)));
      const held = answers
        .filter(({ text }) => redactor.redact(text) !== text)
        .map(({ asked, text }) => `${asked}: ${redactor.redact(text)}`);
      expect(held).toEqual([]);
      // They hold what may be seen, else nothing would be shown by that.
      const all = answers.map(({ text }) => text).join('\n');
      for (const shown of kind === 'live' ? ['Scripted-1.5', 'I look at the parser.', 'acme__parser-7', 'teacher.example'] : ['looking']) {
        expect(all).toContain(shown);
      }
    },
    60_000,
  );
});
