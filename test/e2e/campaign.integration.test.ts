import { randomBytes } from 'node:crypto';
import { readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { CampaignStatus } from '../../schemas/campaign-status.ts';
import type { LiveDetail } from '../../schemas/live-detail.ts';
import { openLocalLedger } from '../../activities/ledger/local/local-ledger.ts';
import { demoCampaignName } from '../../demo/demo-campaign.ts';
import { type FoundRow, rowsOf } from '../../demo/final-table.ts';
import { paths } from '../../platform/home.ts';
import { askedTwice } from '../../demo/scripted-teacher/request-log.ts';
import type { TeacherScript } from '../../schemas/teacher-script.ts';
import { demoEnd, demoRelease, type DemoRun, prepareDemoRun, smallTasks, startDemoRun } from './demo-run.ts';
import { contentsOfContainer, filesWith } from './find-text.ts';
import { readJournals, repeatedWork } from './journals.ts';
import { type CommandResult, TestHome } from './test-home.ts';

const key = { variable: 'TEACHER_KEY', value: `sk-${randomBytes(16).toString('hex')}` };

let home: TestHome;
let run: DemoRun;
let started: unknown;
let live: { task: string; detail: LiveDetail };
/** What the container of a rollout under way holds, by place. */
let inContainer: Map<string, string>;
let status: CampaignStatus;

/**
 * The first answer of every rollout fails once with the key in the error message; a rollout that loops takes its time,
 * so that there is a container to look into.
 */
function echoKey(scripts: TeacherScript[]): TeacherScript[] {
  return scripts.map(({ turns: [first, ...others], ...script }) => {
    if (first === undefined) throw new Error(`script ${script.name} has no turn`);
    const misbehave = [{ kind: 'server_error', attempts: 1, status: 500, code: 'server_error', message: 'bad', echo_key: true } as const];
    return { ...script, turns: [{ ...first, misbehave }, ...others], ...(script.name.endsWith('loops') && { latency_ms: 600 }) };
  });
}

beforeAll(async () => {
  home = new TestHome('e2e');
  run = await prepareDemoRun({ tasks: smallTasks, key, latencyMs: 150, rewrite: echoKey });
  await home.startWorker({ [key.variable]: key.value });
  started = await startDemoRun(home, run);
  live = await firstLive();
  inContainer = await lookIntoContainer();
  status = await demoEnd();
}, 900_000);

afterAll(async () => {
  await run?.teacher.close();
  await home.remove();
});

/** A campaign of another name, whose teacher is not there. */
async function startElsewhere(): Promise<CommandResult> {
  const file = join(paths.state(), 'elsewhere.yaml');
  const text = readFileSync(run.campaignFile, 'utf8')
    .replace('name: demo', 'name: elsewhere')
    .replaceAll(run.teacher.url, 'http://127.0.0.1:9/v1');
  writeFileSync(file, text);
  return await home.run('campaign', 'start', file, '--json');
}

/** Asks after each task until a rollout of it is under way and has spoken with the teacher. */
async function firstLive(): Promise<typeof live> {
  for (;;) {
    for (const task of smallTasks) {
      const { exitCode, stdout } = await home.run('task', 'show', demoCampaignName, task, '--json');
      const detail: LiveDetail | undefined = exitCode === 0 ? JSON.parse(stdout) : undefined;
      if (detail?.rollouts.some((rollout) => (rollout.live?.turn ?? 0) >= 2)) return { task, detail };
    }
    await sleep(100);
  }
}

/** Rollouts under way may end, and their containers with them, while one looks. */
async function lookIntoContainer(): Promise<typeof inContainer> {
  for (;;) {
    for (const { id } of await home.containers('rollout')) {
      const contents = await contentsOfContainer(home.engine.container(id)).catch(() => null);
      if (contents?.has('/tmp/steps.log') === true) return contents;
    }
    await sleep(100);
  }
}

async function foundRows(): Promise<FoundRow[]> {
  const ledger = openLocalLedger(paths.ledger());
  try {
    return await rowsOf(ledger, demoCampaignName);
  } finally {
    await ledger.close();
  }
}

describe('a campaign from its file to its release', () => {
  it('begins when its teachers do what it needs of them, and says what that cost', () => {
    expect(started).toMatchObject({
      result: 'started',
      teacher_checks: [
        {
          teacher: 'minimax',
          mode: 'think',
          problem: null,
          passed: expect.arrayContaining(['tool call', 'reasoning', 'replayed reasoning']),
        },
        { teacher: 'qwen', mode: 'no_think', problem: null, passed: expect.arrayContaining(['tool call', 'no reasoning']), requests: 1 },
      ],
    });
    expect(status.progress?.teacher_checks?.[0]?.cost_usd).toBeGreaterThan(0);
  });

  it('is refused by its worker when they do not, before anything is on record', async () => {
    const refused = await startElsewhere();
    expect(refused.exitCode).toBe(4);
    expect(JSON.parse(refused.stderr.trim().split('\n').at(-1) ?? '')).toMatchObject({
      error: {
        code: 'endpoint_unreachable',
        message: expect.stringContaining('teacher minimax: '),
        hint: expect.stringContaining('--no-check'),
      },
    });
    const listed = z.array(z.object({ campaign: z.string() })).parse(await home.ask('campaign', 'list'));
    expect(listed.map(({ campaign }) => campaign)).toEqual([demoCampaignName]);
  });

  it('runs every rollout of both harnesses and modes to its end', () => {
    expect(status).toMatchObject({
      workflow: 'completed',
      progress: { state: 'done', counts: { done: 3, failed: 0 } },
      funnel: { total: { planned: 12, open: 0, lost: 0, gated_out: 0 } },
    });
  });

  it('gives every rollout the fate that its script leads to', async () => {
    const rows = await foundRows();
    const fates = rows.map(({ task, harness, mode, fate, resolved }) => `${task} ${harness} ${mode}: ${fate}, ${resolved}`);
    const [timespan, fieldscan, armor] = smallTasks;
    expect(fates.sort()).toEqual(
      [
        `${timespan} openhands think: kept, 1`,
        `${timespan} openhands no_think: kept, 1`,
        `${timespan} sweagent think: kept, 1`,
        `${timespan} sweagent no_think: dropped: git_hack, 1`,
        `${fieldscan} openhands think: kept, 1`,
        `${fieldscan} openhands no_think: kept, 0`,
        `${fieldscan} sweagent think: kept, 1`,
        `${fieldscan} sweagent no_think: kept, 1`,
        `${armor} openhands think: dropped: malformed_calls, 1`,
        `${armor} openhands no_think: kept, 1`,
        `${armor} sweagent think: dropped: limits, 0`,
        `${armor} sweagent no_think: kept, 1`,
      ].sort(),
    );
  });

  it('shows turns and tokens of its rollouts while they run', () => {
    expect(live.detail).toMatchObject({ campaign: demoCampaignName, instance_id: live.task, stage: 'rollouts' });
    expect(live.detail.rollouts).toHaveLength(4);
    const counts = live.detail.rollouts.map((rollout) => rollout.live ?? rollout.usage);
    expect(counts.some(({ prompt_tokens, completion_tokens }) => prompt_tokens > 1000 && completion_tokens > 10)).toBe(true);
  });

  it('asks the teacher once for every turn and carries out every command once', () => {
    const log = run.teacher.log();
    expect(log.filter(({ event }) => event === 'misbehaved')).toHaveLength(12);
    expect(askedTwice(log)).toEqual([]);
    expect(repeatedWork(readJournals())).toEqual([]);
  });

  it('leaves no container behind', async () => {
    expect(await home.containers()).toEqual([]);
  });

  it('builds a release that DuckDB reads', async () => {
    const database = await DuckDBInstance.create(':memory:');
    const connection = await database.connect();
    const shards = join(demoRelease(), 'data', '**', '*.parquet');
    const kept = await connection.runAndReadAll(
      'SELECT language, resolved, count(*)::INT, bool_and(len(trajectory) > 4) FROM read_parquet($shards) GROUP BY ALL ORDER BY ALL',
      { shards },
    );
    expect(kept.getRows()).toEqual([
      ['c', 0, 1, true],
      ['c', 1, 5, true],
      ['js', 1, 3, true],
    ]);
    database.closeSync();
  });

  it('explains every row', async () => {
    const rows = (await foundRows()).filter(({ harness, fate }) => harness === 'sweagent' || fate !== 'kept');
    for (const { id, fate } of rows) {
      const { stdout } = await home.run('why', id);
      expect(stdout).toContain(fate === 'kept' ? '→ kept' : `→ dropped by ${fate.replace('dropped: ', '')}`);
    }
  });

  it('is done when it is started again', async () => {
    expect(await home.ask('campaign', 'start', run.campaignFile)).toMatchObject({ result: 'done' });
  });
});

describe('the key of a teacher', () => {
  it('is nowhere in the container of a rollout: configuration, processes, files', () => {
    expect(inContainer.get('/tmp/steps.log')).toContain('step 1');
    expect([...inContainer.keys()].filter((place) => place.startsWith('/proc/')).length).toBeGreaterThan(2);
    expect([...inContainer].filter(([, content]) => content.includes(key.value)).map(([place]) => place)).toEqual([]);
  });

  it('is in the environment of the worker alone', async () => {
    const environment = (pid: number) => readFileSync(`/proc/${pid}/environ`, 'utf8');
    expect(environment((await home.living('worker')).pid)).toContain(key.value);
    for (const name of ['gateway', 'temporal']) {
      const { pid } = await home.living(name);
      expect(readlinkSync(`/proc/${pid}/exe`)).not.toBe('');
      expect(environment(pid)).not.toContain(key.value);
    }
  });

  it('is in no file: journals, logs, server, store, ledger, release', async () => {
    const everywhere = await filesWith('tracemill-demo__timespan-2.3.1', home.folder);
    const parts = [/^ledger\.sqlite/, /^journals\//, /^store\//, /^state\/temporal/, /^releases\/.*parquet$/, /^releases\/.*ledger/];
    expect(parts.filter((part) => !everywhere.some((path) => part.test(path)))).toEqual([]);
    expect(await filesWith('[secret]', join(home.folder, 'journals'))).toHaveLength(12);
    expect(await filesWith(key.value, home.folder)).toEqual([]);
  });
});
