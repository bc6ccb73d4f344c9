import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openLocalLedger } from '../../activities/ledger/local/local-ledger.ts';
import { demoCampaignName } from '../../demo/demo-campaign.ts';
import { type FoundRow, rowsOf } from '../../demo/final-table.ts';
import { callsSha256 } from '../../demo/scripted-teacher/compose-reply.ts';
import type { Chaos } from '../../demo/scripted-teacher/misbehave.ts';
import { askedTwice, ofRollouts } from '../../demo/scripted-teacher/request-log.ts';
import { paths } from '../../platform/home.ts';
import type { CampaignStatus } from '../../schemas/campaign-status.ts';
import { rolloutId } from '../../schemas/rollout-id.ts';
import type { TeacherLogEntry } from '../../schemas/teacher-log.ts';
import { TeacherQuirk } from '../../schemas/teacher-quirk.ts';
import type { Misbehaviour, ScriptedCall, ScriptedTurn, TeacherScript } from '../../schemas/teacher-script.ts';
import { changeCampaign, demoEnd, type DemoRun, prepareDemoRun, smallTasks, startDemoRun } from '../e2e/demo-run.ts';
import { entriesOf, readJournals, repeatedWork } from '../e2e/journals.ts';
import { TestHome } from '../e2e/test-home.ts';

/** `ODD_TEACHER_SEED` repeats a run. */
const seed = process.env['ODD_TEACHER_SEED'] ?? String(Date.now() % 1_000_000);

/** Every answer is odd in several ways, and one of four attempts fails in one. */
const chaos: Chaos = {
  seed,
  quirks: 0.2,
  probabilities: {
    error_in_200: 0.08,
    cut_stream: 0.04,
    bad_json: 0.04,
    missing_finish: 0.04,
    missing_usage: 0.05,
    server_error: 0.03,
    rate_limited: 0.03,
    dropped_connection: 0.03,
  },
  maxAttempts: 2,
  tokensPerSecond: 1000,
};

let home: TestHome;
let run: DemoRun;
let started: unknown;
let status: CampaignStatus;
let rows: FoundRow[];
let log: TeacherLogEntry[];

/** Where the second sample of each rollout ends: the answer to its third turn. */
const lastTurn = 2;

/** The same work for a strict server; half of the rollouts end as their server, in one of many wordings, does not take them any further. */
function odd(scripts: TeacherScript[]): TeacherScript[] {
  return scripts.flatMap((script, place) => {
    const turns = withoutBrokenArguments(script.match.harness === 'openhands' ? withTwoCalls(script.turns) : script.turns);
    const first: TeacherScript = { ...script, turns, strict: true };
    const ending: Misbehaviour = { kind: place % 3 === 0 ? 'refused' : 'context_full', attempts: 'forever', wording: 'any' };
    const second: TeacherScript = {
      ...first,
      name: `${script.name}, then ${ending.kind}`,
      match: { ...script.match, headers: { 'idempotency-key': String.raw`/1/\d+$` } },
      turns: turns.map((turn, index) => (index === lastTurn ? { ...turn, misbehave: [ending] } : turn)),
    };
    return [second, first];
  });
}

/** The first two turns as one, for a harness that takes several calls. */
function withTwoCalls([first, second, ...others]: ScriptedTurn[]): ScriptedTurn[] {
  if (first === undefined || second === undefined) throw new Error('a script of the demo has fewer than two turns');
  return [{ ...first, calls: [...first.calls, ...second.calls] }, ...others];
}

/** Nothing tells arguments that a model broke off from an answer that a server cut, where it gives no reason for its end. */
function withoutBrokenArguments(turns: ScriptedTurn[]): ScriptedTurn[] {
  const broken = (call: ScriptedCall) => 'tool' in call && typeof call.arguments === 'string';
  return turns.filter(({ calls }) => !calls.some(broken));
}

beforeAll(async () => {
  process.stderr.write(`ODD_TEACHER_SEED=${seed}\n`);
  home = new TestHome('odd-teacher');
  run = await prepareDemoRun({ tasks: smallTasks, latencyMs: 20, rewrite: odd, chaos });
  changeCampaign(run, { samples: 2 });
  await home.startWorker();
  started = await startDemoRun(home, run);
  status = await demoEnd();
  const ledger = openLocalLedger(paths.ledger());
  rows = await rowsOf(ledger, demoCampaignName);
  await ledger.close();
  log = ofRollouts(run.teacher.log());
}, 1_800_000);

afterAll(async () => {
  await run?.teacher.close();
  await home.remove();
});

/** Answers of the teacher by the key of their request. */
function answers(): Map<string, TeacherLogEntry[]> {
  const byKey = new Map<string, TeacherLogEntry[]>();
  for (const entry of log.filter(({ event }) => event === 'answered')) {
    const key = entry.key ?? '';
    byKey.set(key, [...(byKey.get(key) ?? []), entry]);
  }
  return byKey;
}

const ended = ({ ending }: FoundRow) => /ContextWindowExceed|CONTENT_POLICY|exit_context|exit_error/.test(ending ?? '');

describe('a campaign whose teacher plays every oddity and failure of servers by chance', () => {
  it('begins, since the check of its teachers reads them too', () => {
    expect(started).toMatchObject({ result: 'started', teacher_checks: [{ problem: null }, { problem: null }] });
  });

  it('loses no rollout', () => {
    expect(new Set(log.flatMap(({ quirks }) => quirks ?? []))).toEqual(new Set(TeacherQuirk.options));
    // Each comes by chance, so that one may stay out; errors under HTTP 200 are too many for that.
    const failures = new Set(log.flatMap(({ misbehaviour }) => misbehaviour ?? []));
    expect([...failures]).toEqual(expect.arrayContaining(['error_in_200', 'context_full', 'refused']));
    expect(failures.size).toBeGreaterThan(Object.keys(chaos.probabilities).length - 2);
    expect(status).toMatchObject({
      workflow: 'completed',
      progress: { state: 'done', counts: { done: 3, failed: 0 } },
      funnel: { total: { planned: 24, open: 0, lost: 0, gated_out: 0 } },
    });
  });

  it('gives every rollout the fate that its script leads to', () => {
    const fates = rows.filter((row) => !ended(row)).map(({ task, harness, mode, resolved }) => `${task} ${harness} ${mode}: ${resolved}`);
    const [timespan, fieldscan, armor] = smallTasks;
    expect(fates.sort()).toEqual(
      [
        `${timespan} openhands think: 1`,
        `${timespan} openhands no_think: 1`,
        `${timespan} sweagent think: 1`,
        `${timespan} sweagent no_think: 1`,
        `${fieldscan} openhands think: 1`,
        `${fieldscan} openhands no_think: 0`,
        `${fieldscan} sweagent think: 1`,
        `${fieldscan} sweagent no_think: 1`,
        `${armor} openhands think: 1`,
        `${armor} openhands no_think: 1`,
        `${armor} sweagent think: 0`,
        `${armor} sweagent no_think: 1`,
      ].sort(),
    );
  });

  it('ends those whose server takes them no further, whatever its words, and asks once', () => {
    const endings = [...readJournals().values()].flatMap((entries) => entriesOf(entries, 'model_ended'));
    expect(endings.map(({ kind }) => kind).sort()).toEqual([
      ...Array.from({ length: 8 }, () => 'context_full'),
      ...Array.from({ length: 4 }, () => 'model_refused'),
    ]);
    expect(rows.filter(ended).map(({ resolved }) => resolved)).toEqual(Array.from({ length: 12 }, () => 0));
    const refusals = log.filter(({ misbehaviour }) => misbehaviour === 'context_full' || misbehaviour === 'refused');
    expect(refusals).toHaveLength(12);
  });

  it('merges and loses no call: what is journalled is what the teacher meant', () => {
    const meant = answers();
    for (const entries of readJournals().values()) {
      const [begin] = entriesOf(entries, 'begin');
      for (const { exchange, reply } of entriesOf(entries, 'exchange')) {
        const key = `${begin === undefined ? '' : rolloutId(begin.key)}/${exchange}`;
        const said = meant.get(key)?.[0];
        const calls = { calls: reply.tool_calls.length, calls_sha256: callsSha256(reply.tool_calls.map((call) => call.function)) };
        expect({ key, quirks: said?.quirks, ...calls }).toEqual({
          key,
          quirks: said?.quirks,
          calls: said?.calls,
          calls_sha256: said?.calls_sha256,
        });
      }
    }
  });

  it('pays for no token twice: each answer was given once, and is journalled', () => {
    expect(askedTwice(log)).toEqual([]);
    const given = answers();
    expect([...given].filter(([, entries]) => entries.length > 1).map(([key]) => key)).toEqual([]);
    const exchanges = [...readJournals().values()].reduce((sum, entries) => sum + entriesOf(entries, 'exchange').length, 0);
    expect(exchanges).toBe(given.size);
  });

  it('carries out every command once', async () => {
    expect(repeatedWork(readJournals())).toEqual([]);
    expect(await home.containers()).toEqual([]);
  });
});
