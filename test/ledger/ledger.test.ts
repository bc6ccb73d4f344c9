import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Index } from '../../activities/ledger/ledger.ts';
import { judgeRow, lostEntry } from '../../activities/filtering/ledger-entry.ts';
import { presetOf } from '../../activities/filtering/presets.ts';
import type { LedgerEntry } from '../../schemas/ledger-entry.ts';
import type { RolloutKey } from '../../schemas/names.ts';
import type { Resolved } from '../../schemas/verdict.ts';
import { scan, task, trajectory, verdict } from '../filtering/rows.ts';

let folder: string;
let index: Index;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tracemill-index-'));
  index = Index.open(join(folder, 'index.sqlite'));
});
afterEach(() => {
  index.close();
  rmSync(folder, { recursive: true, force: true });
});

const ref = { sha256: '0'.repeat(64), size_bytes: 1, content_type: 'application/json' };
const teacher = { name: 'scripted', model: 'Scripted-1.5' };

function keyOf(change: Partial<RolloutKey> = {}): RolloutKey {
  return { campaign: 'demo', instance_id: 'acme__parser-7', harness: 'openhands', mode: 'think', sample: 0, ...change };
}

function judged(
  key: RolloutKey,
  options: { resolved?: Resolved; patch?: string; preset?: 'open-swe-traces' | 'strict' } = {},
): LedgerEntry {
  const { resolved = 1, patch, preset = 'open-swe-traces' } = options;
  const row = trajectory(undefined, { key, ...(patch === undefined ? {} : { model_patch: patch }) });
  return judgeRow(
    { trajectory: row, task: task(), verdict: verdict({ resolved }), scan: scan(), refs: { task: ref, trajectory: ref } },
    presetOf(preset),
  );
}

function lost(key: RolloutKey, rule: 'environment_exception' | 'gate' = 'environment_exception'): LedgerEntry {
  return lostEntry({ key, teacher, task: task(), taskRef: ref, rule, detail: 'engine_unreachable' }, presetOf('open-swe-traces'));
}

function knownTask(instance_id: string, state: 'prepared' | 'gated_out' | 'failed' = 'prepared') {
  return {
    campaign: 'demo',
    instance_id,
    repo: 'acme/parser',
    language: 'go',
    license: 'MIT',
    task: ref,
    state,
    gate: null,
    image: null,
    problem: null,
  };
}

describe('the ledger', () => {
  it('holds one entry a trajectory; recording it again changes nothing', () => {
    const entry = judged(keyOf());
    expect(index.recordLedger(entry)).toBe(true);
    expect(index.recordLedger(entry)).toBe(false);
    expect([...index.ledger('demo')]).toEqual([entry]);
    expect(index.judgements(entry.id)).toHaveLength(1);
  });

  it('keeps what a new judgement supersedes, with the reason of each', () => {
    const [first, second] = [judged(keyOf(), { patch: '' }), judged(keyOf(), { patch: '', preset: 'strict' })];
    index.recordLedger(first);
    index.recordLedger(second, 'judged again by preset strict');
    expect(index.ledgerEntry(first.id)).toEqual(second);
    expect(index.judgements(first.id).map(({ number, reason, entry }) => [number, reason, entry.preset])).toEqual([
      [1, 'campaign', 'open-swe-traces'],
      [2, 'judged again by preset strict', 'strict'],
    ]);
  });

  it('comes sorted by id, and by task', () => {
    const tasks = ['zeta__z-1', 'acme__parser-7', 'beta__b-2'];
    for (const instance_id of tasks)
      for (const mode of ['think', 'no_think'] as const) index.recordLedger(judged(keyOf({ instance_id, mode })));
    const ids = [...index.ledger('demo')].map(({ id }) => id);
    expect(ids).toEqual(ids.toSorted());
    expect([...index.ledgerByTask('demo')].map((rows) => rows.map(({ key }) => key.instance_id))).toEqual(
      tasks.toSorted().map((id) => [id, id]),
    );
    expect([...index.ledger('another')]).toEqual([]);
  });
});

describe('the funnel', () => {
  it('adds up to what was planned, in total and by cell, whatever became of the rollouts', () => {
    const fates: [string, LedgerEntry | null][] = [
      ['a__a-1', judged(keyOf({ instance_id: 'a__a-1' }))],
      ['a__a-2', judged(keyOf({ instance_id: 'a__a-2' }), { resolved: 0 })],
      ['a__a-3', judged(keyOf({ instance_id: 'a__a-3' }), { resolved: -1 })],
      ['a__a-4', judged(keyOf({ instance_id: 'a__a-4' }), { patch: '' })],
      ['a__a-5', lost(keyOf({ instance_id: 'a__a-5' }))],
      ['a__a-6', lost(keyOf({ instance_id: 'a__a-6' }), 'gate')],
      ['a__a-7', null],
      ['a__a-8', null],
      ['a__a-9', null],
    ];
    index.planRollouts(fates.map(([instance_id]) => ({ key: keyOf({ instance_id }), teacher: 'scripted' })));
    for (const [, entry] of fates) if (entry !== null) index.recordLedger(entry);
    index.recordTask(knownTask('a__a-7'));
    index.recordTask(knownTask('a__a-8', 'gated_out'));
    index.recordTask(knownTask('a__a-9', 'failed'));
    const { total, cells } = index.campaignFunnel('demo');
    expect(total).toEqual({
      planned: 9,
      open: 1,
      gated_out: 2,
      lost: 2,
      dropped: 1,
      dropped_by: { no_patch: 1 },
      kept: 3,
      resolved: 1,
      unresolved: 1,
      unknown: 1,
    });
    expect(cells.map(({ language, counts }) => [language, counts.planned])).toEqual([
      ['go', 3],
      ['python', 6],
    ]);
    for (const { open, gated_out, lost: gone, dropped, kept, planned } of [total, ...cells.map(({ counts }) => counts)]) {
      expect(open + gated_out + gone + dropped + kept).toBe(planned);
    }
  });
});

describe('finding a rollout', () => {
  beforeEach(() => {
    const keys = [keyOf(), keyOf({ mode: 'no_think' }), keyOf({ instance_id: 'acme__parser-70' })];
    index.planRollouts(keys.map((key) => ({ key, teacher: 'scripted' })));
    index.recordLedger(judged(keyOf()));
  });

  it.each([
    ['demo/acme__parser-7/openhands/think/0', 1],
    ['acme__parser-7/openhands', 2],
    ['acme__parser-7', 3],
    ['demo/', 3],
    ['acme%', 0],
    ['parser', 0],
  ])('%s gives %i', (text, count) => {
    expect(index.find(text)).toHaveLength(count);
  });

  it('works by trajectory id or its beginning, and gives the entry along', () => {
    const { id } = judged(keyOf());
    for (const text of [id, id.slice(0, 8)])
      expect(index.find(text)).toEqual([{ rollout: { type: 'rollout', key: keyOf(), teacher: 'scripted' }, entry: judged(keyOf()) }]);
  });
});

describe('attempts', () => {
  it('show infrastructure failures also after a success', () => {
    const attempt = { key: keyOf(), stage: 'rollout' as const, detail: '' };
    index.recordAttempt({ ...attempt, attempt: 1, outcome: 'infrastructure', code: 'engine_unreachable' });
    index.recordAttempt({ ...attempt, attempt: 2, outcome: 'finished', code: '' });
    expect(index.attempts(keyOf()).map(({ outcome, code }) => [outcome, code])).toEqual([
      ['infrastructure', 'engine_unreachable'],
      ['finished', ''],
    ]);
  });
});

describe('rebuilding', () => {
  it('gives the same index from the logs, leaving out a torn line', () => {
    index.recordCampaign({ campaign: 'demo', plan: ref });
    index.recordTask(knownTask('acme__parser-7'));
    index.planRollouts([{ key: keyOf(), teacher: 'scripted' }]);
    const [first, second] = [judged(keyOf(), { patch: '' }), judged(keyOf())];
    index.recordLedger(first);
    const log = join(folder, 'records', 'demo.jsonl');
    appendFileSync(log, '\n{"type":"judgement","reason":"cam');
    index.recordLedger(second, 'again');
    const before = [
      index.campaigns(),
      index.tasks('demo'),
      index.rollouts('demo'),
      index.judgements(first.id),
      index.campaignFunnel('demo'),
    ];
    expect(index.rebuild()).toEqual({ records: 5, torn: 1 });
    expect([
      index.campaigns(),
      index.tasks('demo'),
      index.rollouts('demo'),
      index.judgements(first.id),
      index.campaignFunnel('demo'),
    ]).toEqual(before);
  });

  it('writes a log line for what changed only', () => {
    for (let time = 0; time < 3; time += 1) index.recordCampaign({ campaign: 'demo', plan: null });
    expect(
      readFileSync(join(folder, 'records', 'demo.jsonl'), 'utf8')
        .trim()
        .split('\n'),
    ).toHaveLength(1);
  });

  it('refuses a record of the wrong shape before anything is written', () => {
    expect(() => index.recordCampaign({ campaign: 'No Good Name', plan: null })).toThrow(/lower-case letters/);
    expect(existsSync(join(folder, 'records'))).toBe(false);
  });
});

describe('several processes', () => {
  it('write to one index at once without losing a record', async () => {
    const writers = ['one', 'two', 'three'].map((name) =>
      spawn(process.execPath, [join(import.meta.dirname, 'write-records.ts'), join(folder, 'index.sqlite'), name], { stdio: 'inherit' }),
    );
    const codes = await Promise.all(writers.map(async (writer) => (await once(writer, 'exit'))[0]));
    expect(codes).toEqual([0, 0, 0]);
    expect(index.rollouts('demo')).toHaveLength(120);
    expect(index.attempts(keyOf({ instance_id: 'shared__task-1' }))).toHaveLength(40);
    expect(index.rebuild()).toEqual({ records: 160, torn: 0 });
    expect(index.rollouts('demo')).toHaveLength(120);
  });
});
